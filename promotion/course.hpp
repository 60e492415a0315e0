// SPDX-License-Identifier: Apache-2.0
// How far a line has come, by what was noted of it, and what is next: pure, so that a line which
// lost its runner goes on exactly as one that did not.
#pragma once

#include "model/error.hpp"
#include "model/operation.hpp"
#include "promotion/line.hpp"

#include <map>
#include <optional>

namespace deployctl::promotion {

/// One fact of a line, as its operation's journal keeps it.
struct Note {
    enum class Kind {
        began,       ///< a leg: its rollout is about to be
        stood,       ///< a leg: promoted, or the version stood there already
        failed,      ///< a leg: its rollout has ended in another way, or could not begin
        going_back,  ///< a leg that stood: its rollback is about to be
        came_back,   ///< and was
        did_not,     ///< and failed: a person has to look
        gates_passed,
        gates_failed,
    } kind{};
    std::string leg;      ///< empty: of all
    RolloutId rollout{};  ///< empty: none was needed, or none began
    ExitCode exit{};
    std::string why{};
};

OperationEvent to_event(const Note& note);
/// Nothing where it is something else.
std::optional<Note> read_note(const OperationEvent& event);

struct LegCourse {
    enum class State { waiting, under_way, stands, failed, going_back, back, stuck } state{};
    WallTime since;  ///< it is so
    RolloutId rollout;
    ExitCode exit{};
    std::string why;
};

struct Course {
    std::map<std::string, LegCourse> legs;
    enum class Gates { not_asked, passed, failed } gates{};
    std::string gates_why;

    const LegCourse& at(const std::string& leg) const;
};

Course course_of(const std::vector<OperationEvent>& events);

struct Next {
    enum class Kind {
        begin,      ///< the leg, not before `not_before`
        go_on,      ///< with the leg's rollout
        send_back,  ///< the leg
        ask_gates,
        end,  ///< in `state`
    } kind{};
    const Leg* leg = nullptr;  ///< of the line
    std::optional<WallTime> not_before;
    OperationState state{};
};

Next next_of(const Line& line, const Course& course);

/// The leg that has failed; null where none has.
const Leg* failed_leg(const Line& line, const Course& course);

}  // namespace deployctl::promotion
