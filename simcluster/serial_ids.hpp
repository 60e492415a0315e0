// SPDX-License-Identifier: Apache-2.0
// Ids in the shape of UUIDs that count: 00000100-..., 00000200-..., so that the first six digits
// tell two of them apart and they sort by age. A `family` keeps those of two makers apart. Not for
// several threads.
#pragma once

#include "ports/ids.hpp"

#include <array>
#include <cstdio>
#include <string>

namespace deployctl::simcluster {

class SerialIds final : public Ids {
public:
    explicit SerialIds(unsigned family = 0) : family_(family) {}

    std::string next() override {
        ++count_;
        std::array<char, 48> text{};
        std::snprintf(
            text.data(), text.size(), "%06x00-%04x-7000-8000-%012x", count_, family_, count_
        );
        return text.data();
    }

private:
    unsigned family_;
    unsigned count_ = 0;
};

}  // namespace deployctl::simcluster
