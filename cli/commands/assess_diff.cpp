// SPDX-License-Identifier: Apache-2.0
#include "cli/assessing.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/delta_limits.hpp"
#include "cli/output/delta_view.hpp"
#include "cli/output/result.hpp"
#include "readiness/reports/delta_json.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string before;
    std::string now;
    DeltaLimits limits;
};

ExitCode diff(Session& session, const Options& options) {
    check(options.limits);
    const auto before = read_baseline(options.before);
    const auto now = read_baseline(options.now);
    const auto delta = readiness::compare(before, now);
    Result result;
    result.value = readiness::to_value(delta);
    result.text = [&delta](const Style& style) { return draw(delta, style); };
    print(session, result);
    return hold(session, delta, options.limits) ? ExitCode::done : ExitCode::blocked;
}

}  // namespace

Run assess_diff(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_argument("BEFORE", "a file of `assess -o json`", into(options->before));
    form.add_argument("NOW", "a later one", into(options->now));
    add_limits(form, options->limits);
    form.describe(
        "What is new, fixed, still open, no longer assessed (which is never fixed), or gone, by "
        "check and object; and by what the low end has moved: repository, rules, coverage."
    );
    form.add_example("deployctl assess diff may.json june.json", "what has changed?");
    return [options](Session& session) { return diff(session, *options); };
}

}  // namespace deployctl::cli::commands
