// SPDX-License-Identifier: Apache-2.0
#include "documents/sealed_stream.hpp"

#include "documents/sealing.hpp"
#include "model/error.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <memory>
#include <utility>

namespace deployctl::documents {

namespace {

constexpr std::string_view magic = "deployctl-sealed/1\n";
constexpr std::size_t size_bytes = 4;  ///< of the sealed key's size, the highest byte first
constexpr std::size_t most_key_bytes = 64UL << 10U;
constexpr std::size_t piece_bytes = 1UL << 20U;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t key_bytes = 32;

using Nonce = std::array<unsigned char, 12>;
using Context =
    std::unique_ptr<EVP_CIPHER_CTX, decltype([](EVP_CIPHER_CTX* c) { EVP_CIPHER_CTX_free(c); })>;

enum class Place { inside, last };

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Never used twice with one key: each key seals one file.
Nonce nonce_of(std::uint64_t piece, Place place) {
    Nonce nonce{};
    for (std::size_t at = 0; at < 8; ++at) {
        nonce.at(10 - at) = static_cast<unsigned char>((piece >> (8 * at)) & 0xffU);
    }
    nonce.back() = place == Place::last ? 1 : 0;
    return nonce;
}

std::string seal_piece(std::string_view key, std::string_view plain, const Nonce& nonce) {
    const Context context(EVP_CIPHER_CTX_new());
    std::string sealed(plain.size() + tag_bytes, '\0');
    auto* const out = bytes_of(sealed);
    int size = 0;
    const bool is_done =
        EVP_EncryptInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), nonce.data()
        ) == 1 &&
        EVP_EncryptUpdate(
            context.get(), out, &size, bytes_of(plain), static_cast<int>(plain.size())
        ) == 1 &&
        EVP_EncryptFinal_ex(context.get(), out + size, &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_bytes), out + plain.size()
        ) == 1;
    if (!is_done) {
        throw Error(ExitCode::internal_error, "OpenSSL does not encrypt with AES-256-GCM");
    }
    return sealed;
}

Error damaged(const std::string& how) {
    return {
        ExitCode::usage,
        "the sealed file cannot be opened: " + how,
        "take another copy of it; `deployctl backup list` shows what there is"
    };
}

std::string open_piece(std::string_view key, std::string_view sealed, const Nonce& nonce) {
    if (sealed.size() < tag_bytes) {
        throw damaged("its end is missing");
    }
    const auto size = sealed.size() - tag_bytes;
    std::string tag(sealed.substr(size));
    std::string plain(size, '\0');
    const Context context(EVP_CIPHER_CTX_new());
    int written = 0;
    const bool is_done =
        EVP_DecryptInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), nonce.data()
        ) == 1 &&
        EVP_DecryptUpdate(
            context.get(), bytes_of(plain), &written, bytes_of(sealed), static_cast<int>(size)
        ) == 1 &&
        EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_bytes), tag.data()
        ) == 1 &&
        EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + written, &written) == 1;
    if (!is_done) {
        throw damaged("it is cut off, or has been changed since it was sealed");
    }
    return plain;
}

std::string fresh_key() {
    std::string key(key_bytes, '\0');
    if (RAND_priv_bytes(bytes_of(key), static_cast<int>(key.size())) != 1) {
        throw Error(ExitCode::internal_error, "OpenSSL has no random numbers for a key");
    }
    return key;
}

std::string head_of(const std::string& sealed_key) {
    std::string head(magic);
    for (std::size_t at = size_bytes; at-- > 0;) {
        head += static_cast<char>((sealed_key.size() >> (8 * at)) & 0xffU);
    }
    return head + sealed_key;
}

}  // namespace

StreamSealer::StreamSealer(std::string_view certificate_pem, WallTime now)
    : key_(fresh_key()), head_(head_of(seal(key_, certificate_pem, now))) {}

std::string StreamSealer::take(std::string_view plain) {
    auto sealed = std::exchange(head_, "");
    waiting_ += plain;
    std::size_t used = 0;
    // The last piece is known to be the last only once nothing follows.
    while (waiting_.size() - used > piece_bytes) {
        const auto piece = std::string_view(waiting_).substr(used, piece_bytes);
        sealed += seal_piece(key_, piece, nonce_of(piece_++, Place::inside));
        used += piece_bytes;
    }
    waiting_.erase(0, used);
    return sealed;
}

std::string StreamSealer::finish() {
    auto sealed = std::exchange(head_, "");
    sealed += seal_piece(key_, waiting_, nonce_of(piece_, Place::last));
    waiting_.clear();
    return sealed;
}

/// False: there is not enough of it yet.
bool StreamOpener::read_head() {
    const auto begin = std::string_view(waiting_).substr(0, magic.size());
    if (!magic.starts_with(begin)) {
        throw damaged("it is not what deployctl has sealed");
    }
    const auto head = magic.size() + size_bytes;
    if (waiting_.size() < head) {
        return false;
    }
    std::size_t size = 0;
    for (std::size_t at = magic.size(); at < head; ++at) {
        size = (size << 8U) | static_cast<unsigned char>(waiting_[at]);
    }
    if (size > most_key_bytes) {
        throw damaged("it is not what deployctl has sealed");
    }
    if (waiting_.size() < head + size) {
        return false;
    }
    key_ = open_sealed(std::string_view(waiting_).substr(head, size), key_pem_);
    if (key_.size() != key_bytes) {
        throw damaged("it is not what deployctl has sealed");
    }
    waiting_.erase(0, head + size);
    return true;
}

std::string StreamOpener::take(std::string_view sealed) {
    waiting_ += sealed;
    if (key_.empty() && !read_head()) {
        return "";
    }
    std::string plain;
    std::size_t used = 0;
    constexpr auto whole = piece_bytes + tag_bytes;
    while (waiting_.size() - used > whole) {
        const auto piece = std::string_view(waiting_).substr(used, whole);
        plain += open_piece(key_, piece, nonce_of(piece_++, Place::inside));
        used += whole;
    }
    waiting_.erase(0, used);
    return plain;
}

std::string StreamOpener::finish() {
    if (key_.empty()) {
        throw damaged("its end is missing");
    }
    auto plain = open_piece(key_, waiting_, nonce_of(piece_, Place::last));
    waiting_.clear();
    return plain;
}

}  // namespace deployctl::documents
