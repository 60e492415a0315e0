// SPDX-License-Identifier: Apache-2.0
// Plays every file of tests/simulation/stories: failures that were reported of other tools, by the
// number that docs/failure-stories.md gives them. No rule may break, at any point, and each story
// ends as its file says.
#include "tests/simulation/story_file.hpp"

#include "simulation/play.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const std::filesystem::path folder = tests::source_dir() / "tests/simulation/stories";

std::vector<std::string> story_files() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        files.push_back(entry.path().string());
    }
    std::ranges::sort(files);
    return files;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string violations_of(const simulation::PlayResult& result) {
    std::string text;
    for (const auto& violation : result.violations) {
        text += to_text(violation) + "\n";
    }
    return text;
}

/// How it ended, over all versions, strategies and points.
std::set<std::string> play_story(const Story& story) {
    std::set<std::string> ends;
    for (const auto version : story.versions) {
        for (const auto strategy : story.strategies) {
            for (const auto& scenario : scenarios_of(story, version, strategy)) {
                const auto result = simulation::play(scenario);
                INFO(to_text(scenario));
                CHECK(violations_of(result) == "");
                ends.insert(result.end);
            }
        }
    }
    return ends;
}

}  // namespace

TEST_CASE("every story that a file tells ends as the file says", "[simulation]") {
    for (const auto& file : story_files()) {
        const auto story = read_story(file);
        CAPTURE(story.number, story.title);
        auto ends = play_story(story);
        std::erase_if(ends, [&](const std::string& end) {
            return story.may_end.contains(end) && !story.ends.contains(end);
        });
        CHECK(ends == story.ends);
    }
}

TEST_CASE("a story's file has its number and is named in the list of stories", "[simulation]") {
    const auto list = text_of(tests::source_dir() / "docs/failure-stories.md");
    const auto files = story_files();
    CHECK(files.size() >= 20);
    for (const auto& file : files) {
        const auto name = std::filesystem::path(file).filename().string();
        CHECK(std::atoi(name.c_str()) == read_story(file).number);
        CHECK(list.find("`S/" + name + "`") != std::string::npos);
    }
}

TEST_CASE("a story that is not understood is no story", "[simulation]") {
    const auto path = std::filesystem::temp_directory_path() / "a-story-of-nothing.yaml";
    std::ofstream(path) << "story: 1\nstrategies: [canary]\nmishap: []\n";
    CHECK_THROWS_WITH(read_story(path.string()), Catch::Contains("no key is called \"mishap\""));
    std::filesystem::remove(path);
}
