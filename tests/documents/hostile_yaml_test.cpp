// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <random>
#include <string>

using namespace deployctl;
using namespace deployctl::documents;

namespace {

std::string repeat(const std::string& what, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
        text += what;
    }
    return text;
}

/// What the library makes of it does not matter, as long as it is quick.
const std::string anything = "?";

/// Time of the processor, so that a busy machine makes no difference.
class Stopwatch {
public:
    double seconds() const { return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }

private:
    std::clock_t start_ = std::clock();
};

struct Judged {
    std::string mistake;  ///< code and message of the first
    double seconds = 0;
};

Judged judge(const std::string& text) {
    const YamlSource source(text, "f.yaml");
    const Stopwatch watch;
    const auto tree = read_yaml(source);
    const auto took = watch.seconds();
    const auto& all = tree.diagnostics;
    return {all.empty() ? "" : all[0].code + " " + all[0].message, took};
}

/// The quickest of three: two processes on one core cost each of them more of its time, too.
Judged judge_within(double seconds, const std::string& text) {
    auto best = judge(text);
    for (int tries = 1; tries < 3 && best.seconds >= seconds; ++tries) {
        best.seconds = std::min(best.seconds, judge(text).seconds);
    }
    return best;
}

/// Nine lists, each of nine of the one before: a billion of leaves.
std::string billion_laughs(const std::string& leaf) {
    std::string text = "a0: &a0 [" + leaf + "]\n";
    for (int i = 1; i < 10; ++i) {
        const auto before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
                repeat(before + ", ", 8) + before + "]\n";
    }
    return text;
}

#if defined(__SANITIZE_ADDRESS__)
constexpr double slow_build = 4;
#else
constexpr double slow_build = 1;
#endif

}  // namespace

TEST_CASE("text that wants to cost much costs little", "[documents][slow]") {
    const auto four_mebibytes = YamlLimits::bytes;
    const auto [text, expected] = GENERATE_COPY(table<std::string, std::string>({
        {repeat("a", four_mebibytes + 1), "C1002 larger than 4 MiB"},
        {repeat("[", 100'000), "C1002 nested deeper than 64 levels"},
        {repeat("{a: ", 100'000), "C1002 nested deeper than 64 levels"},
        {repeat("- ", 100'000) + "a", "C1002 nested deeper than 64 levels"},
        {repeat("? ", 100'000), "C1002 nested deeper than 64 levels"},
        {"a: " + repeat("[", 65) + repeat("]", 65), "C1002 nested deeper than 64 levels"},
        {billion_laughs("lol"), "C1002 anchors and aliases stand for more than 100000 values"},
        {billion_laughs("{b: 1}"), "C1002 anchors and aliases stand for more than 100000 values"},
        {"a: &a [" + repeat("x, ", 50'000) + "]\nb: [" + repeat("*a, ", 1000) + "]",
         "C1002 anchors and aliases stand for more than 100000 values"},
        {"a: &a {" + repeat("x: 1, ", 10) + "}\n", "C1003 `x` stands here twice"},
        {"a: &a [*a]", "C1006 an alias inside of what it stands for"},
        {"a: [" + repeat("1,", 300'000) + "]", "C1002 more than 250000 values"},
        {"\"" + repeat("x", 3'000'000), "C1001 not YAML: a quote that is never closed"},
        {"a: |\n" + repeat("  x\n", 500'000), ""},
        {"a: " + repeat("x ", 1'000'000), ""},
        {"#" + repeat("x", 4'000'000), ""},
        {repeat("\n", 4'000'000), ""},
        {repeat("# x\n", 1'000'000), ""},
        {repeat("!", 1'000'000), anything},
        {repeat("&", 1'000'000), anything},
        {repeat("a: &a ", 1000), anything},
        {repeat("%a\n", 100'000), anything},
        {repeat("---\n", 100'000), "C1004 a second document: this file takes one"},
        {repeat("\xC3\xA4", 1'000'000) + ": 1", anything},
    }));
    CAPTURE(text.substr(0, 40), text.size());
    const auto judged = judge(text);
    if (expected != anything) {
        CHECK(judged.mistake == expected);
    }
    CHECK(judged.seconds < slow_build);
}

TEST_CASE("what is too deep is refused before the rest of a long line is read", "[documents]") {
    const auto four_mebibytes = YamlLimits::bytes;
    const auto [lead, unit] = GENERATE(table<std::string, std::string>({
        {"", "["},
        {"a:\n  - b: ", "["},
        {"", "{a: "},
        {"a: ", "{\"a\": "},
        {"a: ", "[{a: "},
        {"", "- "},
        {"a:\n  ", "- "},
        {"", "? "},
    }));
    const auto text = lead + repeat(unit, (four_mebibytes - lead.size()) / unit.size());
    CAPTURE(lead, unit);
    const auto judged = judge_within(slow_build / 10, text);
    CHECK(judged.mistake == "C1002 nested deeper than 64 levels");
    CHECK(judged.seconds < slow_build / 10);
}

TEST_CASE("what is too deep by its indentation is refused at once", "[documents]") {
    std::string text;
    for (std::size_t level = 0; text.size() + level + 3 < YamlLimits::bytes; ++level) {
        text += std::string(level, ' ') + "a:\n";
    }
    const auto judged = judge(text);
    CHECK(judged.mistake == "C1002 nested deeper than 64 levels");
    CHECK(judged.seconds < slow_build / 10);
}

TEST_CASE("a large text that is not deep is read to its end", "[documents][slow]") {
    std::string text = "a: |\n" + repeat("  [[[[[[[[[[ {{{{{{{{{{ - - - -\n", 10'000);
    text += "b: \"" + repeat("[[ ", 100'000) + "\"\nc: x" + repeat("[x[ ", 100'000) + "\n";
    const YamlSource source(text, "f.yaml");
    const auto tree = read_yaml(source);
    CHECK(tree.diagnostics.empty());
    CHECK(tree.root.entries.size() == 3);
}

TEST_CASE("many keys, all of them twice, are read in one go", "[documents][slow]") {
    std::string text;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 20'000; ++i) {
            text += "k" + std::to_string(i) + ": 1\n";
        }
    }
    const YamlSource source(text, "f.yaml");
    const Stopwatch watch;
    const auto tree = read_yaml(source);
    const auto took = watch.seconds();
    CHECK(tree.diagnostics.size() == YamlLimits::mistakes);
    CHECK(took < slow_build);
}

TEST_CASE("no text is read past its end or brings the program down", "[documents][slow]") {
    const std::string sample =
        "apiVersion: v1\nkind: List\nitems:\n  - &a {apiVersion: v1, kind: Pod, spec: {a: [1, "
        "\"x\\n\", 'it''s']}}\n  - {<<: *a, b: |\n    text\n  }\n--- # two\n? x\n: !!str y\n...\n";
    const std::string spice = "{}[]:,-?&*!|>'\"%@`#\\ \t\n\r~<a0\x80\xC3\xFF";
    std::mt19937 random(20261125);
    std::size_t refused = 0;
    for (int round = 0; round < 3000; ++round) {
        auto text = sample;
        for (auto edits = random() % 4 + 1; edits > 0; --edits) {
            const auto at = random() % text.size();
            switch (random() % 4) {
                case 0: text.insert(at, 1, spice[random() % spice.size()]); break;
                case 1: text[at] = spice[random() % spice.size()]; break;
                case 2: text.erase(at, random() % 9 + 1); break;
                default: text.insert(at, text.substr(random() % text.size(), random() % 30)); break;
            }
            text += text.empty() ? "a" : "";
        }
        refused += read_objects(text, "f.yaml").diagnostics.empty() ? 0 : 1;
    }
    CHECK(refused > 500);
}
