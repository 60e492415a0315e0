// SPDX-License-Identifier: Apache-2.0
#include "cli/recovery.hpp"

#include "cli/complaint.hpp"
#include "cli/exit_codes.hpp"
#include "cli/output/lock_view.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/why.hpp"
#include "cli/output/words.hpp"
#include "engine/adoption.hpp"
#include "engine/sweeping.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <ostream>

namespace deployctl::cli {

namespace {

/// From nothing to do for anybody to: page someone.
constexpr std::array ranks{
    ExitCode::done,
    ExitCode::rolled_back,
    ExitCode::paused,
    ExitCode::stopped_watching,
    ExitCode::locked,
    ExitCode::blocked,
    ExitCode::tool_missing,
    ExitCode::state_unreadable,
    ExitCode::not_rolled_back,
};

std::ptrdiff_t rank_of(ExitCode exit) {
    const auto* found = std::ranges::find(ranks, exit);
    return found == ranks.end() ? std::ssize(ranks) - 1 : found - ranks.begin();
}

const char* verb_of(Remedy remedy) {
    switch (remedy) {
        case Remedy::resume: return "resume";
        case Remedy::rollback: return "rollback";
        case Remedy::leave: return "none";
    }
    return "";
}

/// `lost` is made known to this journal first, where it is not.
Task<engine::RunResult> end_lost(
    engine::Ports ports, engine::LostRollout lost, Remedy remedy, engine::RunOptions options
) {
    auto rollout = lost.rollout;
    if (!lost.is_known) {
        const auto adoption = co_await engine::adopt(ports, rollout.target, options);
        rollout = adoption.rollout;
    }
    if (remedy == Remedy::resume) {
        auto resumed = co_await engine::resume(ports, rollout, options);
        co_return resumed;
    }
    auto back = co_await engine::turn_back(ports, rollout, RequestKind::rollback, options);
    co_return back;
}

std::string row(const std::string& head, const std::string& text) {
    return "  " + pad(head, 8) + text + "\n";
}

std::string name_of(const engine::LostRollout& lost, const Style& style) {
    const auto& rollout = lost.rollout;
    const auto place = place_text(rollout.target, style) + "  ";
    if (rollout.number == 0) {
        return place + "rollout " + printable(rollout.id) + " (" + words_of(rollout.state) +
               ", not in this journal)";
    }
    return place + "rollout " + std::to_string(rollout.number) + " (" + to_text(rollout.strategy) +
           " " + printable(rollout.previous_version) + " " + arrow(style) + " " +
           printable(rollout.next_version) + ", " + words_of(rollout.state) + ", step " +
           std::to_string(rollout.step + 1) + ")";
}

std::string flight_text(const IntentRecorded& intent) {
    return std::string(to_text(intent.verb)) + " " + to_text(intent.object) + "  fence " +
           (intent.fence_before.empty() ? "none" : intent.fence_before) + " to " +
           intent.fence_after;
}

/// What somebody can decide, as far as this journal knows the rollout.
std::string choices_of(const engine::LostRollout& lost) {
    const auto& target = lost.rollout.target;
    const auto place = printable(target.app) + " -n " + printable(target.kube_namespace);
    if (!lost.is_known) {
        return "deployctl rollout adopt " + place +
               ", then resume · deployctl rollout rollback "
               "--from-cluster --app " +
               place + " --reason TEXT";
    }
    const auto number = std::to_string(lost.rollout.number);
    const auto abort = "deployctl rollout abort " + number + " --reason TEXT";
    const bool is_half_way_back =
        lost.rollout.state == RolloutState::paused && lost.rollout.direction == Direction::back;
    if (is_half_way_back) {
        return "deployctl explain " + number + " · " +
               join(half_way_back(lost.rollout, std::nullopt), " · ");
    }
    return lost.rollout.state == RolloutState::needs_human
               ? "deployctl explain " + number + " · " + abort
               : "deployctl rollout resume " + number + " · " + abort;
}

std::string next_text(const Recovery& recovery) {
    if (recovery.remedy == Remedy::leave) {
        return "left as it is, somebody has to decide: " + choices_of(recovery.lost);
    }
    if (recovery.exit) {
        return std::string("exit ") + std::to_string(static_cast<int>(*recovery.exit)) + " " +
               word_of(*recovery.exit) +
               (recovery.failure.empty() ? "" : ": " + printable(recovery.failure));
    }
    return verb_of(recovery.remedy);
}

/// It was tried: what was found of it before is said as of then.
bool was_tried(const Recovery& recovery) {
    return recovery.exit && recovery.remedy != Remedy::leave;
}

}  // namespace

void recover(
    Session& session, const RunChoices& choices, const Located& place, Recovery& recovery
) {
    auto& err = session.terminal.err;
    const auto style = session.terminal.err_style;
    if (session.globals.look.progress != ProgressStyle::quiet) {
        err << name_of(recovery.lost, style) << ": " << verb_of(recovery.remedy) << "\n";
    }
    const RunTask task = [&](engine::Ports ports, engine::RunOptions options) {
        options.lock = lock_policy(choices);
        options.on_pause = choices.on_pause.value_or(engine::PausePolicy::leave);
        return end_lost(ports, recovery.lost, recovery.remedy, options);
    };
    auto order = progress_of(recovery.lost.rollout.target, choices.events);
    try {
        need_whole_chain(session, recovery.lost.rollout.target.app);
        const auto ended = do_in_views(session, choices, place.cluster, std::move(order), task);
        recovery.lost.rollout = ended.rollout;
        recovery.exit = ended.exit;
        if (ended.exit != ExitCode::done) {
            err << why_block({ended.rollout, ended.cause, ended.exit}, style) << std::flush;
        }
    } catch (const Error& error) {
        err << complaint(error, style) << std::flush;  // the others have their turn all the same
        recovery.exit = error.exit();
        recovery.failure = error.what();
    }
}

std::vector<ObjectRef> clear_away(Session& session, const Located& place) {
    auto& parts = session.parts;
    auto target = place.target;
    target.app = session.globals.place.app;
    try {
        auto& cluster = parts.cluster(place.cluster);
        const engine::SweptPlaces seen{cluster, parts.journal(), parts.clock()};
        auto leftovers = wait_for(parts, engine::find_leftovers(seen, std::move(target)));
        if (leftovers.empty()) {
            return {};
        }
        const engine::SweptPlaces written{cluster, parts.store(), parts.clock()};
        return wait_for(parts, engine::remove_leftovers(written, std::move(leftovers)));
    } catch (const Error& error) {
        session.terminal.err << complaint(error, session.terminal.err_style) << std::flush;
        return {};  // it is in nobody's way, and the next rollout tries as well
    }
}

void leave(Recovery& recovery) {
    const auto& rollout = recovery.lost.rollout;
    const bool is_paused = rollout.state == RolloutState::paused;  // by whomever, and whyever
    recovery.exit = is_paused ? ExitCode::paused : rollout.exit.value_or(ExitCode::paused);
}

ExitCode worst_of(const std::vector<Recovery>& recoveries) {
    auto worst = ExitCode::done;
    for (const auto& recovery : recoveries) {
        const auto exit = recovery.exit.value_or(ExitCode::done);
        worst = rank_of(exit) > rank_of(worst) ? exit : worst;
    }
    return worst;
}

std::string to_text(const Recovery& recovery, WallTime now, const Style& style) {
    const auto& lost = recovery.lost;
    auto text = sign(style, sign_of(lost.rollout.state)) + " " + name_of(lost, style) + "\n";
    text +=
        row(was_tried(recovery) ? "found" : "lock",
            printable(lock_text(lost.lock, now)) +
                (lost.lock.acquired.empty() ? "" : ", since " + lost.lock.acquired));
    for (const auto& intent : lost.in_flight) {
        text +=
            row(&intent == &lost.in_flight.front() ? "flight" : "", printable(flight_text(intent)));
    }
    if (!lost.pins.empty()) {
        text += row("pins", printable(join(lost.pins, ", ")));
    }
    return text + row(was_tried(recovery) ? "end" : "next", next_text(recovery));
}

Value to_value(const Recovery& recovery, WallTime now) {
    const auto& lost = recovery.lost;
    Value::Array flights;
    for (const auto& intent : lost.in_flight) {
        flights.push_back(Value::map({
            {"verb", to_text(intent.verb)},
            {"object", to_text(intent.object)},
            {"fence_before", intent.fence_before},
            {"fence_after", intent.fence_after},
        }));
    }
    return Value::map({
        {"rollout", cli::to_value(lost.rollout)},
        {"known", lost.is_known},
        {"lock", lock_value(lost.lock, now)},
        {"in_flight", std::move(flights)},
        {"pins", lines_value(lost.pins)},
        {"action", verb_of(recovery.remedy)},
        {"exit", recovery.exit ? Value(static_cast<int>(*recovery.exit)) : Value()},
        {"failure", recovery.failure.empty() ? Value() : Value(recovery.failure)},
    });
}

}  // namespace deployctl::cli
