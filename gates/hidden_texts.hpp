// SPDX-License-Identifier: Apache-2.0
// What of a workload's manifest nobody may read, and how it is taken out of what a program says
// about it: literal variables, what programs are started with, headers and commands of probes and
// hooks, annotations. Also where it is escaped as JSON has it, or told in part: a text has no ten
// characters in a row with any of them. What is shorter than six stands everywhere by chance. A
// value; any thread.
#pragma once

#include "model/value.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::gates {

class HiddenTexts {
public:
    explicit HiddenTexts(const Value& manifest);
    explicit HiddenTexts(const std::vector<std::string>& secrets);

    /// "***" for each.
    std::string without(std::string_view text) const;

private:
    void add(std::string_view secret);
    void add_form(const std::string& form);
    void add_lines(const Value& list);
    void add_container(const Value& container);
    void add_handler(const Value& handler);
    void add_members(const Value& map);

    std::vector<std::string> forms_;           ///< those that are told whole only
    std::set<std::string, std::less<>> runs_;  ///< each ten characters of longer ones
};

}  // namespace deployctl::gates
