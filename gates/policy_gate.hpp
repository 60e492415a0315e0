// SPDX-License-Identifier: Apache-2.0
// Policy as code about the workload as it will be: conftest or opa gets the manifest, with the new
// pod template, on its standard input, and denies or does not. What it prints may quote the
// manifest, whose variables and arguments may be secrets: they are taken out of every message, and
// the manifest itself goes nowhere else, neither into argv nor into the evidence. A program that is
// not there or does not end well, a manifest that is not known, and a policy that looked at nothing
// are errors.
// The policy is not frozen with the plan: it is the word of those who keep the cluster, as of now,
// like the answer of a metrics source. Which program it was, and its version, stand in the
// evidence.
#pragma once

#include "gates/gate.hpp"
#include "gates/hidden_texts.hpp"
#include "gates/rego_word.hpp"

namespace deployctl::gates {

/// Of a question whose path is filled in; `input` is the JSON that is judged.
Command command_of(const PolicyQuestion& question, std::string input);
/// Pure. `hidden` are the secrets of the input.
Verdict judge(
    const PolicyQuestion& question, const HiddenTexts& hidden, const CommandResult& result
);

class PolicyGate final : public Gate {
public:
    PolicyGate(const Sources& sources, PolicyQuestion question)
        : process_(sources.outside.process), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Task<std::string> version();

    Process& process_;
    PolicyQuestion question_;
    std::string version_;  ///< of the program, once it has told it
};

}  // namespace deployctl::gates
