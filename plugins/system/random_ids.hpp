// SPDX-License-Identifier: Apache-2.0
// UUIDv7 (RFC 9562): 48 bits of milliseconds, then randomness of the kernel.
#pragma once

#include "ports/ids.hpp"

namespace deployctl::plugins {

class RandomIds final : public Ids {
public:
    std::string next() override;
};

}  // namespace deployctl::plugins
