// SPDX-License-Identifier: Apache-2.0
#include "cli/output/event_line.hpp"

#include "cli/output/story.hpp"
#include "cli/output/words.hpp"
#include "engine/rollout.hpp"
#include "gates/policy.hpp"
#include "model/text.hpp"

#include <cmath>
#include <cstdio>
#include <map>

namespace deployctl::cli {

namespace {

using LineMaker = EventLine (*)(const Event& event, const Style& style);

std::string took_text(const Value& data) {
    const auto took = std::chrono::duration<double>(data.real("/seconds"));
    const auto text = to_short_text(std::chrono::duration_cast<Duration>(took));
    return text == "0s" ? "" : "  " + text;
}

std::string with_reason(std::string text, const Value& data) {
    const auto reason = data.text("/reason");
    return reason.empty() ? text : text + ": " + reason;
}

std::string percent(double value) {
    char text[32];
    std::snprintf(
        text, sizeof text, std::abs(value - std::round(value)) < 0.05 ? "%.0f%%" : "%.1f%%", value
    );
    return text;
}

EventLine begun(const Event& event, const Style& style) {
    const auto& data = event.data;
    const auto from = data.text("/from");
    return {
        "start",
        "rollout=" + std::to_string(event.number) + " " + from + arrow(style) + data.text("/to") +
            " " + data.text("/strategy") +
            (event.environment.empty() ? "" : " env=" + event.environment) +
            " by=" + data.text("/by"),
        Tone::strong,
    };
}

EventLine locked(const Event& event, const Style&) {
    const auto runner = event.data.text("/runner/identity") + " pid " +
                        std::to_string(event.data.number("/runner/pid"));
    return {
        "lock",
        "epoch " + std::to_string(event.data.number("/epoch")) + " for " + runner,
        Tone::dim,
        Weight::effect
    };
}

EventLine waited(const Event& event, const Style&) {
    return {
        "lock",
        "held by " + event.data.text("/held_by") + "; it is taken after " +
            std::to_string(event.data.number("/silence_seconds")) + "s of silence",
        Tone::warning,
        Weight::attention
    };
}

EventLine changed(const Event& event, const Style&) {
    const auto state = event.data.text("/state");
    const auto text = with_reason(words_of(state), event.data);
    if (state == "rolling_back") {
        return {"back", text, Tone::warning, Weight::attention};
    }
    if (state == "needs_human") {
        return {"FAIL", text, Tone::bad, Weight::attention};
    }
    if (state == "paused") {
        return {"pause", text, Tone::warning, Weight::attention};
    }
    const bool is_first = event.data.text("/from") == "pending";
    return {"go", text, Tone::plain, is_first ? Weight::effect : Weight::change};
}

EventLine finished(const Event& event, const Style&) {
    const auto state = event.data.text("/state");
    const auto code = !event.data.at("/exit").is_null()
                          ? ", exit " + std::to_string(event.data.number("/exit"))
                          : "";
    return {
        "end",
        with_reason(words_of(state), event.data) + code,
        state == "promoted" ? Tone::good : Tone::warning,
        Weight::attention,
    };
}

EventLine step_begun(const Event& event, const Style&) {
    const auto text = event.data.text("/text");
    const bool is_long = text.starts_with("hold for ") || text.starts_with("drain for ") ||
                         text.starts_with("pass gates ");
    return {
        "step",
        event.data.text("/stage") + "  " + text,
        Tone::dim,
        is_long ? Weight::change : Weight::detail
    };
}

EventLine step_done(const Event& event, const Style&) {
    const auto detail = event.data.text("/detail");
    auto text = event.data.text("/stage") + "  " + (detail.empty() ? "done" : detail);
    return {"ok", text + took_text(event.data), Tone::good, Weight::change};
}

EventLine step_failed(const Event& event, const Style&) {
    return {
        "FAIL",
        event.data.text("/stage") + "  " + event.data.text("/detail"),
        Tone::bad,
        Weight::attention
    };
}

EventLine step_skipped(const Event& event, const Style&) {
    return {
        "skip",
        event.data.text("/stage") + "  " + event.data.text("/detail"),
        Tone::dim,
        Weight::change
    };
}

EventLine intended(const Event& event, const Style&) {
    return {
        "write",
        event.data.text("/verb") + " " + event.data.text("/object") + "  fence " +
            event.data.text("/fence_after"),
        Tone::dim,
        Weight::effect,
    };
}

EventLine came_out(const Event& event, const Style&) {
    const auto state = event.data.text("/state");
    const auto detail = event.data.text("/detail");
    const bool is_good = state == "applied";
    return {
        is_good ? "wrote" : "note",
        state + (detail.empty() ? "" : ": " + detail),
        is_good ? Tone::dim : Tone::warning,
        is_good ? Weight::detail : Weight::change,
    };
}

EventLine gated(const Event& event, const Style&) {
    const auto gate = read_gate(event.data);
    auto text = event.data.text("/gate") + " " + gate.answer + ": " + measured_text(gate);
    if (event.data.text("/decision") == gates::not_counted) {
        return {"gate", text + ", as its wait was over: not counted", Tone::dim, Weight::effect};
    }
    if (gate.answer == "pass") {
        return {"gate", text, Tone::plain, gate.good == 1 ? Weight::change : Weight::effect};
    }
    text += gate.bad > 1 ? ", " + std::to_string(gate.bad) + " in a row" : "";
    return {"gate", text, gate.answer == "fail" ? Tone::bad : Tone::warning, Weight::attention};
}

EventLine awaited(const Event& event, const Style&) {
    return {
        "wait",
        "for approval " + event.data.text("/name") + " by " +
            count_of(event.data.number("/needed"), "person") + ": " +
            approve_command(event.number, event.data.text("/name")),
        Tone::strong,
        Weight::attention,
    };
}

EventLine reminded(const Event& event, const Style&) {
    const auto& data = event.data;
    std::vector<std::string> people;
    for (const auto& person : data.items("/people")) {
        people.push_back(person.text(""));
    }
    const auto asked = people.empty() ? std::string("anybody") : join(people, ", ");
    return {
        "wait",
        "still for approval " + data.text("/name") + ", " + std::to_string(data.number("/given")) +
            " of " + std::to_string(data.number("/needed")) + " given; " + asked +
            " may: " + approve_command(event.number, data.text("/name")),
        Tone::strong,
        Weight::attention,
    };
}

EventLine heard(const Event& event, const Style&) {
    const auto& data = event.data;
    auto text = "approval " + data.text("/name") + ": " + data.text("/vote") + " by " +
                data.text("/by") + ": " + data.text("/reason");
    const bool counts = data.flag("/counts");
    text += counts ? "" : "; does not count: " + data.text("/why_not");
    return {"said", text, counts ? Tone::strong : Tone::warning, Weight::change};
}

EventLine caused(const Event& event, const Style&) {
    const auto kind = event.data.text("/kind");
    const auto stage = event.data.text("/stage");
    const auto text = (stage.empty() ? "" : stage + "  ") + event.data.text("/headline");
    if (engine::is_wish(kind)) {
        return {"stop", text, Tone::warning, Weight::attention};
    }
    return {"FAIL", text, Tone::bad, Weight::attention};
}

EventLine requested(const Event& event, const Style&) {
    return {
        "ask",
        with_reason(event.data.text("/kind") + " asked by " + event.data.text("/by"), event.data),
        Tone::strong
    };
}

EventLine moved(const Event& event, const Style&) {
    const auto& data = event.data;
    const auto baseline = data.number("/baseline_pods");
    const auto fresh =
        baseline == 0 ? std::string() : ", " + std::to_string(baseline) + " baseline";
    return {
        "split",
        "asked " + percent(data.real("/asked_percent")) + ", reached " +
            percent(data.real("/achieved_percent")) + ": " +
            std::to_string(data.number("/candidate_pods")) + " candidate" + fresh + " and " +
            count_of(data.number("/stable_pods"), "stable pod"),
        Tone::candidate,
    };
}

EventLine noted(const Event& event, const Style&) {
    return {"note", event.data.text("/text"), Tone::plain, Weight::change};
}

EventLine task_begun(const Event& event, const Style&) {
    return {
        "task",
        event.data.text("/task") + ": " + event.data.text("/text"),
        Tone::plain,
        Weight::change
    };
}

EventLine task_told(const Event& event, const Style&) {
    return {
        "task",
        event.data.text("/task") + ": " + event.data.text("/data/text"),
        Tone::dim,
        Weight::effect
    };
}

EventLine task_ended(const Event& event, const Style&) {
    const auto& data = event.data;
    const auto end = data.text("/end");
    const auto detail = data.text("/detail");
    auto text = data.text("/task") + " " + (detail.empty() ? end : detail) + took_text(data);
    if (end == to_text(TaskEnd::done)) {
        return {"task", text, Tone::plain, Weight::change};
    }
    return {end == to_text(TaskEnd::failed) ? "FAIL" : "?", text, Tone::bad, Weight::attention};
}

const std::map<std::string, LineMaker, std::less<>>& makers() {
    static const std::map<std::string, LineMaker, std::less<>> all{
        {"rollout.started", begun},     {"rollout.state", changed},
        {"rollout.finished", finished}, {"rollout.cause", caused},
        {"rollout.request", requested}, {"lock.acquired", locked},
        {"lock.waiting", waited},       {"step.started", step_begun},
        {"step.finished", step_done},   {"step.failed", step_failed},
        {"step.skipped", step_skipped}, {"effect.intent", intended},
        {"effect.outcome", came_out},   {"gate.evaluated", gated},
        {"approval.awaited", awaited},  {"approval.reminder", reminded},
        {"approval.heard", heard},      {"traffic.moved", moved},
        {"task.started", task_begun},   {"task.told", task_told},
        {"task.finished", task_ended},  {"notice", noted},
    };
    return all;
}

}  // namespace

EventLine Narrator::tell(const Event& event) {
    auto told = event;
    const auto& data = event.data;
    if (event.type == "step.started") {
        step_text_ = data.text("/text");
    } else if (event.type == "step.finished" && !step_text_.empty()) {
        const auto detail = data.text("/detail");
        const bool is_news = detail.starts_with("advanced");
        told.data.set("/detail", step_text_ + (is_news ? ", " + detail : ""));
    } else if (event.type == "rollout.cause") {
        cause_ = data.text("/headline");
    } else if (!cause_.empty() && data.text("/reason") == cause_) {
        told.data.set("/reason", "");
    }
    return line_of(told, style_);
}

EventLine line_of(const Event& event, const Style& style) {
    const auto maker = makers().find(event.type);
    if (maker == makers().end()) {
        return {"event", event.type, Tone::dim, Weight::detail};  // of a newer program
    }
    return maker->second(event, style);
}

std::string to_text(const Event& event, const EventLine& line, const Style& style) {
    return to_clock_text(event.at) + " " + paint(style, line.tone, pad(line.word, 5)) + " " +
           printable(line.text);
}

}  // namespace deployctl::cli
