// SPDX-License-Identifier: Apache-2.0
#include "promotion/course.hpp"

#include <algorithm>

namespace deployctl::promotion {

namespace {

using State = LegCourse::State;

State state_after(Note::Kind kind) {
    switch (kind) {
        case Note::Kind::began: return State::under_way;
        case Note::Kind::stood: return State::stands;
        case Note::Kind::failed: return State::failed;
        case Note::Kind::going_back: return State::going_back;
        case Note::Kind::came_back: return State::back;
        case Note::Kind::did_not: return State::stuck;
        case Note::Kind::gates_passed:
        case Note::Kind::gates_failed: break;
    }
    return State::waiting;
}

/// All that stood, the last one first.
std::vector<std::string> all_backwards(const Line& line) {
    std::vector<std::string> names;
    for (auto leg = line.legs.rbegin(); leg != line.legs.rend(); ++leg) {
        names.push_back(leg->name);
    }
    return names;
}

/// On the way back: one after the other, also past one that does not come back.
Next next_back(const Line& line, const Course& course, const std::vector<std::string>& victims) {
    // The one that failed may itself not have come back: that is not undone, whoever else came
    // back.
    const auto* failed = failed_leg(line, course);
    bool is_stuck = failed != nullptr && course.at(failed->name).exit == ExitCode::not_rolled_back;
    bool any = false;
    for (const auto& name : victims) {
        const auto state = course.at(name).state;
        if (state == State::stands || state == State::going_back) {
            return {Next::Kind::send_back, find_leg(line, name), std::nullopt, {}};
        }
        is_stuck = is_stuck || state == State::stuck;
        any = any || state == State::back;
    }
    const auto end = is_stuck ? OperationState::needs_human
                     : any    ? OperationState::undone
                              : OperationState::failed;
    return {Next::Kind::end, nullptr, std::nullopt, end};
}

Next begin(const Course& course, const Leg& leg) {
    Next next{Next::Kind::begin, &leg, std::nullopt, {}};
    for (const auto& needed : leg.needs) {
        const auto ready = course.at(needed).since + leg.soak;
        next.not_before = std::max(next.not_before.value_or(ready), ready);
    }
    return next;
}

}  // namespace

const LegCourse& Course::at(const std::string& leg) const {
    static const LegCourse nothing;
    const auto found = legs.find(leg);
    return found == legs.end() ? nothing : found->second;
}

Course course_of(const std::vector<OperationEvent>& events) {
    Course course;
    for (const auto& event : events) {
        const auto note = read_note(event);
        if (!note) {
            continue;
        }
        if (note->kind == Note::Kind::gates_passed) {
            course.gates = Course::Gates::passed;
        } else if (note->kind == Note::Kind::gates_failed) {
            course.gates = Course::Gates::failed;
            course.gates_why = note->why;
        } else {
            auto& leg = course.legs[note->leg];
            leg.state = state_after(note->kind);
            leg.since = event.at;
            leg.exit = note->exit;
            leg.why = note->why;
            leg.rollout = note->rollout.empty() ? leg.rollout : note->rollout;
        }
    }
    return course;
}

const Leg* failed_leg(const Line& line, const Course& course) {
    const auto found = std::ranges::find_if(line.legs, [&course](const Leg& leg) {
        return course.at(leg.name).state == State::failed;
    });
    return found == line.legs.end() ? nullptr : &*found;
}

Next next_of(const Line& line, const Course& course) {
    if (const auto* failed = failed_leg(line, course)) {
        return next_back(line, course, failed->goes_back);
    }
    if (course.gates == Course::Gates::failed) {
        return next_back(line, course, all_backwards(line));
    }
    for (const auto& leg : line.legs) {
        const auto state = course.at(leg.name).state;
        if (state == State::waiting) {
            return begin(course, leg);
        }
        if (state == State::under_way) {
            return {Next::Kind::go_on, &leg, std::nullopt, {}};
        }
    }
    if (!line.gates.empty() && course.gates == Course::Gates::not_asked) {
        return {Next::Kind::ask_gates, nullptr, std::nullopt, {}};
    }
    return {Next::Kind::end, nullptr, std::nullopt, OperationState::done};
}

}  // namespace deployctl::promotion
