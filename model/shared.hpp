// SPDX-License-Identifier: Apache-2.0
// A value whose copies share one place in memory until one of them is written. Copies may be used
// by different threads; one copy by one thread at a time.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace deployctl {

template <class T>
class Shared {
public:
    Shared() = default;

    explicit Shared(T value) : held_(std::make_shared<T>(std::move(value))) {}

    const T& read() const { return held_ ? *held_ : empty(); }

    /// Of this copy alone; to be used up before the copy is copied again.
    T& write() {
        if (!held_ || held_.use_count() > 1) {
            held_ = std::make_shared<T>(read());
        } else {
            // What another thread has read before it let go of its copy comes before this write.
            std::atomic_thread_fence(std::memory_order_acquire);
        }
        return *held_;
    }

    /// They share their place: equal, and told without a look at the value.
    bool is_copy_of(const Shared& other) const { return held_ == other.held_; }

    friend bool operator==(const Shared& one, const Shared& other) {
        return one.held_ == other.held_ || one.read() == other.read();
    }

private:
    static const T& empty() {
        static const T none;
        return none;
    }

    std::shared_ptr<T> held_;  // shared by the copies; null is the empty value
};

}  // namespace deployctl
