// SPDX-License-Identifier: Apache-2.0
#include "readiness/side_by_side.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace deployctl::readiness {

namespace {

/// The first accident of any thread; the others stop at it.
class Accident {
public:
    void keep() {
        const std::lock_guard lock(mutex_);
        first_ = first_ == nullptr ? std::current_exception() : first_;
        has_happened_ = true;
    }

    bool has_happened() const { return has_happened_; }

    void tell() const {
        if (first_ != nullptr) {
            std::rethrow_exception(first_);
        }
    }

private:
    std::mutex mutex_;
    std::exception_ptr first_;
    std::atomic<bool> has_happened_ = false;
};

std::size_t threads_for(std::size_t count, std::size_t at_once) {
    constexpr std::size_t most_threads = 16;
    // Few things are done sooner than a thread begins.
    const auto wanted = std::min({count / (4 * at_once), most_threads - 1});
    const auto cores = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
    return std::min(wanted, cores - 1);
}

}  // namespace

void side_by_side(std::size_t count, const std::function<void(std::size_t)>& work) {
    constexpr std::size_t at_once = 4;
    std::atomic<std::size_t> next = 0;
    Accident accident;
    const auto take_some = [&] {
        for (auto from = next.fetch_add(at_once); from < count && !accident.has_happened();
             from = next.fetch_add(at_once)) {
            for (auto number = from; number < std::min(from + at_once, count); ++number) {
                // What leaves a thread ends the program; whoever has asked for the work is told.
                try {
                    work(number);
                } catch (...) {
                    accident.keep();
                }
            }
        }
    };
    {
        std::vector<std::jthread> others;
        const auto wanted = threads_for(count, at_once);
        others.reserve(wanted);
        // Where no more threads are allowed, fewer do it.
        try {
            while (others.size() < wanted) {
                others.emplace_back(take_some);
            }
        } catch (const std::system_error&) {
            others.shrink_to_fit();
        }
        take_some();
    }
    accident.tell();
}

}  // namespace deployctl::readiness
