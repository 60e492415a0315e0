// SPDX-License-Identifier: Apache-2.0
// This process as a runner, and whether another one of this host is still there (/proc).
#pragma once

#include "ports/runners.hpp"

#include <optional>
#include <string>

namespace deployctl::plugins {

/// Who called sudo, where this is a process of root that was begun by it: the user that both
/// $SUDO_USER and $SUDO_UID name. Root may set these as it likes, and may as well become that user;
/// of anybody else they are not believed, whatever they say.
std::optional<std::string> user_behind_sudo(unsigned real_user);

/// A process of this host, where `self` runs, as something whose end can be proven.
Runner child_of(const Runner& self, std::int64_t pid);

class HostRunners final : public Runners {
public:
    HostRunners();

    Runner self() const override { return self_; }

    Liveness liveness(const Runner& runner) const override;

private:
    Runner self_;
};

}  // namespace deployctl::plugins
