// SPDX-License-Identifier: Apache-2.0
#include "cli/output/story.hpp"

#include "engine/rollout.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

constexpr std::size_t most_answers = 20;

Direction direction_in(const Value& data) {
    return data.text("/direction") == "back" ? Direction::back : Direction::forward;
}

/// Where the last Service of clients has gone over to the candidate; only the plan knows that.
std::optional<AllMoved> all_moved_in(const Plan& plan) {
    const auto& [steps, weights, notes, refusals] = plan.course;
    const auto& services = plan.scene.services;
    std::optional<AllMoved> found;
    for (std::size_t at = 0; at < steps.size(); ++at) {
        const auto* reached = std::get_if<AwaitEndpoints>(&steps[at].action);
        const bool moves_clients = reached != nullptr && reached->to == Pointing::candidate &&
                                   std::ranges::count(services, reached->service) > 0;
        if (moves_clients && !weights.empty()) {
            const auto& last = weights.back();
            found = AllMoved{static_cast<int>(at) + 1, {100, 100, 0, last.candidate}};
        }
    }
    return found;
}

StageStory& stage_of(Story& story, const Value& data) {
    const auto name = data.text("/stage");
    const auto direction = direction_in(data);
    const auto found = std::ranges::find_if(story.stages, [&](const StageStory& stage) {
        return stage.name == name && stage.direction == direction;
    });
    if (found != story.stages.end()) {
        return *found;
    }
    story.stages.push_back({name, direction, StageStory::Now::waiting, std::nullopt, std::nullopt});
    return story.stages.back();
}

void close_running(Story& story, WallTime at, StageStory::Now how) {
    for (auto& stage : story.stages) {
        if (stage.now == StageStory::Now::running) {
            stage.now = how;
            stage.ended = at;
        }
    }
}

void begin_step(Story& story, const Event& event) {
    auto& stage = stage_of(story, event.data);
    if (stage.now != StageStory::Now::running) {
        close_running(story, event.at, StageStory::Now::done);
        auto& again = stage_of(story, event.data);
        again.now = StageStory::Now::running;
        again.began = again.began.value_or(event.at);
        again.ended.reset();
    }
    story.step =
        StepStory{event.step.value_or(0), event.data.text("/stage"), event.data.text("/text")};
    const bool is_forward = direction_in(event.data) == Direction::forward;
    if (is_forward && story.all_moved && story.step->index >= story.all_moved->from) {
        story.weight = story.all_moved->weight;
    }
}

void await(Story& story, const std::string& approval) {
    if (story.step) {
        story.step->awaited = approval;
    }
}

void add_gate(Story& story, const Value& data) {
    auto& gate = story.gates[data.text("/gate")];
    auto history = std::move(gate.history);
    gate = read_gate(data);
    gate.history = std::move(history);
    gate.history.push_back(gate.answer);
    if (gate.history.size() > most_answers) {
        gate.history.erase(gate.history.begin());
    }
}

/// A retry: what went there and back is over.
void begin_anew(Story& story) {
    std::erase_if(story.stages, [](const StageStory& stage) {
        return stage.direction == Direction::back;
    });
    for (auto& stage : story.stages) {
        stage = {stage.name, stage.direction, StageStory::Now::waiting, std::nullopt, std::nullopt};
    }
    story.cause.reset();
}

void change_state(Story& story, const Event& event) {
    const auto& data = event.data;
    story.state = data.text("/state");
    story.reason = data.text("/reason");
    if (!data.at("/exit").is_null()) {
        story.exit = data.number("/exit");
    } else {
        story.exit.reset();
    }
    if (story.state == "rolling_back") {
        await(story, "");
        const bool is_wish = story.cause && engine::is_wish(story.cause->kind);
        close_running(
            story, event.at, is_wish ? StageStory::Now::stopped : StageStory::Now::failed
        );
        story.weight.reset();  // the split of the way there says nothing about the way back
    }
    if (story.state == "running" && data.text("/from") == "rolling_back") {
        begin_anew(story);
    } else if (story.state == "running") {
        story.cause.reset();  // what held it is over once it goes on
    }
    if (event.type == "rollout.finished") {
        close_running(story, event.at, StageStory::Now::done);
        story.step.reset();
        story.weight.reset();
    }
}

WeightRow read_weight(const Value& data) {
    return {
        static_cast<int>(data.number("/asked_percent")),
        data.real("/achieved_percent"),
        static_cast<int>(data.number("/stable_pods")),
        static_cast<int>(data.number("/candidate_pods")),
        static_cast<int>(data.number("/baseline_pods")),
    };
}

}  // namespace

GateStory read_gate(const Value& data) {
    GateStory gate;
    gate.answer = data.text("/answer");
    gate.measured = data.text("/measured");
    gate.limit = data.text("/limit");
    gate.reason = data.text("/reason");
    gate.good = data.number("/good_in_a_row");
    gate.bad = data.number("/bad_in_a_row");
    return gate;
}

std::string measured_text(const GateStory& gate) {
    auto text = gate.measured + (gate.limit.empty() ? "" : ", limit " + gate.limit);
    const bool could_not_tell =
        gate.answer == to_text(Answer::error) || gate.answer == to_text(Answer::inconclusive);
    const bool is_news = !gate.reason.empty() && text.find(gate.reason) == std::string::npos;
    return could_not_tell && is_news ? text + "; " + gate.reason : text;
}

bool is_going_back(const Story& story) {
    return std::ranges::any_of(story.stages, [](const StageStory& stage) {
        return stage.direction == Direction::back;
    });
}

std::vector<std::string> stages_of(const std::vector<Step>& steps) {
    std::vector<std::string> stages;
    for (const auto& step : steps) {
        if (std::ranges::find(stages, step.stage) == stages.end()) {
            stages.push_back(step.stage);
        }
    }
    return stages;
}

Story story_of(const Plan& plan) {
    Story story;
    for (auto& name : stages_of(plan.course.steps)) {
        story.stages.push_back(
            {name, Direction::forward, StageStory::Now::waiting, std::nullopt, std::nullopt}
        );
    }
    story.all_moved = all_moved_in(plan);
    return story;
}

void add_event(Story& story, const Event& event) {
    story.began = story.began.value_or(event.at);
    story.last = event.at;
    if (event.type == "step.started") {
        begin_step(story, event);
    } else if (event.type == "step.failed") {
        close_running(story, event.at, StageStory::Now::failed);
    } else if (event.type == "gate.evaluated") {
        add_gate(story, event.data);
    } else if (event.type == "approval.awaited") {
        await(story, event.data.text("/name"));
    } else if (event.type == "traffic.moved") {
        story.weight = read_weight(event.data);
    } else if (event.type == "rollout.state" || event.type == "rollout.finished") {
        change_state(story, event);
    } else if (event.type == "rollout.cause") {
        story.cause = read_cause(event.data);
    } else if (event.type == "rollout.request") {
        story.requests.push_back(event.data.text("/kind") + " by " + event.data.text("/by"));
    }
}

}  // namespace deployctl::cli
