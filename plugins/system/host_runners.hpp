// SPDX-License-Identifier: Apache-2.0
// This process as a runner, and whether another one of this host is still there (/proc).
#pragma once

#include "ports/runners.hpp"

namespace deployctl::plugins {

class HostRunners final : public Runners {
public:
    HostRunners();

    Runner self() const override { return self_; }

    Liveness liveness(const Runner& runner) const override;

private:
    Runner self_;
};

}  // namespace deployctl::plugins
