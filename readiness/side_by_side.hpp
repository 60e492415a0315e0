// SPDX-License-Identifier: Apache-2.0
// The same work for many things, on all cores. Returns when all of it is done. What the
// work throws is thrown here, the first of it; it touches nothing but what belongs to its number.
#pragma once

#include <cstddef>
#include <functional>

namespace deployctl::readiness {

/// `work(0)` to `work(count - 1)`, each once, in any order.
void side_by_side(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace deployctl::readiness
