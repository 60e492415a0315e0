// SPDX-License-Identifier: Apache-2.0
// Rows of the table of keys that stand below several others in the same words: each list of hooks
// has the keys of a hook. Used while the table is made; one thread.
#pragma once

#include "config/keys.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace deployctl::config {

class KeyTable {
public:
    void add(std::span<const Key> more);
    /// The same keys below each of several others; their paths are kept for good.
    void add_below(std::span<const std::string_view> parents, std::span<const Key> more);
    std::vector<Key> take();

private:
    std::vector<Key> keys_;
};

}  // namespace deployctl::config
