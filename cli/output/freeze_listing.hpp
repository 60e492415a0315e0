// SPDX-License-Identifier: Apache-2.0
// Windows with their next times, and ad-hoc freezes, as a table and as data. Pure.
#pragma once

#include "calendar/freeze.hpp"
#include "cli/output/style.hpp"
#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

class FreezeListing {
public:
    /// Only those that freeze `environment`, or all where it is empty.
    FreezeListing(const FreezeSettings& settings, std::string environment, WallTime now);

    void add(const FreezeWindow& window);
    void add(const Freeze& freeze);
    std::string draw(const Style& style) const;

    Value::Array items;
    std::vector<std::string> names;

private:
    bool applies(const std::vector<std::string>& environments) const;
    std::string time(std::optional<WallTime> at, const char* otherwise) const;
    void add_row(std::vector<std::string> row);

    calendar::TimeZone zone_;
    std::string environment_;
    WallTime now_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace deployctl::cli
