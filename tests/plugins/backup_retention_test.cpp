// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/retention.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::plugins::backup;

namespace {

const WallTime today = *read_rfc3339("2027-01-31T12:00:00Z");

Listed aged(int days, Presence presence = Presence::whole) {
    Listed listed;
    listed.artefact.id = std::to_string(days);
    listed.artefact.making.started = today - std::chrono::days(days);
    listed.presence = presence;
    return listed;
}

Listed unproven(int days) {
    auto listed = aged(days);
    listed.artefact.verified = Verification{today, "ada", Proof::failed, "no rows"};
    return listed;
}

/// "0 stays: the newest good one", one a line.
std::string text_of(const std::vector<Listed>& all, Retention keep) {
    std::string text;
    for (const auto& judged : judge(all, keep, today)) {
        text += judged.listed.artefact.id + (judged.fate == Fate::stays ? " stays: " : " goes: ") +
                judged.why + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("what either rule keeps stays", "[backup]") {
    CHECK(
        text_of({aged(1), aged(2), aged(5), aged(8), aged(40)}, {3, 7}) ==
        "1 stays: the newest good one\n"
        "2 stays: one of the last 3\n"
        "5 stays: one of the last 3\n"
        "8 goes: 8 days old, and none of the last 3\n"
        "40 goes: 40 days old, and none of the last 3\n"
    );
    CHECK(
        text_of({aged(1), aged(2), aged(7)}, {1, 7}) ==
        "1 stays: the newest good one\n"
        "2 stays: younger than 7 days\n"
        "7 goes: 7 days old, and not the newest good one\n"
    );
}

TEST_CASE("the newest good backup stays, whatever the rules say", "[backup]") {
    CHECK(
        text_of({aged(300), aged(301)}, {0, 0}) ==
        "300 stays: the newest good one\n"
        "301 goes: 301 days old, and not the newest good one\n"
    );
    CHECK(
        text_of(
            {unproven(1), aged(2, Presence::missing), aged(3, Presence::changed), aged(90)}, {1, 0}
        ) ==
        "1 goes: 1 day old, and no good\n"
        "2 goes: its file is gone\n"
        "3 goes: 3 days old, and no good\n"
        "90 stays: the newest good one\n"
    );
}

TEST_CASE("what is no good is none of the last ones", "[backup]") {
    CHECK(
        text_of({unproven(1), aged(2), aged(3), aged(9)}, {2, 7}) ==
        "1 stays: younger than 7 days\n"
        "2 stays: the newest good one\n"
        "3 stays: one of the last 2\n"
        "9 goes: 9 days old, and none of the last 2\n"
    );
}

TEST_CASE("a backup of a clock that was ahead is young", "[backup]") {
    CHECK(
        text_of({aged(-2), aged(1)}, {0, 1}) ==
        "-2 stays: the newest good one\n1 goes: 1 day old, and not the newest good one\n"
    );
}

TEST_CASE("a manifest whose file is gone goes, however young", "[backup]") {
    auto snapshot = aged(2, Presence::missing);
    snapshot.artefact.making.held.kind = "VolumeSnapshot";
    CHECK(
        text_of({aged(1, Presence::missing), snapshot, aged(3)}, {10, 30}) ==
        "1 goes: its file is gone\n"
        "2 stays: younger than 30 days\n"
        "3 stays: the newest good one\n"
    );
}

TEST_CASE("a rule that is 0 keeps nothing", "[backup]") {
    CHECK(
        text_of({aged(1), aged(2), aged(3)}, {2, 0}) ==
        "1 stays: the newest good one\n"
        "2 stays: one of the last 2\n"
        "3 goes: 3 days old, and none of the last 2\n"
    );
}
