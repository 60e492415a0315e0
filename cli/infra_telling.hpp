// SPDX-License-Identifier: Apache-2.0
// What an apply tells: to people at once, and to the journal between two looks at it; and how often
// somebody has asked it to stop. What is told before its operation has begun waits for it. Holds a
// reference to the session.
#pragma once

#include "cli/session.hpp"
#include "model/operation.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

class InfraTelling {
public:
    InfraTelling(Session& session, std::string stack)
        : session_(session), stack_(std::move(stack)) {}

    void take(const Value& fact);

    /// Something was done that is not in the journal.
    bool has_more() const { return !untold_.empty(); }

    Task<> journal();
    int stops();

    Operation operation;  ///< once it has begun

private:
    Session& session_;
    std::string stack_;
    std::vector<Value> untold_;
    int stops_ = 0;
};

}  // namespace deployctl::cli
