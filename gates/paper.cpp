// SPDX-License-Identifier: Apache-2.0
#include "gates/paper.hpp"

#include "model/image.hpp"
#include "ports/one_line.hpp"

#include <array>

namespace deployctl::gates {

namespace {

constexpr Duration most_ahead = minutes(5);

/// A member of the report, and what it must be where it is there.
struct Subject {
    const char* member;
    std::string ours;
};

}  // namespace

bool is_ahead(WallTime time, WallTime now) {
    return time > now + most_ahead;
}

std::string age_trouble(WallTime made_at, WallTime now, Duration max_age, std::string_view help) {
    if (is_ahead(made_at, now)) {
        return "it is of " + to_rfc3339(made_at) + ", which is yet to come";
    }
    return now - made_at > max_age ? "it is " + to_short_text(now - made_at) + " old, at most " +
                                         to_text(max_age) + " will do; " + std::string(help)
                                   : "";
}

std::optional<Verdict> doubt_about_subject(
    const Value& report, const Placeholders& names, const std::string& file
) {
    const std::array subjects{
        Subject{"app", value_of(names, "app")},
        Subject{"env", value_of(names, "env")},
        Subject{"version", value_of(names, "version")},
        Subject{"digest", read_image(value_of(names, "image")).digest},
    };
    for (const auto& [member, ours] : subjects) {
        const auto& theirs = report.at(std::string("/") + member);
        const bool is_open = ours.empty() || theirs.is_null();
        if (!is_open && theirs != Value(ours)) {
            Verdict verdict{Answer::fail, "", "", ours, {}};
            verdict.measured =
                theirs.is_string() ? one_line(theirs.view(""), 100) : std::string("no text");
            verdict.reason =
                one_line(file) + " is about another " + member + " than the one that is deployed";
            return verdict;
        }
    }
    return std::nullopt;
}

}  // namespace deployctl::gates
