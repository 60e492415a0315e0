// SPDX-License-Identifier: Apache-2.0
#include "cli/order_check.hpp"

#include "model/image.hpp"

#include <utility>

namespace deployctl::cli {

namespace {

Diagnostic mistake(const char* where, const char* code, std::string message, std::string help) {
    Diagnostic one;
    one.code = code;
    one.message = std::move(message);
    one.place.file = where;
    one.help = std::move(help);
    return one;
}

void check_tag_form(const std::string& tag, Diagnostics& mistakes) {
    switch (check_tag(tag)) {
        case TagForm::good: return;
        case TagForm::empty:
            mistakes.push_back(
                mistake("TAG", "C1011", "the tag is empty", "name a tag, such as v2.31.0")
            );
            return;
        case TagForm::too_long:
            mistakes.push_back(
                mistake("TAG", "C1011", "the tag is longer than 128 letters", "name a shorter one")
            );
            return;
        case TagForm::bad_character:
            mistakes.push_back(mistake(
                "TAG",
                "C1011",
                "`" + tag + "` is no tag",
                "a tag has letters, digits, `_`, `.` and `-`, and begins with none of the last "
                "two; the image is not part of it"
            ));
    }
}

/// The rules of `strategies.canary.steps`.
void check_weights(const std::vector<int>& weights, Diagnostics& mistakes) {
    const std::string help = "write weights from 1 to 100 that rise, such as --steps 5,25,50";
    int before = 0;
    for (const int weight : weights) {
        const auto number = std::to_string(weight);
        if (weight < 1 || weight > 100) {
            mistakes.push_back(
                mistake("--steps", "C1012", number + " is no weight from 1 to 100", help)
            );
        } else if (weight <= before) {
            mistakes.push_back(mistake(
                "--steps",
                "C1023",
                "the weights of a canary must rise, and " + number + " is not more than " +
                    std::to_string(before) + " before it",
                help
            ));
        }
        before = weight;
    }
}

}  // namespace

Diagnostics mistakes_of(
    const Order& order, std::optional<StrategyKind> strategy, const std::string& environment
) {
    Diagnostics mistakes;
    check_tag_form(order.tag, mistakes);
    if (!strategy) {
        const auto whose = environment.empty() ? "" : " for environment `" + environment + "`";
        mistakes.push_back(mistake(
            "--strategy",
            "C1009",
            "no strategy is configured" + whose,
            "plan takes --strategy canary, blue-green or rolling; use rollout canary, rollout "
            "blue-green or rollout rolling; or write `strategy:` into the environment"
        ));
    }
    if (order.steps) {
        check_weights(*order.steps, mistakes);
        if (strategy && *strategy != StrategyKind::canary) {
            mistakes.push_back(mistake(
                "--steps",
                "C1013",
                "only a canary has weights, and the strategy is " + std::string(to_text(*strategy)),
                "leave --steps out, or choose the strategy canary"
            ));
        }
    }
    return mistakes;
}

}  // namespace deployctl::cli
