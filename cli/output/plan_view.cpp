// SPDX-License-Identifier: Apache-2.0
#include "cli/output/plan_view.hpp"

#include "cli/output/task_lines.hpp"
#include "cli/output/words.hpp"
#include "engine/estimate.hpp"
#include "engine/plan_json.hpp"
#include "model/image.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <cstdio>

namespace deployctl::cli {

namespace {

std::string percent(double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.0f%%", value);
    return text;
}

std::string image_text(const ImageRef& image, const Style& style) {
    auto text = version_text(image);
    return image.digest.empty() || text == image.digest
               ? text
               : text + " " + with_short_digests(image.digest, style);
}

std::string head(const Plan& plan, const PlanView& view) {
    const auto& style = view.style;
    const auto place =
        (view.context.empty() ? "" : view.context + "/") + plan.target.kube_namespace;
    std::string weights;
    for (const auto& row : plan.course.weights) {
        weights += (weights.empty() ? "  " : std::string(" ") + arrow(style) + " ") +
                   std::to_string(row.asked);
    }
    return "Plan " + engine::hash_of(plan).substr(0, 8) + "  " +
           paint(style, Tone::strong, place_text(plan.target, style)) + "   " + printable(place) +
           "   " + to_text(plan.strategy) + weights + "\n";
}

/// "ConfigMap/web: key level changed", and not "spec/volumes/0 changed": kinds begin with a
/// capital.
bool names_its_object(const std::string& change) {
    const bool is_capital = !change.empty() && change.front() >= 'A' && change.front() <= 'Z';
    return is_capital &&
           change.substr(0, change.find_first_of(" :")).find('/') != std::string::npos;
}

std::string change_lines(const Plan& plan, const Style& style) {
    const auto before = read_image(plan.release.previous_image);
    const auto after = read_image(plan.release.image);
    auto text = "  image  " + printable(image_text(before, style)) + " " + arrow(style) + " " +
                printable(image_text(after, style)) + "   " + printable(after.repository) + "\n";
    for (const auto& change : plan.release.changes) {
        if (change.starts_with("image ")) {
            continue;  // it is the first line
        }
        const auto subject =
            names_its_object(change) ? "" : "Deployment/" + printable(plan.workload) + "  ";
        text += "  " + paint(style, Tone::warning, "~") + " " + subject +
                with_short_digests(printable(change), style) + "\n";
    }
    return text;
}

std::string weight_table(const Plan& plan, const Style& style) {
    if (plan.course.weights.empty()) {
        return "";
    }
    std::vector<std::vector<std::string>> rows{
        {"  asked", "reached", "stable pods", "candidate pods"}
    };
    for (const auto& row : plan.course.weights) {
        rows.push_back({
            "  " + std::to_string(row.asked) + "%",
            percent(row.achieved),
            std::to_string(row.stable),
            std::to_string(row.candidate),
        });
    }
    if (!plan.baseline.empty()) {
        rows.front().emplace_back("baseline pods");
        for (std::size_t index = 0; index < plan.course.weights.size(); ++index) {
            rows[index + 1].push_back(std::to_string(plan.course.weights[index].baseline));
        }
    }
    return "Weights\n" + table(style, rows, Folding::none);
}

std::string step_lines(const std::vector<Step>& steps, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    std::string stage;
    std::vector<std::string> gates;
    int number = 0;
    for (const auto& step : steps) {
        auto action = printable(to_text(step.action));
        if (!step.gates.empty() && step.gates != gates) {
            action +=
                "  " + paint(style, Tone::dim, "watching " + printable(join(step.gates, ", ")));
        }
        rows.push_back(
            {"  " + std::to_string(++number),
             step.stage == stage ? "" : printable(step.stage),
             action}
        );
        stage = step.stage;
        gates = step.gates;
    }
    return table(style, rows, Folding::none);
}

std::string stage_line(const std::vector<Step>& steps, const Style& style) {
    std::vector<std::string> stages;
    for (const auto& step : steps) {
        if (stages.empty() || stages.back() != step.stage) {
            stages.push_back(printable(step.stage));
        }
    }
    return "Stages  " + join(stages, std::string(" ") + arrow(style) + " ") + "   " +
           count_of(static_cast<std::int64_t>(steps.size()), "step") + "\n";
}

/// To five seconds, from ten minutes on to whole ones: nobody knows better.
std::string about(Duration duration) {
    if (duration >= minutes(10)) {
        return to_text(std::chrono::round<minutes>(duration));
    }
    const auto fives = std::chrono::round<std::chrono::duration<long, std::ratio<5>>>(duration);
    return to_text(std::max<Duration>(fives, seconds(5)));
}

std::string time_line(const Plan& plan) {
    const auto estimate = engine::estimate_of(plan, plan.course.steps);
    std::vector<std::string> parts;
    const auto add = [&parts](Duration duration, const char* what) {
        if (duration > Duration{}) {
            parts.push_back(about(duration) + " " + what);
        }
    };
    add(estimate.holds, "holds");
    add(estimate.gates, "gates");
    add(estimate.drains, "drains");
    return "Takes about " + about(estimate.total()) +
           (parts.empty() ? "" : ", of which " + join(parts, ", ")) +
           "; pulling images comes on top\n";
}

std::string back_line(const Plan& plan) {
    const auto version = version_text(read_image(plan.release.previous_image));
    const auto time = engine::estimate_of(plan, plan.way_back).total();
    return "Rollback to " + printable(version) + ": up to about " + about(time) + ", " +
           count_of(static_cast<std::int64_t>(plan.way_back.size()), "step") + ", " +
           (plan.on_failure == OnFailure::rollback ? "by itself when a gate or a pod fails"
                                                   : "when asked; a failure holds and waits") +
           "\n";
}

std::string sight_lines(const engine::PlanSight& sight, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [gate, hold] : sight.holds) {
        rows.push_back({"  " + printable(hold.planned.stage), printable(gate), printable(hold.text)}
        );
    }
    auto text = rows.empty()
                    ? ""
                    : "What holds see, at the traffic of now\n" + table(style, rows, Folding::none);
    for (const auto& why : sight.unknown) {
        text += sign(style, Sign::unknown) + " " + printable(why) + "\n";
    }
    return text;
}

std::string freeze_line(const PlanView& view) {
    return view.freeze.empty() ? "" : "freeze: " + printable(view.freeze) + "\n";
}

}  // namespace

std::string draw_objections(const engine::PlanDraft& draft, const Style& style) {
    std::string text;
    for (const auto& refusal : draft.refusals) {
        text += sign(style, Sign::failed) + " " + printable(refusal) + "\n";
    }
    for (const auto& warning : draft.warnings) {
        text += sign(style, Sign::attention) + " " + printable(warning) + "\n";
    }
    return text;
}

std::string draw(const engine::PlanDraft& draft, const PlanView& view) {
    const auto& plan = draft.plan;
    const auto& style = view.style;
    auto text = head(plan, view) + change_lines(plan, style);
    text += view.infra.empty() ? "" : "  terraform  " + printable(view.infra) + "\n";
    if (draft.is_no_change) {
        return text + "Nothing to do: it runs exactly this already.\n" +
               draw_objections(draft, style);
    }
    text += weight_table(plan, style);
    text += view.detail == PlanView::Detail::steps
                ? "Steps\n" + step_lines(plan.course.steps, style)
                : stage_line(plan.course.steps, style);
    text += task_lines(plan, style);
    text += sight_lines(view.sight, style);
    return text + time_line(plan) + back_line(plan) + freeze_line(view) +
           draw_objections(draft, style);
}

}  // namespace deployctl::cli
