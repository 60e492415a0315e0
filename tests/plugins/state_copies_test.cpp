// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/state_copies.hpp"

#include "tests/fakes/sealing_keys.hpp"
#include "tests/plugins/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace deployctl;
using namespace deployctl::plugins::terraform;

TEST_CASE("a copy of a state is sealed where a certificate is configured", "[terraform]") {
    const tests::ScratchFolder folder;
    const auto file = folder.path() + "/backup.crt";
    std::ofstream(file) << tests::curve_certificate;
    note_copy_rule(folder.path(), file);
    std::filesystem::remove(file);  // who applies reads it no more
    const auto rule = copy_rule(folder.path());
    REQUIRE(rule.kind == CopyRule::Kind::sealed);
    const std::string state = R"({"lineage":"l-1"})";
    const auto now = tests::while_certificates_are_good;
    REQUIRE(keep_state_copy(folder.path(), rule, 3, state, now).empty());
    std::ifstream kept(folder.path() + "/states/20270101T000000Z-3.tfstate.cms");
    const std::string sealed(std::istreambuf_iterator<char>(kept), {});
    CHECK_FALSE(sealed.empty());
    CHECK(sealed.find("lineage") == std::string::npos);

    const auto long_ago = *read_rfc3339("2020-01-01T00:00:00Z");
    CHECK(
        keep_state_copy(folder.path(), rule, 4, state, long_ago)
            .find("certificate cannot be used") != std::string::npos
    );
}

TEST_CASE("without a note nobody knows whether a copy had to be sealed", "[terraform]") {
    const tests::ScratchFolder folder;
    CHECK(copy_rule(folder.path()).kind == CopyRule::Kind::none);
    note_copy_rule(folder.path(), "");
    CHECK(copy_rule(folder.path()).kind == CopyRule::Kind::plain);
    note_copy_rule(folder.path(), "/no/such.crt");
    CHECK(copy_rule(folder.path()).kind == CopyRule::Kind::none);
}
