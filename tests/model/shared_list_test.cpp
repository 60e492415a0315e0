// SPDX-License-Identifier: Apache-2.0
#include "model/shared_list.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace deployctl;

namespace {

using Words = SharedList<std::string>;

std::vector<std::string> words_of(const Words& list) {
    return {list.begin(), list.end()};
}

}  // namespace

TEST_CASE("copies of a list share its items until one of them is written", "[model]") {
    const Words first{"a", "b"};
    auto second = first;
    CHECK(&second[0] == &first[0]);
    second.write(0) = "x";
    CHECK(words_of(first) == std::vector<std::string>{"a", "b"});
    CHECK(words_of(second) == std::vector<std::string>{"x", "b"});
    CHECK(&second[1] == &first[1]);
}

TEST_CASE("a copy of a list is told from one that was written or made anew", "[model]") {
    const Words first{"a", "b"};
    auto second = first;
    CHECK(second.is_copy_of(first));
    second.write(0) = "a";
    CHECK_FALSE(second.is_copy_of(first));
    CHECK_FALSE(Words{"a", "b"}.is_copy_of(first));
    CHECK(Words().is_copy_of(Words()));
}

TEST_CASE("items come, go and are replaced at their places", "[model]") {
    Words list{"b", "d"};
    const auto before = list;
    list.insert(std::ranges::lower_bound(list, "c"), "c");
    list.insert(list.begin(), "a");
    list.push_back(std::string("e"));
    CHECK(words_of(list) == std::vector<std::string>{"a", "b", "c", "d", "e"});
    list.erase(std::ranges::find(list, "c"));
    list.replace(list.begin() + 1, "B");
    CHECK(words_of(list) == std::vector<std::string>{"a", "B", "d", "e"});
    CHECK(list.front() == "a");
    CHECK(list.at(3) == "e");
    CHECK(words_of(before) == std::vector<std::string>{"b", "d"});
    list = {};
    CHECK(list.empty());
}
