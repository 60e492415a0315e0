// SPDX-License-Identifier: Apache-2.0
// Results that a test keeps, and may spoil. One thread.
#pragma once

#include "ports/kept_results.hpp"

#include <map>
#include <string>

namespace deployctl::tests {

struct FakeResults final : KeptResults {
    std::optional<std::string> find(const std::string& key) override {
        const auto found = texts.find(key);
        return found == texts.end() ? std::nullopt : std::optional(found->second);
    }

    void keep(const std::string& key, const std::string& text) override { texts[key] = text; }

    std::map<std::string, std::string> texts;
};

}  // namespace deployctl::tests
