// SPDX-License-Identifier: Apache-2.0
// What the script that starts a test's real servers tells it, by the environment.
#pragma once

#include "plugins/system/environment.hpp"

#include <stdexcept>
#include <string>

namespace deployctl::tests {

inline std::string given(const std::string& name) {
    const auto value = plugins::environment(name.c_str());
    if (!value) {
        throw std::runtime_error("no " + name + ": ctest starts it by the script beside it");
    }
    return *value;
}

}  // namespace deployctl::tests
