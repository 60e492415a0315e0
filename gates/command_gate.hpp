// SPDX-License-Identifier: Apache-2.0
// A program of the user's own as a gate. It gets its argv as it stands in the plan, with `${...}`
// filled in, and the same names as DEPLOYCTL_APP, _ENV, _NAMESPACE, _VERSION, _PREVIOUS_VERSION,
// _IMAGE and _PODS (blanks between). Its word is
// - the JSON object that is all of its standard output, or its last line, where that has a member
//   `verdict`: "pass", "fail", "inconclusive" or "error"; `measured`, `limit` and `reason` are
//   texts, numbers or booleans beside it; or else
// - its exit code: 0 passes, 75 (EX_TEMPFAIL) has proven nothing, any other fails.
// What did not run to its end (no such program, a signal, the timeout), a verdict that nobody can
// read, and a script that is not the plan's are errors. What it prints is bounded in the evidence.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

/// argv with the names filled in, and the environment.
Command command_of(const CommandQuestion& question, const Subjects& subjects);
/// Pure.
Verdict judge(const CommandQuestion& question, const CommandResult& result);

class CommandGate final : public Gate {
public:
    CommandGate(const Sources& sources, CommandQuestion question)
        : process_(sources.outside.process),
          files_(sources.outside.files),
          question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Process& process_;
    Files& files_;
    CommandQuestion question_;
};

}  // namespace deployctl::gates
