// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/practice.hpp"

#include "model/text.hpp"
#include "model/time.hpp"
#include "readiness/checks/promises.hpp"

#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;
using std::chrono::seconds;

constexpr auto longest_unverified = std::chrono::days(30);

std::optional<seconds> seconds_at(const Node& node, std::string_view path) {
    const auto count = whole_number(node.text_at(path));
    return count ? std::optional(seconds(*count)) : std::nullopt;
}

std::string text_of(seconds span) {
    return to_short_text(span);
}

std::string name_of(const Node& drill) {
    return "drill " + std::string(drill.text_at("number"));
}

std::optional<Answer> drill_is_recent(const Subject& drills, const Facts& /*facts*/) {
    const auto every = seconds_at(*drills.node, "every_seconds");
    const auto& good = drills.node->at("last_good");
    const auto age = seconds_at(good, "age_seconds");
    if (!every) {
        return std::nullopt;
    }
    const auto expected = "one every " + text_of(*every);
    if (!age) {
        return fails("no drill has ended well yet", expected);
    }
    return *age <= *every
               ? holds(name_of(good) + ", " + text_of(*age) + " ago")
               : fails_at(good, name_of(good) + " is " + text_of(*age) + " old", expected);
}

std::optional<Answer> last_drill_ended_well(const Subject& drills, const Facts& /*facts*/) {
    const auto& last = drills.node->at("last");
    if (!last.exists()) {
        return std::nullopt;
    }
    const auto age = seconds_at(last, "age_seconds").value_or(seconds(0));
    const auto told = name_of(last) + ", " + text_of(age) + " ago, ";
    return last.flag_at("is_good") ? holds(told + "ended well")
                                   : fails_at(last, told + "has not ended well");
}

/// Of the last drill that ended well, against what is promised now.
std::optional<Answer> keeps(const Node& drills, std::string_view measure, const char* words) {
    const auto& good = drills.at("last_good");
    const auto key = std::string(measure) + "_seconds";
    const auto measured = seconds_at(good, key);
    const auto promised = seconds_at(drills, std::string(measure) + "_target_seconds");
    if (!measured || !promised) {
        return std::nullopt;
    }
    const auto told = name_of(good) + words + text_of(*measured);
    return *measured <= *promised ? holds(told)
                                  : fails_at(good.at(key), told, "at most " + text_of(*promised));
}

std::optional<Answer> drill_keeps_rto(const Subject& drills, const Facts& /*facts*/) {
    return keeps(*drills.node, "rto", " took ");
}

std::optional<Answer> drill_keeps_rpo(const Subject& drills, const Facts& /*facts*/) {
    return keeps(*drills.node, "rpo", " would have lost ");
}

/// By deploy.yaml, else by what a document says.
std::optional<Answer> going_back_is_fast(const Subject& rollbacks, const Facts& facts) {
    const auto& median = rollbacks.node->at("median_seconds");
    const auto took = seconds_at(*rollbacks.node, "median_seconds");
    auto promised = seconds_at(*rollbacks.node, "rto_target_seconds");
    if (!promised) {
        promised = promised_rto(facts);
    }
    if (!took || !promised) {
        return std::nullopt;
    }
    const auto count = whole_number(rollbacks.node->text_at("count")).value_or(1);
    const auto told = "the median of " + count_of(count, "rollback") + " is " + text_of(*took);
    return *took <= *promised ? holds(told)
                              : fails_at(median, told, "at most " + text_of(*promised));
}

std::optional<Answer> backup_was_restored(const Subject& record, const Facts& /*facts*/) {
    const auto& node = *record.node;
    const auto expected = "one every " + text_of(longest_unverified);
    const auto verified = seconds_at(node, "verified_seconds_ago");
    const auto failed = seconds_at(node, "failed_seconds_ago");
    if (failed && (!verified || *failed < *verified)) {
        return fails("the last restore, " + text_of(*failed) + " ago, has failed", expected);
    }
    if (!verified) {
        return fails(
            node.flag_at("can_be_verified") ? "no restore is in the journal"
                                            : "no program is configured that restores it elsewhere",
            expected
        );
    }
    const auto told = "the last restore was " + text_of(*verified) + " ago";
    return *verified <= longest_unverified ? holds(told) : fails(told, expected);
}

constexpr std::array<NamedCheck, 6> checks = {{
    {"drill-is-recent", drill_is_recent},
    {"last-drill-ended-well", last_drill_ended_well},
    {"drill-keeps-rto", drill_keeps_rto},
    {"drill-keeps-rpo", drill_keeps_rpo},
    {"going-back-is-fast", going_back_is_fast},
    {"backup-was-restored", backup_was_restored},
}};

}  // namespace

std::span<const NamedCheck> practice_checks() {
    return checks;
}

}  // namespace deployctl::readiness
