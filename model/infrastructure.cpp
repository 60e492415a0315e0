// SPDX-License-Identifier: Apache-2.0
#include "model/infrastructure.hpp"

#include "model/named.hpp"

namespace deployctl {

const char* to_text(ApplyWhen when) {
    switch (when) {
        case ApplyWhen::never: return "never";
        case ApplyWhen::before_traffic: return "before_traffic";
        case ApplyWhen::after: return "after";
    }
    return "";
}

const char* to_text(DriftPolicy policy) {
    switch (policy) {
        case DriftPolicy::block: return "block";
        case DriftPolicy::warn: return "warn";
        case DriftPolicy::ignore: return "ignore";
    }
    return "";
}

const char* to_text(StackWayBack way) {
    return way == StackWayBack::keep ? "keep" : "revert";
}

std::optional<ApplyWhen> read_apply_when(std::string_view text) {
    return read_name(
        text, std::array{ApplyWhen::never, ApplyWhen::before_traffic, ApplyWhen::after}
    );
}

std::optional<DriftPolicy> read_drift_policy(std::string_view text) {
    return read_name(text, std::array{DriftPolicy::block, DriftPolicy::warn, DriftPolicy::ignore});
}

std::optional<StackWayBack> read_stack_way_back(std::string_view text) {
    return read_name(text, std::array{StackWayBack::keep, StackWayBack::revert});
}

}  // namespace deployctl
