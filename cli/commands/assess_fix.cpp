// SPDX-License-Identifier: Apache-2.0
#include "cli/assessing.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/output/result.hpp"
#include "readiness/fixes.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

struct Options {
    AssessScope scope;
    bool dry_run = false;
};

Value value_of(const readiness::Fixes& fixes) {
    Value::Array items;
    for (const auto& patch : fixes.patches) {
        items.push_back(Value::map({
            {"path", patch.path},
            {"rules", lines_value(patch.rules)},
            {"diff", patch.diff},
        }));
    }
    return Value::map({{"left", lines_value(fixes.left)}, {"items", std::move(items)}});
}

/// The patch goes to the standard output as it is, so that it can be applied; what is left for
/// people goes beside it.
ExitCode run(Session& session, const Options& options) {
    if (!options.dry_run) {
        throw Error(
            ExitCode::usage,
            "`assess fix` writes nothing by itself",
            "see what it would do with --dry-run, and apply that with `git apply` or `patch -p1`"
        );
    }
    const auto assessment = assess(session, options.scope);
    const auto fixes = readiness::mechanical_fixes(assessment);
    auto& terminal = session.terminal;
    for (const auto& left : fixes.left) {
        terminal.err << sign(terminal.err_style, Sign::attention) << " by hand: " << printable(left)
                     << "\n";
    }
    Result result;
    result.value = value_of(fixes);
    for (const auto& patch : fixes.patches) {
        result.names.push_back(patch.path);
    }
    result.text = [&fixes](const Style&) {
        std::string text;
        for (const auto& patch : fixes.patches) {
            text += patch.diff;
        }
        return text;
    };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run assess_fix(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument("PATH", "a folder (default: this one)", into(options->scope.path));
    form.add_flag("--dry-run", options->dry_run, "write the patch; needed, nothing else is done");
    add_scope_options(form, options->scope);
    form.describe(
        "A patch for failures that a few lines mend: privilege escalation, capabilities, the "
        "seccomp profile, tokens of the default account, scripts that go on after an error. Lines "
        "are only added; what says something else on purpose, or is made of several files, is left "
        "to people, and named. Try it before you keep it: a process that runs as root may need its "
        "capabilities, and a script may count on a command that fails."
    );
    form.add_example("deployctl assess fix --dry-run > fix.patch", "look at it, then git apply");
    return [options](Session& session) { return run(session, *options); };
}

}  // namespace deployctl::cli::commands
