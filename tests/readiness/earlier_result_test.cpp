// SPDX-License-Identifier: Apache-2.0
#include "readiness/earlier_result.hpp"

#include "tests/fakes/fake_results.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deployctl;
using namespace deployctl::readiness;

TEST_CASE("a result is found again, to the byte", "[readiness]") {
    tests::FakeResults kept;
    const std::string out("score 81\n\0binary 7 9\n", 21);
    keep_for_later(kept, "k1", {6, out, "a warning\n"});
    keep_for_later(kept, "k2", {});
    const auto found = find_earlier(kept, "k1");
    REQUIRE(found);
    CHECK(found->exit_code == 6);
    CHECK(found->out == out);
    CHECK(found->err == "a warning\n");
    REQUIRE(find_earlier(kept, "k2"));
    CHECK(find_earlier(kept, "k2")->out.empty());
    CHECK_FALSE(find_earlier(kept, "k3"));
}

TEST_CASE("a result that was changed in any byte is none", "[readiness]") {
    tests::FakeResults kept;
    keep_for_later(kept, "k", {0, "score 100\n", "err"});
    const auto whole = kept.texts["k"];
    for (std::size_t i = 0; i < whole.size(); ++i) {
        kept.texts["k"] = whole;
        kept.texts["k"][i] = static_cast<char>(kept.texts["k"][i] ^ 1);
        CHECK_FALSE(find_earlier(kept, "k"));
        kept.texts["k"] = whole.substr(0, i);
        CHECK_FALSE(find_earlier(kept, "k"));
    }
    kept.texts["k"] = whole + "x";
    CHECK_FALSE(find_earlier(kept, "k"));
    kept.texts["another"] = whole;
    CHECK_FALSE(find_earlier(kept, "another"));
}

TEST_CASE("a key is that of its parts, wherever they end", "[readiness]") {
    CHECK(key_of({"a", "bc"}) != key_of({"ab", "c"}));
    CHECK(key_of({"a", ""}) != key_of({"a"}));
    CHECK(key_of({"1:a"}) != key_of({"a", ""}));
    CHECK(key_of({"a", "b"}) == key_of({"a", "b"}));
}
