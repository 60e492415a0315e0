// SPDX-License-Identifier: Apache-2.0
// promtool as the judge of what is read of PromQL: what it takes is taken, what it refuses is
// refused. Where it is not installed this says so.
#include "readiness/promql.hpp"
#include "tests/readiness/assessing.hpp"
#include "tests/readiness/promql_expressions.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace deployctl::readiness {
namespace {

bool has_promtool() {
    return std::system("promtool --version >/dev/null 2>&1") == 0;
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char byte : text) {
        if (byte == '"' || byte == '\\') {
            result += '\\';
        }
        result += byte == '\n' ? std::string("\\n") : std::string(1, byte);
    }
    return result + "\"";
}

/// The numbers, from 1, of those that promtool refuses.
std::set<std::size_t> refused(const std::vector<std::string>& expressions) {
    const auto folder = std::filesystem::temp_directory_path() / "deployctl-promql-oracle";
    std::filesystem::create_directories(folder);
    std::ofstream rules(folder / "rules.yaml");
    rules << "groups:\n- name: all\n  rules:\n";
    for (std::size_t number = 0; number < expressions.size(); ++number) {
        rules << "  - {record: 'r:" << number << "', expr: " << quoted(expressions[number])
              << "}\n";
    }
    rules.close();
    const auto command = "promtool check rules " + (folder / "rules.yaml").string() + " > " +
                         (folder / "said.txt").string() + " 2>&1";
    CHECK(std::system(command.c_str()) >= 0);
    std::ifstream said(folder / "said.txt");
    const std::string text((std::istreambuf_iterator<char>(said)), {});
    std::filesystem::remove_all(folder);
    std::set<std::size_t> numbers;
    const std::regex rule("rule (\\d+)");
    for (std::sregex_iterator at(text.begin(), text.end(), rule), end; at != end; ++at) {
        numbers.insert(std::stoul((*at)[1].str()));
    }
    return numbers;
}

TEST_CASE("promtool judges expressions as they are judged here", "[readiness]") {
    if (!has_promtool()) {
        WARN("NOT CHECKED: promtool is not installed (Debian's package prometheus has it)");
        SUCCEED();
        return;
    }
    const auto right = right_expressions();
    for (const auto number : refused(right)) {
        FAIL_CHECK("promtool refuses " << right[number - 1]);
    }
    const auto wrong = wrong_expressions();
    const auto found = refused(wrong);
    for (std::size_t number = 1; number <= wrong.size(); ++number) {
        INFO(wrong[number - 1]);
        CHECK(found.contains(number));
    }
}

TEST_CASE("every rule of a real monitoring of clusters is read", "[readiness]") {
    const auto corpus = tests::source_dir() / "../shared/corpus/kube-prometheus/manifests";
    if (!std::filesystem::exists(corpus)) {
        WARN("NOT CHECKED: ../shared/corpus/kube-prometheus is not there");
        SUCCEED();
        return;
    }
    Texts texts;
    for (const auto& file : std::filesystem::directory_iterator(corpus)) {
        if (!file.is_regular_file()) {
            continue;
        }
        std::ifstream stream(file.path());
        texts[file.path().filename().string()] = {std::istreambuf_iterator<char>(stream), {}};
    }
    const auto facts = facts_of(texts);
    std::size_t count = 0;
    for (const auto* const kind : {"alert", "recording"}) {
        for (const auto* rule : facts->of(kind)) {
            ++count;
            INFO(rule->path);
            CHECK_FALSE(read_promql(rule->node->text_at("expr")).error);
        }
    }
    CHECK(count > 200);
}

}  // namespace
}  // namespace deployctl::readiness
