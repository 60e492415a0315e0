// SPDX-License-Identifier: Apache-2.0
#include "model/sorted_map.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

using namespace deployctl;

namespace {

using Numbers = SortedMap<int>;
using Reference = std::map<std::string, int, std::less<>>;

Reference as_reference(const Numbers& map) {
    return {map.begin(), map.end()};
}

bool is_sorted(const Numbers& map) {
    return std::ranges::is_sorted(map, {}, &Numbers::value_type::first);
}

}  // namespace

TEST_CASE("entries stand in the order of their keys, and of two the first counts", "[model]") {
    const Numbers map{{"b", 1}, {"a", 2}, {"b", 3}};
    REQUIRE(map.size() == 2);
    CHECK(map.begin()->first == "a");
    CHECK(map.at("b") == 1);
    CHECK(map == Numbers{{"a", 2}, {"b", 1}});
    CHECK_FALSE(map == Numbers{{"a", 2}, {"b", 2}});
    CHECK_FALSE(map == Numbers{{"a", 2}, {"c", 1}});
}

TEST_CASE("what is not there is not found, and `at` says so", "[model]") {
    const Numbers map{{"b", 1}};
    CHECK(map.find("a") == map.end());
    CHECK(map.find("c") == map.end());
    CHECK_FALSE(map.contains(""));
    CHECK_THROWS_AS(map.at("a"), std::out_of_range);
    CHECK(Numbers().empty());
}

TEST_CASE("it does whatever a std::map does, with few entries and with many", "[model]") {
    std::mt19937 random(7);
    for (const unsigned keys : {4U, 200U}) {
        Numbers map;
        Reference reference;
        for (int turn = 0; turn < 2000; ++turn) {
            const auto key = std::string(random() % 3, 'k') + std::to_string(random() % keys);
            switch (random() % 5) {
                case 0: map[key] = reference[key] = turn; break;
                case 1:
                    CHECK(map.emplace(key, turn).second == reference.emplace(key, turn).second);
                    break;
                case 2: CHECK(map.erase(key) == reference.erase(key)); break;
                case 3: CHECK(map.contains(key) == reference.contains(key)); break;
                default: {
                    const Reference more{{key, turn}, {key + "x", turn}};
                    map.insert(more.begin(), more.end());
                    reference.insert(more.begin(), more.end());
                }
            }
        }
        CHECK(is_sorted(map));
        CHECK(as_reference(map) == reference);
        const auto is_odd = [](const auto& entry) { return entry.second % 2 != 0; };
        CHECK(erase_if(map, is_odd) == std::erase_if(reference, is_odd));
        CHECK(as_reference(map) == reference);
    }
}
