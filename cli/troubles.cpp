// SPDX-License-Identifier: Apache-2.0
#include "cli/troubles.hpp"

#include "model/text.hpp"

#include <charconv>
#include <string_view>

namespace deployctl::cli {

namespace {

using simulation::Trouble;
using simulation::TroubleInfo;
using simulation::TroubleTakes;

constexpr std::string_view step_word = "@step";

[[noreturn]] void refuse(const std::string& what, const std::string& help) {
    throw Error(ExitCode::usage, what, help);
}

const TroubleInfo& find_trouble(const std::string& name, const std::string& of) {
    std::vector<std::string> names;
    for (const auto& known : simulation::all_troubles()) {
        if (name == known.name) {
            return known;
        }
        names.emplace_back(known.name);
    }
    refuse_choice(name, of, names);
}

int read_step(std::string_view text, const std::string& whole, const std::string& of) {
    const int step = whole_number<int>(text).value_or(0);
    if (step < 1) {
        refuse(
            of + ": `" + whole + "` names no step", "write @step1, @step2, ... as shown by plan"
        );
    }
    return step;
}

/// "20%" or "0.2".
double read_share(std::string text, const std::string& of) {
    const bool is_percent = text.ends_with('%');
    if (is_percent) {
        text.pop_back();
    }
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const auto share = is_percent ? number / 100 : number;
    if (error != std::errc{} || stop != end || !(share > 0 && share <= 1)) {
        refuse(of + ": errors needs a share of the requests", "write errors=20% or errors=0.2");
    }
    return share;
}

void read_value(Trouble& trouble, const std::string& value, const std::string& of) {
    const auto& about = simulation::info(trouble.kind);
    switch (about.takes) {
        case TroubleTakes::nothing:
            if (!value.empty()) {
                refuse(of + ": " + about.name + " takes no value", "leave out `=" + value + "`");
            }
            return;
        case TroubleTakes::share: trouble.share = read_share(value, of); return;
        case TroubleTakes::duration: {
            const auto length = value.empty() ? about.usual_length : read_duration(value);
            if (!length || *length <= Duration{}) {
                refuse(
                    of + ": `" + value + "` is no duration",
                    std::string("write one like ") + about.name + "=30s"
                );
            }
            trouble.length = *length;
            return;
        }
    }
}

Trouble read_trouble(const std::string& text, const std::string& of) {
    Trouble trouble;
    const auto at = text.find('@');
    if (at != std::string::npos) {
        const auto place = std::string_view(text).substr(at);
        const bool names_step = place.starts_with(step_word);
        trouble.step =
            read_step(names_step ? place.substr(step_word.size()) : std::string_view(), text, of);
    }
    const auto what = text.substr(0, at);
    const auto equals = what.find('=');
    trouble.kind = find_trouble(what.substr(0, equals), of).kind;
    const auto value = equals == std::string::npos ? std::string() : what.substr(equals + 1);
    read_value(trouble, value, of);
    return trouble;
}

std::string form_of(const TroubleInfo& known) {
    switch (known.takes) {
        case TroubleTakes::nothing: return known.name;
        case TroubleTakes::share: return std::string(known.name) + "=SHARE";
        case TroubleTakes::duration:
            return std::string(known.name) + "[=" + deployctl::to_text(known.usual_length) + "]";
    }
    return known.name;
}

}  // namespace

ValueReader into(std::vector<Trouble>& troubles) {
    ValueReader reader;
    reader.set = [&troubles](const std::string& text, const std::string& of) {
        troubles.push_back(read_trouble(text, of));
    };
    reader.times = ValueReader::Times::repeatedly;
    return reader;
}

std::string known_troubles() {
    std::string text;
    for (const auto& known : simulation::all_troubles()) {
        text += (text.empty() ? "" : "; ") + form_of(known) + ": " + known.meaning;
    }
    return text;
}

void need_steps(const std::vector<Trouble>& troubles, int steps) {
    for (const auto& trouble : troubles) {
        if (trouble.step > steps) {
            refuse(
                "--fail: " + simulation::to_text(trouble) + " names no step: this plan has " +
                    std::to_string(steps),
                "`deployctl plan` shows them"
            );
        }
    }
}

}  // namespace deployctl::cli
