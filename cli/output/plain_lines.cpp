// SPDX-License-Identifier: Apache-2.0
#include "cli/output/plain_lines.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <ostream>

namespace deployctl::cli {

namespace {

std::string section_name(const std::string& stage) {
    std::string name = "deployctl_";
    for (const char letter : stage) {
        const bool is_plain = std::isalnum(static_cast<unsigned char>(letter)) != 0;
        name += is_plain ? letter : '_';
    }
    return name;
}

std::int64_t unix_seconds(WallTime at) {
    return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

std::string to_text(const Progress& progress) {
    auto text = progress.stage + "  " + to_short_text(progress.elapsed);
    if (progress.total) {
        text += "/" + to_short_text(*progress.total);
    }
    if (!progress.waiting_for.empty()) {
        text += "  " + progress.waiting_for;
    }
    text += "  stable " + std::to_string(progress.stable_ready) + "/" +
            std::to_string(progress.stable_wanted);
    if (progress.candidate_wanted > 0) {
        text += "  candidate " + std::to_string(progress.candidate_ready) + "/" +
                std::to_string(progress.candidate_wanted);
    }
    if (progress.candidate_restarts > 0) {
        text += ", " + count_of(progress.candidate_restarts, "restart");
    }
    for (const auto& gate : progress.gates) {
        text += "  " + gate;
    }
    return text;
}

PlainLines::PlainLines(std::ostream& stream, const Clock& clock, PlainOptions options)
    : stream_(stream),
      clock_(clock),
      options_(options),
      narrator_(options.style),
      last_line_(clock.boot_time()) {}

PlainLines::~PlainLines() {
    leave_stage(clock_.now());
    stream_.flush();
}

void PlainLines::on_event(const Event& event) {
    const auto stage = event.data.text("/stage");
    if (event.type.starts_with("step.") && stage != stage_) {
        leave_stage(event.at);
        enter_stage(stage, event.at);
    }
    if (event.type == "rollout.finished") {
        leave_stage(event.at);
    }
    const auto line = narrator_.tell(event);
    if (line.weight > options_.most) {
        return;
    }
    stream_ << to_text(event, line, options_.style) << "\n";
    stream_.flush();
    last_line_ = clock_.boot_time();
}

void PlainLines::on_progress(const Progress& progress) {
    const auto now = clock_.boot_time();
    if (now - last_line_ < options_.heartbeat) {
        return;
    }
    last_line_ = now;
    stream_ << to_clock_text(clock_.now()) << " " << paint(options_.style, Tone::dim, "wait ")
            << " " << printable(to_text(progress)) << "\n";
    stream_.flush();
}

void PlainLines::enter_stage(const std::string& stage, WallTime at) {
    stage_ = stage;
    const auto title = printable(stage);
    if (options_.folds == Folds::github) {
        stream_ << "::group::" << title << "\n";
    } else if (options_.folds == Folds::gitlab) {
        stream_ << "\033[0Ksection_start:" << unix_seconds(at) << ":" << section_name(stage)
                << "\r\033[0K" << title << "\n";
    }
}

void PlainLines::leave_stage(WallTime at) {
    if (stage_.empty()) {
        return;
    }
    if (options_.folds == Folds::github) {
        stream_ << "::endgroup::\n";
    } else if (options_.folds == Folds::gitlab) {
        stream_ << "\033[0Ksection_end:" << unix_seconds(at) << ":" << section_name(stage_)
                << "\r\033[0K\n";
    }
    stage_.clear();
}

}  // namespace deployctl::cli
