// SPDX-License-Identifier: Apache-2.0
// Whether a setting looks like a secret, by its name and by its value. A guess, and meant to be
// one: names of files, limits and switches are none. Pure; any thread.
#pragma once

#include "documents/tree.hpp"

#include <string_view>

namespace deployctl::readiness {

/// DB_PASSWORD, apiKey, AWS_SECRET_ACCESS_KEY; not DB_PASSWORD_FILE, TOKEN_TTL.
bool names_a_secret(std::string_view name);

/// A key whose form nothing else has.
bool holds_a_key(std::string_view text);

/// A key, or an address with a password in it, whatever it is called.
bool shows_a_secret(std::string_view value);

/// A text that could be the secret that its name promises: no path, switch, number or reference.
bool may_be_a_secret(std::string_view value);

/// "change-me", "<token>", "$TOKEN": a word in the place of a secret that comes from elsewhere.
bool stands_for_a_secret(std::string_view value);

/// Written out: by its form, or by the name it is given.
bool is_written_secret(std::string_view name, std::string_view value);

enum class Secrecy { none, literal, unknown };

/// Of a setting's name with its value.
Secrecy secrecy_of(std::string_view name, const documents::Node& value);

}  // namespace deployctl::readiness
