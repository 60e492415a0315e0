// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/gate_trial.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/result.hpp"
#include "cli/output/settings_json.hpp"
#include "cli/targeting.hpp"
#include "engine/planned_gates.hpp"
#include "model/text.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string name;
    Slot track = Slot::stable;
};

ExitCode list(Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    Result result;
    Value::Array items;
    for (const auto& [name, gate] : configuration.gates) {
        items.push_back(to_value(name, gate));
        items.back().set("/asks", told(gate.question));
        result.names.push_back(name);
    }
    result.value = Value::map({{"items", items}});
    result.text = [&items](const Style& style) {
        return items.empty()
                   ? std::string("no gates are configured\n")
                   : columns(
                         items, {"name", "type", "asks", "every", "fail_after", "on_fail"}, style
                     );
    };
    print(session, result);
    return ExitCode::done;
}

ExitCode show_one(Session& session, const std::string& name) {
    const auto configuration = need_deploy_file(session.globals.place);
    Result result;
    result.value = to_value(name, find_gate(configuration, name));
    result.names = {name};
    result.text = [&result](const Style& style) { return fields(result.value, style); };
    print(session, result);
    return ExitCode::done;
}

constexpr auto with_itself =
    "stable with itself, which says that it can be asked, and nothing of a new version; a rollout "
    "compares its new pods with these, and so does --track candidate while there are some";

std::string draw(
    const std::string& name, const GateSettings& gate, const Tested& tested, const Style& style
) {
    const auto& verdict = tested.verdict;
    const auto which = verdict.answer == Answer::pass   ? Sign::done
                       : verdict.answer == Answer::fail ? Sign::failed
                                                        : Sign::unknown;
    auto text = sign(style, which) + " " + printable(name) + " " + to_text(verdict.answer) + ": " +
                printable(verdict.measured);
    text += verdict.limit.empty() ? "\n" : " (limit " + printable(verdict.limit) + ")\n";
    text += "  asks   " + printable(told(gate.question)) + "\n";
    text += "  pods   " +
            (tested.pods.empty() ? "none is ready" : printable(join(tested.pods, ", "))) + "\n";
    if (tested.is_itself()) {
        text += std::string("  with   ") + with_itself + "\n";
    } else if (!tested.beside.empty()) {
        text += "  with   " + printable(join(tested.beside, ", ")) + "\n";
    }
    text += verdict.reason.empty() ? "" : "  says   " + printable(verdict.reason) + "\n";
    return text + "  fails  after " + std::to_string(gate.policy.fail_after) +
           (gate.policy.fail_after == 1 ? " bad sample" : " bad samples in a row") + ", one each " +
           to_text(gate.policy.every) + "\n";
}

ExitCode test_one(Session& session, const Options& options) {
    const auto configuration = need_deploy_file(session.globals.place);
    const auto gate =
        engine::with_named_query(find_gate(configuration, options.name), configuration.queries);
    const auto environment = choose_environment(configuration, session.globals.place);
    const Trial trial{options.name, environment, options.track};
    const auto tested = try_gate(session, configuration, trial);
    Result result;
    result.value = Value::map({
        {"gate", to_value(options.name, gate)},
        {"track", to_text(options.track)},
        {"pods", Value::Array(tested.pods.begin(), tested.pods.end())},
        {"compared_with", Value::Array(tested.beside.begin(), tested.beside.end())},
        {"note", tested.is_itself() ? with_itself : ""},
        {"answer", to_text(tested.verdict.answer)},
        {"measured", tested.verdict.measured},
        {"limit", tested.verdict.limit},
        {"reason", tested.verdict.reason},
        {"evidence", tested.verdict.evidence},
    });
    result.names = {to_text(tested.verdict.answer)};
    result.text = [&](const Style& style) { return draw(options.name, gate, tested, style); };
    print(session, result);
    return tested.verdict.answer == Answer::pass ? ExitCode::done : ExitCode::blocked;
}

}  // namespace

Run gate_list(Form& form) {
    form.add_example("deployctl gate list", "what each asks, and how often");
    return list;
}

Run gate_show(Form& form) {
    const auto name = std::make_shared<std::string>();  // shared with the form's reader
    form.add_argument("GATE", "the gate's name", into(*name));
    form.add_example("deployctl gate show health", "with every default");
    return [name](Session& session) { return show_one(session, *name); };
}

Run gate_test(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_argument("GATE", "the gate's name", into(options->name));
    form.add_option(
        "--track",
        "TRACK",
        "whose pods are asked (default: stable)",
        one_of<Slot, Slot>(
            options->track, {{"stable", Slot::stable}, {"candidate", Slot::candidate}}
        )
    );
    form.describe(
        "One sample, with the raw answers in -o json. Exit code 0 where it passes, 4 where it does "
        "not."
    );
    form.add_example("deployctl gate test health -e production", "would it pass now?");
    form.add_example(
        "deployctl gate test health -e production --track candidate -o json",
        "the candidate, in a rollout"
    );
    return [options](Session& session) { return test_one(session, *options); };
}

}  // namespace deployctl::cli::commands
