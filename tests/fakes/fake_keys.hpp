// SPDX-License-Identifier: Apache-2.0
// Somebody at the keyboard, in virtual time; what is typed while nobody listens is lost. One
// thread.
#pragma once

#include "ports/keys.hpp"
#include "simcluster/virtual_clock.hpp"

#include <deque>
#include <memory>

namespace deployctl::tests {

using namespace simcluster;

class FakeKeyboard {
public:
    explicit FakeKeyboard(VirtualClock& clock) : clock_(clock) {}

    /// `when` counts from the begin of the test, as `VirtualClock::elapsed` does.
    void type_at(Duration when, char key) {
        clock_.call_at(when, [this, key] { typed_.push_back(key); });
    }

    std::unique_ptr<Keys> listen() {
        typed_.clear();
        return std::make_unique<FakeKeys>(typed_);
    }

private:
    class FakeKeys final : public Keys {
    public:
        explicit FakeKeys(std::deque<char>& typed) : typed_(typed) {}

        std::optional<char> take() override {
            if (typed_.empty()) {
                return std::nullopt;
            }
            const auto key = typed_.front();
            typed_.pop_front();
            return key;
        }

    private:
        std::deque<char>& typed_;
    };

    VirtualClock& clock_;
    std::deque<char> typed_;
};

}  // namespace deployctl::tests
