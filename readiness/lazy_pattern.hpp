// SPDX-License-Identifier: Apache-2.0
// A regular expression that is compiled when it is asked for the first time: most of a run's
// hundreds are never asked. Its text has to last as long. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <re2/re2.h>
#include <string_view>

namespace deployctl::readiness {

class LazyPattern {
public:
    explicit LazyPattern(std::string_view text) : text_(text) {}

    /// Of one that cannot be compiled, `ok` says no.
    const RE2& compiled() const {
        std::call_once(once_, [this] {
            RE2::Options options;
            options.set_log_errors(false);
            options.set_max_mem(1 << 20);
            const re2::StringPiece text(text_.data(), text_.size());
            pattern_ = std::make_unique<const RE2>(text, options);
        });
        return *pattern_;
    }

private:
    std::string_view text_;
    mutable std::once_flag once_;
    mutable std::unique_ptr<const RE2> pattern_;
};

}  // namespace deployctl::readiness
