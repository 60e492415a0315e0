// SPDX-License-Identifier: Apache-2.0
#include "documents/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace deployctl::documents {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL has no SHA-256");
    }
}

Sha256::~Sha256() {
    EVP_MD_CTX_free(context_);
}

void Sha256::add(std::string_view bytes) {
    EVP_DigestUpdate(context_, bytes.data(), bytes.size());
}

std::string Sha256::hex() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_, digest.data(), &size);
    std::string text;
    for (unsigned at = 0; at < size; ++at) {
        text += digits[digest.at(at) >> 4U];
        text += digits[digest.at(at) & 15U];
    }
    return text;
}

}  // namespace deployctl::documents
