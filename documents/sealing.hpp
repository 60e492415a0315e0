// SPDX-License-Identifier: Apache-2.0
// Texts for the eyes of one: sealed with a certificate, opened with its private key. CMS (RFC 5652)
// with AES-256-GCM (AuthEnvelopedData, RFC 5083) in DER: `openssl cms -decrypt -inform DER -inkey
// KEY` opens it as well. Whole in memory; what may be large goes through sealed_stream.hpp. A
// change of any byte is noticed. Nothing of a plain text or a key is in an error. Any thread.
#pragma once

#include "model/time.hpp"

#include <string>
#include <string_view>

namespace deployctl::documents {

/// Why nothing can be sealed with it: no PEM, expired, not yet valid, a key that is too short or
/// encrypts nothing, a key usage that forbids it. Empty: it is good. RSA and elliptic curves.
std::string trouble_with_certificate(std::string_view certificate_pem, WallTime now);

/// Throws Error{usage} where the certificate cannot be used.
std::string seal(std::string_view plain, std::string_view certificate_pem, WallTime now);

/// Throws Error{usage} where the key is none (no PEM, or with a passphrase), does not fit, or where
/// what was sealed has been changed.
std::string open_sealed(std::string_view sealed, std::string_view key_pem);

}  // namespace deployctl::documents
