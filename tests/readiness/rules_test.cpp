// SPDX-License-Identifier: Apache-2.0
// Each rule that is compiled in, on its fixtures: tests/readiness/rules/<ID>.yaml holds the files
// on which it passes, fails and is not applicable, and where it says that it fails.
#include "documents/yaml.hpp"
#include "readiness/categories.hpp"
#include "tests/readiness/told.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace deployctl::readiness {
namespace {

std::filesystem::path folder() {
    return std::filesystem::path(tests::source_dir()) / "tests/readiness/rules";
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

Texts texts_of(const documents::YamlNode& node) {
    Texts texts;
    for (const auto& entry : node.entries) {
        texts[entry.key] = entry.value.text;
    }
    return texts;
}

std::string place_of(const Finding& finding) {
    return std::string(finding.place.file) + ":" + std::to_string(finding.place.spot.line);
}

/// The rule alone, so that a test is fast and tells of one thing.
RuleResult ask(
    const Rule& rule,
    const documents::YamlNode& files,
    const Settings& settings,
    Assessment& assessment
) {
    auto pack = std::make_shared<RulePack>();
    pack->rules.push_back(rule);
    assessment = assess_told(texts_of(files), pack, settings);
    return assessment.results.front();
}

std::string described(const RuleResult& result) {
    std::string text = std::to_string(result.not_applicable) + " not applicable;";
    for (const auto& finding : result.findings) {
        text += " " + std::string(outcome_names.at(static_cast<std::size_t>(finding.outcome))) +
                " " + std::string(finding.object()) + " at " + place_of(finding) + " (" +
                finding.observed + ");";
    }
    return text;
}

bool all_are(const RuleResult& result, Outcome outcome) {
    return !result.findings.empty() &&
           std::all_of(result.findings.begin(), result.findings.end(), [&](const Finding& one) {
               return one.outcome == outcome;
           });
}

const Finding* first(const RuleResult& result, Outcome outcome) {
    for (const auto& finding : result.findings) {
        if (finding.outcome == outcome) {
            return &finding;
        }
    }
    return nullptr;
}

/// `registries: [...]` at the top of a fixture.
Settings settings_of(const documents::YamlNode& fixture) {
    Settings settings;
    if (const auto* registries = fixture.find("registries")) {
        for (const auto& one : registries->value.items) {
            settings.registries.push_back(one.text);
        }
    }
    return settings;
}

struct Case {
    const documents::YamlEntry& entry;
    std::string at;
    Settings settings;
};

void check_case(const Rule& rule, const Case& one) {
    const auto& [entry, at, settings] = one;
    Assessment assessment;
    const auto result = ask(rule, entry.value, settings, assessment);
    INFO(rule.id << ", " << entry.key << ": " << described(result));
    if (entry.key.starts_with("pass")) {
        CHECK(all_are(result, Outcome::pass));
    } else if (entry.key.starts_with("fail")) {
        const auto* failure = first(result, Outcome::fail);
        CHECK(failure != nullptr);
        if (failure == nullptr) {
            return;
        }
        CHECK((at.empty() || place_of(*failure) == at));
        // What is wrong is told; a value that is not there to be told is none.
        CHECK(!failure->observed.empty());
    } else if (entry.key.starts_with("unknown")) {
        CHECK(first(result, Outcome::not_assessed) != nullptr);
        CHECK(first(result, Outcome::fail) == nullptr);
    } else {
        CHECK(entry.key.starts_with("not_applicable"));
        CHECK(result.findings.empty());
    }
}

std::string place_beside(const documents::YamlNode& root, const std::string& key) {
    const auto* at = root.find(key == "fail" ? "at" : "at" + key.substr(4));
    return at == nullptr ? "" : at->value.text;
}

void check_fixture(const Rule& rule) {
    const auto path = folder() / (rule.id + ".yaml");
    INFO(path.string());
    const auto text = text_of(path);
    const documents::YamlSource source(text, path.string());
    const auto fixture = documents::read_yaml(source);
    REQUIRE(fixture.diagnostics.empty());
    for (const auto* needed : {"pass", "fail", "not_applicable"}) {
        INFO(needed);
        CHECK(fixture.root.find(needed) != nullptr);
    }
    for (const auto& entry : fixture.root.entries) {
        if (!entry.key.starts_with("at") && entry.key != "registries") {
            const auto at = place_beside(fixture.root, entry.key);
            check_case(rule, {entry, at, settings_of(fixture.root)});
        }
    }
}

TEST_CASE("the program's own rules would be taken from anybody", "[readiness]") {
    auto files = own_rule_files();
    for (auto& file : files) {
        file.patterns = Patterns::to_be_tried;
    }
    CHECK(read_rules(files).diagnostics.empty());
}

TEST_CASE("each rule passes, fails and does not apply as its fixtures say", "[readiness]") {
    for (const auto& rule : own_rules()->rules) {
        check_fixture(rule);
    }
}

TEST_CASE("the rules that are compiled in have no mistakes", "[readiness]") {
    for (const auto& mistake : own_rules()->diagnostics) {
        FAIL_CHECK(
            mistake.place.file << ":" << mistake.place.line << ": " << mistake.message << " "
                               << mistake.help
        );
    }
    CHECK(own_rules()->diagnostics.empty());
}

TEST_CASE("no fixture is without its rule", "[readiness]") {
    for (const auto& file : std::filesystem::directory_iterator(folder())) {
        INFO(file.path().string());
        CHECK(own_rules()->find(file.path().stem().string()) != nullptr);
    }
}

}  // namespace
}  // namespace deployctl::readiness
