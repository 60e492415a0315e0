// SPDX-License-Identifier: Apache-2.0
// Copies of a stack's state as it was before each apply, in the folder of its notes, for the owner
// alone: the last ten, sealed for the certificate of `infra.backup.encrypt_to` where one is
// configured; else until an apply has ended well, since a state has secrets. Who applies in a
// rollout knows that by the note of who planned it. Engine's thread.
#pragma once

#include "model/time.hpp"

#include <cstdint>
#include <string>

namespace deployctl::plugins::terraform {

struct CopyRule {
    enum class Kind { plain, sealed, none } kind = Kind::none;
    std::string certificate;  ///< its text
    std::string why = {};     ///< none is kept
};

/// `encrypt_to` is a file; empty: the copies are not sealed. Throws Error where it cannot be noted.
void note_copy_rule(const std::string& folder, const std::string& encrypt_to);
CopyRule copy_rule(const std::string& folder);
/// Empty: done. `state` has secrets.
std::string keep_state_copy(
    const std::string& folder,
    const CopyRule& rule,
    std::int64_t serial,
    const std::string& state,
    WallTime now
);

/// Those that are not sealed.
void remove_plain_copies(const std::string& folder);

}  // namespace deployctl::plugins::terraform
