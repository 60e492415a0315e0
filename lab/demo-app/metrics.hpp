// SPDX-License-Identifier: Apache-2.0
// Counts of the answers of /, in the text format of Prometheus. Any thread may call any function.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace demo {

class Metrics {
public:
    // Probes and scrapes are not observed: they would thin the error rate that a release is judged
    // by.
    void observe(int code, std::chrono::steady_clock::duration took);
    std::string text(const std::string& version) const;

private:
    static constexpr std::array<double, 11> bounds{
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5
    };

    std::atomic<std::uint64_t> ok_{0};
    std::atomic<std::uint64_t> not_found_{0};
    std::atomic<std::uint64_t> failed_{0};
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> in_bucket_{};
    std::atomic<std::uint64_t> microseconds_{0};
};

}  // namespace demo
