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
}

void add_gate(Story& story, const Value& data) {
    auto& gate = story.gates[data.text("/gate")];
    gate.answer = data.text("/answer");
    gate.measured = data.text("/measured");
    gate.limit = data.text("/limit");
    gate.good = data.number("/good_in_a_row");
    gate.bad = data.number("/bad_in_a_row");
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
        const bool is_wish = story.cause && engine::is_wish(story.cause->kind);
        close_running(
            story, event.at, is_wish ? StageStory::Now::stopped : StageStory::Now::failed
        );
        story.weight.reset();  // the split of the way there says nothing about the way back
    }
    if (story.state == "running" && data.text("/from") == "rolling_back") {
        begin_anew(story);
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
