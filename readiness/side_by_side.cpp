// SPDX-License-Identifier: Apache-2.0
#include "readiness/side_by_side.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace deployctl::readiness {

void side_by_side(std::size_t count, const std::function<void(std::size_t)>& work) {
    constexpr std::size_t at_once = 4;
    constexpr std::size_t most_threads = 16;
    std::atomic<std::size_t> next = 0;
    const auto take_some = [&] {
        for (auto from = next.fetch_add(at_once); from < count; from = next.fetch_add(at_once)) {
            for (auto number = from; number < std::min(from + at_once, count); ++number) {
                work(number);
            }
        }
    };
    // Few things are done sooner than a thread begins.
    const auto wanted = std::min({count / (4 * at_once), most_threads - 1});
    const auto cores = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
    std::vector<std::jthread> others;
    for (std::size_t thread = 0; thread < std::min(wanted, cores - 1); ++thread) {
        others.emplace_back(take_some);
    }
    take_some();
}

}  // namespace deployctl::readiness
