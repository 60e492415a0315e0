// SPDX-License-Identifier: Apache-2.0
// The forms in which texts hold secrets, as data of readiness/redaction.hpp. Any thread.
#pragma once

#include <span>
#include <string>

namespace deployctl::readiness {

/// What decides whether the value of a form is one.
enum class SecretBy {
    form,      ///< nothing else looks like it
    place,     ///< where it stands: all but references and switches
    name,      ///< the name in front of it; the value is the word behind the match
    line,      ///< the name in front of it; the value is the rest of the line behind the match
    address,   ///< it is an address that may have a password in it
    user,      ///< it stands behind a user and a colon; two numbers are no password
    disorder,  ///< it is long, and no word
};

/// The first group is the name, or empty; the second the value. One that goes by a name ends where
/// the value begins, so that no value is read again and again.
struct SecretForm {
    std::string pattern;
    SecretBy by;
};

std::span<const SecretForm> secret_forms();

}  // namespace deployctl::readiness
