// SPDX-License-Identifier: Apache-2.0
// Reports, records and settings with bytes changed, cut out and doubled: no crash, no hang, nothing
// beyond its bounds, whatever comes out. The same texts each time.
#include "documents/json.hpp"
#include "readiness/audit.hpp"
#include "readiness/delta.hpp"
#include "readiness/reports/assessment_json.hpp"
#include "readiness/settings_reader.hpp"
#include "tests/readiness/report_bench.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <random>
#include <sstream>

namespace deployctl::readiness {
namespace {

class Mutations {
public:
    std::string of(std::string text) {
        for (auto left = number(1, 6); left > 0 && !text.empty(); --left) {
            change(text);
        }
        return text;
    }

private:
    std::size_t number(std::size_t least, std::size_t most) {
        return std::uniform_int_distribution<std::size_t>(least, most)(random_);
    }

    void change(std::string& text) {
        static constexpr std::string_view marks = "|`*#<>[]{}\"\\/:,.-0123456789%\n\t \0\xFF\xE2";
        const auto at = number(0, text.size() - 1);
        const auto length = number(1, std::min<std::size_t>(80, text.size() - at));
        switch (number(0, 3)) {
            case 0: text[at] = marks[number(0, marks.size() - 1)]; break;
            case 1: text.erase(at, length); break;
            case 2: text.insert(number(0, text.size()), text.substr(at, length)); break;
            default: text.insert(at, 1, static_cast<char>(number(0, 255))); break;
        }
    }

    std::mt19937 random_{4711};  // NOLINT: the same texts each time
};

std::string fixture() {
    std::ifstream file(tests::source_dir() / "tests/readiness/audit/report.md");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("mutated reports are audited, or refused", "[readiness]") {
    Mutations mutations;
    const auto report = fixture();
    int audited = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto audit = audit_report(mutations.of(report));
        audited += audit.trouble.empty() ? 1 : 0;
        const bool is_bounded = audit.findings.size() <= 200 &&
                                audit.total.low.rounded(4) <= audit.total.high.rounded(4) &&
                                audit.total.high.rounded(4) <= Decimal{100 * units_of_one, 0};
        if (!is_bounded) {
            FAIL(to_text(audit.total.low) + " to " + to_text(audit.total.high));
        }
    }
    CHECK(audited > 2000);
}

TEST_CASE("mutated records are compared, or refused", "[readiness]") {
    Mutations mutations;
    const auto good = documents::write_json_indented(to_value(mixed_assessment(), report_head()));
    const auto now = recorded_of(mixed_assessment());
    int compared = 0;
    for (int round = 0; round < 6000; ++round) {
        const auto record = read_recorded(mutations.of(good));
        if (!record.trouble.empty()) {
            continue;
        }
        ++compared;
        auto assessment = mixed_assessment();
        count_removed(assessment, record);
        const auto delta = compare(record, recorded_of(assessment));
        const bool adds_up = !delta.movement || delta.movement->now - delta.movement->before ==
                                                    delta.movement->by_rules +
                                                        delta.movement->by_coverage +
                                                        delta.movement->by_repository;
        const bool is_lower = assessment.score->low.hundredths <= now.score->first;
        if (!adds_up || !is_lower) {
            FAIL(documents::write_json(to_value(assessment, report_head())));
        }
    }
    CHECK(compared > 100);
}

TEST_CASE("mutated settings are read, or refused with a place", "[readiness]") {
    Mutations mutations;
    const std::string good =
        "minimum: 85\nweights: {containers: 20, cloud: 0}\nregistries: [a.example.com/b]\n"
        "kubernetes_version: \"1.31\"\nexclude: [vendor/]\nrules: [own.yaml]\nwaivers:\n"
        "  - {rule: A, object: b, reason: c, owner: d, expires: 2027-01-31}\n";
    int refused = 0;
    for (int round = 0; round < 2000; ++round) {
        const auto loaded = read_settings(mutations.of(good), "assess.yaml");
        refused += has_errors(loaded.diagnostics) ? 1 : 0;
        const bool is_sane = loaded.settings.minimum >= 0 && loaded.settings.minimum <= 100 &&
                             loaded.diagnostics.size() <= 60;
        for (const auto& mistake : loaded.diagnostics) {
            if (mistake.place.line < 1 || mistake.message.empty()) {
                FAIL(mistake.message);
            }
        }
        if (!is_sane) {
            FAIL("out of bounds");
        }
    }
    CHECK(refused > 500);
}

}  // namespace deployctl::readiness
