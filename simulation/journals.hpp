// SPDX-License-Identifier: Apache-2.0
// The journals of a play: one that all runners share, or one on each machine, in memory or in a
// file of SQLite that goes with it. One a play; outlives its runners.
#pragma once

#include "ports/clock.hpp"
#include "ports/store.hpp"
#include "simulation/scenario.hpp"

#include <filesystem>
#include <map>
#include <memory>

namespace deployctl::simulation {

class Journals {
public:
    /// `clock` outlives the journals.
    Journals(const Clock& clock, Medium medium) : clock_(clock), medium_(medium) {}

    Journals(const Journals&) = delete;
    Journals& operator=(const Journals&) = delete;
    ~Journals();

    /// Empty when it is asked for the first time.
    Store& of(int machine);

    /// Those that were asked for, by machine.
    const std::map<int, std::unique_ptr<Store>>& all() const { return stores_; }

private:
    std::unique_ptr<Store> make(int machine);

    const Clock& clock_;
    Medium medium_;
    std::filesystem::path folder_;  ///< empty: nothing is on disk
    std::map<int, std::unique_ptr<Store>> stores_;
};

}  // namespace deployctl::simulation
