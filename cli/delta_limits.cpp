// SPDX-License-Identifier: Apache-2.0
#include "cli/delta_limits.hpp"

#include "cli/output/style.hpp"
#include "readiness/audit_numbers.hpp"
#include "readiness/reports/summary.hpp"

#include <optional>
#include <ostream>
#include <vector>

namespace deployctl::cli {

namespace {

/// "0.5" points, in hundredths.
std::optional<std::int64_t> most_drop(const DeltaLimits& limits) {
    if (limits.max_drop.empty()) {
        return std::nullopt;
    }
    const auto points = readiness::read_decimal(limits.max_drop);
    if (!points) {
        throw Error(
            ExitCode::usage,
            "--max-drop: `" + printable(limits.max_drop) + "` is no number of points",
            "write one such as 0.5"
        );
    }
    return points->units * 100 / readiness::units_of_one;
}

/// What the limits are broken by, a line each.
std::vector<std::string> breaches(const readiness::Delta& delta, const DeltaLimits& limits) {
    std::vector<std::string> told;
    const auto added = readiness::new_blockers(delta);
    if (limits.no_new_blockers && added > 0) {
        told.push_back(
            std::to_string(added) + " new " + (added == 1 ? "blocker" : "blockers") +
            " since the baseline"
        );
    }
    const auto most = most_drop(limits);
    if (most && !delta.movement) {
        told.emplace_back("how far the low end has dropped is not known: one of both is n/a");
    } else if (most && delta.movement->before - delta.movement->now > *most) {
        told.push_back(
            "the low end has dropped by " +
            readiness::points_text(delta.movement->before - delta.movement->now) + ", at most " +
            readiness::points_text(*most) + " is allowed"
        );
    }
    return told;
}

}  // namespace

void add_limits(Form& form, DeltaLimits& limits) {
    form.add_flag(
        "--no-new-blockers", limits.no_new_blockers, "exit code 4 where there is a new blocker"
    );
    form.add_option(
        "--max-drop",
        "POINTS",
        "exit code 4 where the low end has dropped by more",
        into(limits.max_drop)
    );
}

void check(const DeltaLimits& limits) {
    most_drop(limits);
}

bool hold(Session& session, const readiness::Delta& delta, const DeltaLimits& limits) {
    const auto broken = breaches(delta, limits);
    auto& terminal = session.terminal;
    for (const auto& line : broken) {
        terminal.err << sign(terminal.err_style, Sign::failed) << " " << line << "\n";
    }
    return broken.empty();
}

}  // namespace deployctl::cli
