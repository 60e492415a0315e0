// SPDX-License-Identifier: Apache-2.0
#include "documents/sealing.hpp"

#include "model/error.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <limits>
#include <memory>

namespace deployctl::documents {

namespace {

template <class T, void (*free_it)(T*)>
struct Freed {
    void operator()(T* thing) const { free_it(thing); }
};

using Bio = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Message = std::unique_ptr<CMS_ContentInfo, Freed<CMS_ContentInfo, CMS_ContentInfo_free>>;

const std::string how_to_make_one =
    "`openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj /CN=backups -keyout key.pem -out "
    "certificate.pem` makes one; keep key.pem away from here";

Error unusable(const std::string& what) {
    ERR_clear_error();
    return {ExitCode::usage, "the certificate cannot seal anything: " + what, how_to_make_one};
}

Error not_opened(const std::string& what, const std::string& help) {
    ERR_clear_error();
    return {ExitCode::usage, what, help};
}

Bio reader(std::string_view bytes) {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw Error(ExitCode::usage, "more than 2 GiB cannot be sealed in one piece");
    }
    return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string written_to(BIO* out) {
    char* begin = nullptr;
    const auto size = BIO_get_mem_data(out, &begin);
    return size > 0 ? std::string(begin, static_cast<std::size_t>(size)) : "";
}

std::string date_of(const ASN1_TIME* time) {
    const Bio out(BIO_new(BIO_s_mem()));
    ASN1_TIME_print(out.get(), time);
    return written_to(out.get());
}

std::string trouble_with_time(X509* certificate, WallTime now) {
    auto at = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(now));
    const auto* const begin = X509_get0_notBefore(certificate);
    const auto* const end = X509_get0_notAfter(certificate);
    if (X509_cmp_time(end, &at) < 0) {
        return "it has expired on " + date_of(end);
    }
    return X509_cmp_time(begin, &at) > 0 ? "it is not valid before " + date_of(begin) : "";
}

std::string trouble_with_use(X509* certificate) {
    const auto* const key = X509_get0_pubkey(certificate);
    const bool is_rsa = key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1;
    const bool is_curve = key != nullptr && EVP_PKEY_is_a(key, "EC") == 1;
    if (!is_rsa && !is_curve) {
        return "its key is of a kind that encrypts nothing; take RSA, or a curve like P-256";
    }
    constexpr int fewest_bits = 2048;
    if (is_rsa && EVP_PKEY_get_bits(key) < fewest_bits) {
        return "its RSA key has " + std::to_string(EVP_PKEY_get_bits(key)) +
               " bits, which is too few";
    }
    const auto needed = is_rsa ? KU_KEY_ENCIPHERMENT : KU_KEY_AGREEMENT;
    // Without the extension every use is set.
    if ((X509_get_key_usage(certificate) & static_cast<std::uint32_t>(needed)) == 0) {
        return std::string("its key usage does not have ") +
               (is_rsa ? "keyEncipherment" : "keyAgreement");
    }
    return "";
}

Certificate read_certificate(std::string_view pem) {
    const auto in = reader(pem);
    return Certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

std::string trouble_with(X509* certificate, WallTime now) {
    if (certificate == nullptr) {
        return "it is no certificate in PEM (-----BEGIN CERTIFICATE-----)";
    }
    const auto trouble = trouble_with_time(certificate, now);
    return trouble.empty() ? trouble_with_use(certificate) : trouble;
}

/// Without it OpenSSL would ask for a passphrase at the terminal.
int no_passphrase(char* /*text*/, int /*size*/, int /*is_written*/, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

Key read_key(std::string_view pem) {
    bool is_locked = false;
    const auto in = reader(pem);
    Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, &is_locked));
    if (key) {
        return key;
    }
    throw not_opened(
        is_locked ? "the key is locked with a passphrase" : "the key is no private key in PEM",
        is_locked ? "`openssl pkey -in KEY -out FILE` writes it without one; keep that file private"
                  : "give the file with -----BEGIN PRIVATE KEY-----"
    );
}

/// RSA with OAEP: the older padding tells too much to whoever may try often.
bool add_recipient(CMS_ContentInfo* message, X509* certificate) {
    auto* const recipient = CMS_add1_recipient_cert(message, certificate, CMS_KEY_PARAM);
    if (recipient == nullptr) {
        return false;
    }
    if (CMS_RecipientInfo_type(recipient) != CMS_RECIPINFO_TRANS) {
        return true;
    }
    auto* const how = CMS_RecipientInfo_get0_pkey_ctx(recipient);
    return how != nullptr && EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_OAEP_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(how, EVP_sha256()) > 0;
}

}  // namespace

std::string trouble_with_certificate(std::string_view certificate_pem, WallTime now) {
    const auto certificate = read_certificate(certificate_pem);
    ERR_clear_error();
    return trouble_with(certificate.get(), now);
}

std::string seal(std::string_view plain, std::string_view certificate_pem, WallTime now) {
    const auto certificate = read_certificate(certificate_pem);
    if (const auto trouble = trouble_with(certificate.get(), now); !trouble.empty()) {
        throw unusable(trouble);
    }
    constexpr unsigned flags = CMS_BINARY | CMS_PARTIAL;
    const Message message(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()));
    const auto in = reader(plain);
    const Bio out(BIO_new(BIO_s_mem()));
    const bool is_sealed = message && CMS_set_detached(message.get(), 0) == 1 &&
                           add_recipient(message.get(), certificate.get()) &&
                           CMS_final(message.get(), in.get(), nullptr, flags) == 1 &&
                           i2d_CMS_bio(out.get(), message.get()) == 1;
    if (!is_sealed) {
        throw unusable("OpenSSL does not seal with it");
    }
    return written_to(out.get());
}

std::string open_sealed(std::string_view sealed, std::string_view key_pem) {
    const auto key = read_key(key_pem);
    const auto in = reader(sealed);
    const Message message(d2i_CMS_bio(in.get(), nullptr));
    if (!message ||
        OBJ_obj2nid(CMS_get0_type(message.get())) != NID_id_smime_ct_authEnvelopedData) {
        throw not_opened(
            "it is not what was sealed: no CMS AuthEnvelopedData",
            "whole files are sealed in pieces, and opened so: docs/formats/sealed-file.md"
        );
    }
    const Bio out(BIO_new(BIO_s_mem()));
    if (CMS_decrypt(message.get(), key.get(), nullptr, nullptr, out.get(), CMS_BINARY) != 1) {
        throw not_opened(
            "it cannot be opened: it was sealed for another key, or has been changed since",
            "take the private key of the certificate that it was sealed with"
        );
    }
    return written_to(out.get());
}

}  // namespace deployctl::documents
