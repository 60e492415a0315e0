// SPDX-License-Identifier: Apache-2.0
#include "simcluster/fault_plan.hpp"

#include <utility>

namespace deployctl::simcluster {

FaultPlan& FaultPlan::at_write(int number, Fault fault) {
    at_writes_[number] = fault;
    return *this;
}

FaultPlan& FaultPlan::in_calls(int first, int last, Fault fault) {
    outages_.push_back({first, last, fault});
    return *this;
}

FaultPlan& FaultPlan::before_write(int number, std::function<void()> what) {
    before_writes_[number] = std::move(what);
    return *this;
}

std::string FaultPlan::trace_text() const {
    std::string text;
    for (std::size_t index = 0; index < trace_.size(); ++index) {
        text += std::to_string(index + 1) + " " + trace_[index] + "\n";
    }
    return text;
}

Fault FaultPlan::planned(Kind kind) const {
    if (standing_ == Fault::unreadable && kind == Kind::write) {
        return Fault::none;
    }
    if (standing_ != Fault::none) {
        return standing_;
    }
    for (const auto& outage : outages_) {
        if (calls() >= outage.first && calls() <= outage.last) {
            return outage.fault;
        }
    }
    const auto found = at_writes_.find(writes_);
    return kind == Kind::write && found != at_writes_.end() ? found->second : Fault::none;
}

Fault FaultPlan::next(Kind kind, std::string what) {
    trace_.push_back(std::move(what));
    writes_ += kind == Kind::write ? 1 : 0;
    const auto fault = planned(kind);
    struck_ += fault == Fault::none ? 0 : 1;
    if (kind == Kind::write) {
        // Taken out first: what runs here may make calls of its own through this plan.
        if (auto node = before_writes_.extract(writes_)) {
            node.mapped()();
        }
    }
    if (fault == Fault::crash_before) {
        throw SimulatedCrash{"before call " + std::to_string(calls()) + ": " + trace_.back()};
    }
    return fault;
}

void FaultPlan::finish(Fault fault) const {
    if (fault == Fault::crash_after) {
        throw SimulatedCrash{"after call " + std::to_string(calls()) + ": " + trace_.back()};
    }
}

}  // namespace deployctl::simcluster
