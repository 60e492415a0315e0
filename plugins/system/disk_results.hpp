// SPDX-License-Identifier: Apache-2.0
// Results in a folder of the user's own, one file each, that nobody else may read. A few are kept,
// of bounded size; those that were asked for longest ago go first. One thread; other processes may
// use the folder at the same time.
#pragma once

#include "ports/kept_results.hpp"

#include <cstddef>
#include <string>

namespace deployctl::plugins {

struct KeptResultsLimits {
    static constexpr std::size_t results = 32;
    static constexpr std::size_t bytes = 64U << 20U;  ///< of one
    static constexpr std::size_t all_bytes = 256U << 20U;
};

class DiskResults final : public KeptResults {
public:
    /// The folder is made where it is missing, with its parents.
    explicit DiskResults(std::string folder) : folder_(std::move(folder)) {}

    std::optional<std::string> find(const std::string& key) override;
    void keep(const std::string& key, const std::string& text) override;

private:
    void remove_oldest() const;

    std::string folder_;
};

}  // namespace deployctl::plugins
