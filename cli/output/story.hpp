// SPDX-License-Identifier: Apache-2.0
// What a rollout's events come to, so far: where it is, which stages are done, how the gates stand.
// Built one event after the other; shown by `status`, `explain` and the live view. Values.
#pragma once

#include "model/journal.hpp"
#include "model/plan.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

struct StageStory {
    std::string name;
    Direction direction = Direction::forward;
    enum class Now { waiting, running, done, failed, stopped } now = Now::waiting;
    std::optional<WallTime> began;
    std::optional<WallTime> ended;
};

struct GateStory {
    std::string answer;
    std::string measured;
    std::string limit;
    std::string reason;
    std::int64_t good = 0;             ///< in a row
    std::int64_t bad = 0;              ///< in a row
    std::vector<std::string> history;  ///< answers, oldest first, the last twenty
};

/// From this step of the way there on the next version gets all of the traffic.
struct AllMoved {
    int from = 0;
    WeightRow weight;
};

struct StepStory {
    int index = 0;
    std::string stage;
    std::string text;
    std::string awaited = {};  ///< the approval that it waits for; empty: none
};

struct Story {
    std::vector<StageStory> stages;
    std::optional<StepStory> step;  ///< the one at hand
    std::optional<WeightRow> weight;
    std::optional<AllMoved> all_moved;  ///< as the plan says; none: it moves no shares
    std::map<std::string, GateStory> gates;
    std::string state;
    std::string reason;
    std::optional<std::int64_t> exit;
    std::optional<Cause> cause;
    std::vector<std::string> requests;
    std::optional<WallTime> began;
    std::optional<WallTime> last;
};

/// What a `gate.evaluated` says, without what was before it.
GateStory read_gate(const Value& data);
/// "3 of 40 requests failed, limit 1%"; where nobody could tell, why as well.
std::string measured_text(const GateStory& gate);

/// The stages of a plan, none begun.
Story story_of(const Plan& plan);
void add_event(Story& story, const Event& event);
/// It has begun a stage of the way back.
bool is_going_back(const Story& story);
/// The stages that a list of steps has, in order.
std::vector<std::string> stages_of(const std::vector<Step>& steps);

}  // namespace deployctl::cli
