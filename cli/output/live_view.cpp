// SPDX-License-Identifier: Apache-2.0
#include "cli/output/live_view.hpp"

#include "cli/output/words.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace deployctl::cli {

namespace {

constexpr Duration paint_interval = milliseconds(100);
constexpr int bar_columns = 36;

std::string elapsed_text(std::optional<WallTime> from, WallTime to) {
    // The clock of the machine that wrote it may be ahead of ours.
    return from ? to_short_text(
                      std::max(Duration{}, Duration(std::chrono::floor<seconds>(to - *from)))
                  )
                : "";
}

std::string percent(double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f%%", value);
    return text;
}

std::string head_line(
    const Headline& headline, const Story& story, WallTime now, const Style& style
) {
    std::string line = paint(style, Tone::strong, printable(headline.app));
    if (!headline.environment.empty()) {
        line += " " + std::string(arrow(style)) + " " + printable(headline.environment);
    }
    line += "  " + printable(headline.previous_version) + " " + arrow(style) + " " +
            paint(style, Tone::strong, printable(headline.next_version));
    const auto between = std::string(" ") + dot(style) + " ";
    line += "   rollout " + std::to_string(headline.number) + between + to_text(headline.strategy);
    if (story.step) {
        const auto steps = is_going_back(story) ? headline.steps_back : headline.steps;
        line +=
            between + "step " + std::to_string(story.step->index + 1) + "/" + std::to_string(steps);
    }
    if (!story.state.empty() && story.state != "running") {
        line += between + paint(style, Tone::warning, words_of(story.state));
    }
    return line + between + elapsed_text(story.began, now);
}

Sign sign_of(const StageStory& stage) {
    switch (stage.now) {
        case StageStory::Now::waiting: return Sign::waiting;
        case StageStory::Now::running: return Sign::running;
        case StageStory::Now::done: return Sign::done;
        case StageStory::Now::failed: return Sign::failed;
        case StageStory::Now::stopped: return Sign::attention;
    }
    return Sign::unknown;
}

std::string stage_text(
    const StageStory& stage,
    const std::optional<Progress>& progress,
    WallTime now,
    const Style& style
) {
    auto text = sign(style, sign_of(stage)) + " " + printable(stage.name);
    if (stage.now == StageStory::Now::running) {
        text = sign(style, Sign::running) + " " + paint(style, Tone::strong, printable(stage.name));
        const bool is_timed = progress && progress->total && progress->stage == stage.name;
        text += " " +
                (is_timed ? to_short_text(progress->elapsed) + "/" + to_short_text(*progress->total)
                          : elapsed_text(stage.began, now));
    } else if (stage.ended) {
        text += " " + elapsed_text(stage.began, *stage.ended);
    }
    return text;
}

/// The stages in one line; finished ones are counted together where the window is too narrow for
/// all.
std::string stage_line(
    const Story& story, const std::optional<Progress>& progress, WallTime now, const Style& style
) {
    const bool is_back = is_going_back(story);
    std::vector<std::string> parts;
    std::size_t done = 0;
    for (const auto& stage : story.stages) {
        if (is_back && stage.now == StageStory::Now::waiting) {
            continue;  // what was to come does not come any more
        }
        done += parts.size() == done && stage.now == StageStory::Now::done ? 1 : 0;
        parts.push_back(stage_text(stage, progress, now, style));
    }
    std::string line = join(parts, "  ");
    for (std::size_t folded = 2; folded <= done && columns_of(line) >= style.width; ++folded) {
        const std::vector<std::string> rest(
            parts.begin() + static_cast<std::ptrdiff_t>(folded), parts.end()
        );
        line =
            sign(style, Sign::done) + " " + std::to_string(folded) + " stages  " + join(rest, "  ");
    }
    return line;
}

std::string traffic_line(const WeightRow& weight, const Style& style) {
    const auto share = std::clamp(weight.achieved, 0.0, 100.0);
    const int right = static_cast<int>(std::lround(share * bar_columns / 100));
    std::string stable;
    std::string candidate;
    for (int column = 0; column < bar_columns; ++column) {
        const bool is_stable = column < bar_columns - right;
        (is_stable ? stable : candidate) +=
            style.ascii ? (is_stable ? "#" : "=") : (is_stable ? "█" : "▒");
    }
    return "traffic  stable " + paint(style, Tone::stable, stable) +
           paint(style, Tone::candidate, candidate) + " candidate     asked " +
           std::to_string(weight.asked) + "%, reached " + percent(weight.achieved);
}

std::string pods_line(const Progress& progress, const Style& style) {
    auto line = "pods     stable " + std::to_string(progress.stable_ready) + "/" +
                std::to_string(progress.stable_wanted);
    if (progress.candidate_wanted > 0 || progress.candidate_ready > 0) {
        line += "   candidate " + std::to_string(progress.candidate_ready) + "/" +
                std::to_string(progress.candidate_wanted);
    }
    const auto restarts = count_of(progress.candidate_restarts, "restart");
    return line + ", " +
           (progress.candidate_restarts > 0 ? paint(style, Tone::warning, restarts) : restarts);
}

std::string history_of(const GateStory& gate, const Style& style) {
    std::string marks;
    for (const auto& answer : gate.history) {
        const auto which = answer == "pass"   ? Sign::done
                           : answer == "fail" ? Sign::failed
                                              : Sign::unknown;
        marks += sign(style, which);
    }
    return marks;
}

std::string gate_line(const std::string& name, const GateStory& gate, const Style& style) {
    return pad(printable(name), 8) + " " + printable(measured_text(gate)) + "   " +
           history_of(gate, style);
}

}  // namespace

std::vector<std::string> draw(
    const Headline& headline,
    const Story& story,
    const std::optional<Progress>& progress,
    WallTime now,
    const Style& style
) {
    std::vector<std::string> lines{
        head_line(headline, story, now, style),
        stage_line(story, progress, now, style),
    };
    if (story.weight) {
        lines.push_back(traffic_line(*story.weight, style));
    }
    if (progress) {
        lines.push_back(pods_line(*progress, style));
    }
    for (const auto& [name, gate] : story.gates) {
        lines.push_back(gate_line(name, gate, style));
    }
    if (story.step) {
        const bool is_of_it = progress && progress->stage == story.step->stage;
        const bool is_told = is_of_it && !progress->waiting_for.empty();
        const auto waiting = is_told ? ": " + progress->waiting_for : "";
        lines.push_back("now      " + printable(story.step->text + waiting));
    }
    return lines;
}

LiveView::LiveView(LiveArea area, const Clock& clock, Headline headline, Story story, Style style)
    : area_(std::move(area)),
      clock_(clock),
      headline_(std::move(headline)),
      story_(std::move(story)),
      style_(style),
      narrator_(style) {}

LiveView::~LiveView() {
    paint();
    area_.leave();
}

void LiveView::on_event(const Event& event) {
    add_event(story_, event);
    headline_.number = event.number;
    if (event.type == "rollout.started") {
        headline_.steps = static_cast<int>(event.data.number("/steps", headline_.steps));
    }
    const auto line = narrator_.tell(event);
    if (line.weight == Weight::attention && event.type != "gate.evaluated") {
        area_.print_above(to_text(event, line, style_));
    }
    const bool is_due = !painted_ || clock_.boot_time() - *painted_ >= paint_interval;
    if (is_due || event.type.starts_with("rollout.")) {
        paint();
    }
}

void LiveView::on_progress(const Progress& progress) {
    now_.progress = progress;
    if (!painted_ || clock_.boot_time() - *painted_ >= paint_interval) {
        paint();
    }
}

void LiveView::ask(std::vector<std::string> question) {
    now_.question = std::move(question);
    paint();
}

void LiveView::paint() {
    painted_ = clock_.boot_time();
    auto lines = draw(headline_, story_, now_.progress, clock_.now(), style_);
    for (const auto& line : now_.question) {
        lines.push_back(cli::paint(style_, Tone::strong, line));
    }
    area_.paint(lines);
}

}  // namespace deployctl::cli
