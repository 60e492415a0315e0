// SPDX-License-Identifier: Apache-2.0
#include "config/circles.hpp"

#include <algorithm>
#include <set>

namespace deployctl::config {

namespace {

using Names = std::set<std::string>;

/// What no order of the others lets come about. Without recursion: a file may have a chain as long
/// as it likes.
Names never_met(const Needs& needs) {
    std::map<std::string, std::size_t> open;
    std::map<std::string, std::vector<std::string>> waiting;
    std::vector<std::string> ready;
    for (const auto& [name, before] : needs) {
        const Names different(before.begin(), before.end());
        for (const auto& one : different) {
            if (needs.contains(one)) {
                ++open[name];
                waiting[one].push_back(name);
            }
        }
        if (!open.contains(name)) {
            ready.push_back(name);
        }
    }
    while (!ready.empty()) {
        const auto met = std::move(ready.back());
        ready.pop_back();
        for (const auto& name : waiting[met]) {
            if (--open[name] == 0) {
                open.erase(name);
                ready.push_back(name);
            }
        }
    }
    Names left;
    for (const auto& [name, count] : open) {
        left.insert(name);
    }
    return left;
}

}  // namespace

std::vector<std::string> find_circle(const Needs& needs) {
    const auto left = never_met(needs);
    if (left.empty()) {
        return {};
    }
    std::vector<std::string> way{*left.begin()};
    Names seen{way.front()};
    while (true) {
        const auto& before = needs.at(way.back());
        const auto next =
            std::ranges::find_if(before, [&](const auto& name) { return left.contains(name); });
        way.push_back(*next);
        if (!seen.insert(*next).second) {
            return {std::ranges::find(way, *next), way.end()};
        }
    }
}

}  // namespace deployctl::config
