// SPDX-License-Identifier: Apache-2.0
// Which configuration was applied before, when a copy of it is all that it takes, and when nobody
// knows.
#include "plugins/terraform/root_module.hpp"
#include "plugins/terraform/stack_folder.hpp"
#include "plugins/terraform/way_back.hpp"
#include "tests/plugins/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace deployctl;
using namespace deployctl::plugins::terraform;
namespace fs = std::filesystem;

namespace {

const std::string some_state = "{\n  \"version\": 4,\n  \"serial\": 7,\n  \"lineage\": \"l\"\n}";

/// A root module, and the notes on it.
struct Module {
    Module() { write("main.tf", "# nothing\n"); }

    void write(const std::string& name, const std::string& text) const {
        const fs::path path = dir() + "/" + name;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }

    std::string dir() const { return scratch.path() + "/root"; }

    std::string hash() const { return hash_of_module(dir()); }

    AppliedConfiguration applied(std::int64_t serial = 3) const {
        return {hash(), {"l-1", serial}};
    }

    StackSettings settings() const {
        StackSettings settings;
        settings.dir = dir();
        return settings;
    }

    tests::ScratchFolder scratch;
    StackFolder notes{scratch.path() + "/notes"};
};

}  // namespace

TEST_CASE(
    "notes of deployctl that lie in the module's folder are none of it", "[plugins][terraform]"
) {
    const tests::ScratchFolder folder;
    std::ofstream(folder.path() + "/main.tf") << "# nothing\n";
    const auto hash = hash_of_module(folder.path());
    const StackFolder notes(folder.path() + "/web/lab/data");
    std::ofstream(notes.path() + "/lock") << "";
    CHECK(hash_of_module(folder.path()) == hash);
}

TEST_CASE("every file of a module counts, since any may be read", "[plugins][terraform]") {
    const Module module;
    const auto before = module.hash();
    module.write("policies/policy.json", "{\"a\": 1}");
    const auto with_policy = module.hash();
    CHECK(with_policy != before);
    module.write("policies/policy.json", "{\"a\": 2}");
    CHECK(module.hash() != with_policy);
    module.write("large.bin", std::string(3UL << 20U, 'a'));
    const auto large = module.hash();
    module.write("large.bin", std::string(2UL << 20U, 'a') + std::string(1UL << 20U, 'b'));
    CHECK(module.hash() != large);
}

TEST_CASE(
    "what the tool itself writes into a module is no part of it, nor of a copy",
    "[plugins][terraform]"
) {
    Module module;
    const auto before = module.hash();
    module.write(".terraform/modules/modules.json", "{}");
    module.write(".terraform.lock.hcl", "# providers\n");
    module.write("terraform.tfstate.d/prod/terraform.tfstate", some_state);
    module.write("errored.tfstate", some_state);
    module.write("state/prod.tfstate", some_state);
    module.write("state/prod.tfstate.backup", some_state);
    module.write("state/prod.json", some_state);
    module.write("state/.prod.json.lock.info", "{}");
    module.write("crash.log", "panic");
    module.write("crash.1700000000.log", "panic");
    module.write("prod.tfplan", "saved");
    CHECK(module.hash() == before);
    module.notes.note_applied(module.dir(), module.applied());
    const auto copy = module.notes.copy_of(before);
    CHECK(fs::exists(copy + "/main.tf"));
    CHECK(fs::exists(copy + "/.terraform.lock.hcl"));
    for (const auto& entry : fs::recursive_directory_iterator(copy)) {
        INFO(entry.path());
        CHECK(entry.path().filename() != "prod.json");
        CHECK(entry.path().string().find("tfstate") == std::string::npos);
        CHECK(entry.path().string().find("crash") == std::string::npos);
    }
}

TEST_CASE("a copy has the versions of providers of the last apply", "[plugins][terraform]") {
    Module module;
    module.write(".terraform.lock.hcl", "one");
    module.notes.note_applied(module.dir(), module.applied());
    module.write(".terraform.lock.hcl", "two");
    module.notes.note_applied(module.dir(), module.applied());
    std::ifstream lock(module.notes.copy_of(module.hash()) + "/.terraform.lock.hcl");
    CHECK(std::string(std::istreambuf_iterator<char>(lock), {}) == "two");
}

TEST_CASE(
    "nobody knows what was applied last where no copy of it can be kept", "[plugins][terraform]"
) {
    Module module;
    module.notes.note_applied(module.dir(), module.applied());
    REQUIRE(module.notes.applied().has_value());
    SECTION("too large") {
        module.write("large.bin", std::string(65UL << 20U, 'a'));
        module.notes.note_applied(module.dir(), module.applied());
    }
    SECTION("with a link in it") {
        std::ofstream(module.scratch.path() + "/shared.tf") << "# shared\n";
        fs::create_symlink(module.scratch.path() + "/shared.tf", module.dir() + "/shared.tf");
        module.notes.note_applied(module.dir(), module.applied());
    }
    SECTION("changed while it was applied") {
        module.write("main.tf", "# next\n");
        const auto planned = module.applied();
        module.write("main.tf", "# edited meanwhile\n");
        module.notes.note_applied(module.dir(), planned);
    }
    CHECK_FALSE(module.notes.applied().has_value());
    module.notes.note_before("rollout-1", {}, {"l-1", 3});
    REQUIRE(module.notes.before("rollout-1").has_value());
    CHECK(module.notes.before("rollout-1")->configuration_hash.empty());
}

TEST_CASE("a link counts with what it leads to", "[plugins][terraform]") {
    const Module module;
    const auto shared = module.scratch.path() + "/shared.tf";
    std::ofstream(shared) << "# one\n";
    const auto without = module.hash();
    fs::create_symlink(shared, module.dir() + "/shared.tf");
    const auto one = module.hash();
    CHECK(one != without);
    std::ofstream(shared) << "# two\n";
    CHECK(module.hash() != one);
}

TEST_CASE(
    "the configuration before is known only where nobody has written the state since",
    "[plugins][terraform]"
) {
    Module module;
    module.notes.note_applied(module.dir(), module.applied(3));
    module.notes.note_before("still", {}, {"l-1", 3});
    CHECK(module.notes.before("still")->configuration_hash == module.hash());
    module.notes.note_before("applied-elsewhere", {}, {"l-1", 4});
    CHECK(module.notes.before("applied-elsewhere")->configuration_hash.empty());
    module.notes.note_before("another-state", {}, {"l-2", 3});
    CHECK(module.notes.before("another-state")->configuration_hash.empty());
    CHECK(module.notes.before("another-state")->lineage == "l-2");
}

TEST_CASE(
    "the lineage of a state that a rollout has made itself is noted once", "[plugins][terraform]"
) {
    Module module;
    module.notes.note_before("rollout-1", {"a.b"}, {});
    module.notes.note_lineage("rollout-1", "");
    module.notes.note_lineage("rollout-1", "l-1");
    module.notes.note_lineage("rollout-1", "l-2");
    CHECK(module.notes.before("rollout-1")->lineage == "l-1");
    CHECK(module.notes.before("rollout-1")->creates == std::vector<std::string>{"a.b"});
}

TEST_CASE("a stack that a copy is not all of cannot be brought back", "[plugins][terraform]") {
    const Module module;
    auto settings = module.settings();
    settings.var_files = {"prod.tfvars", "vars/../prod.tfvars"};
    settings.backend_config = {"backend.hcl", "/etc/backend.hcl"};
    const auto trouble = [&] { return trouble_with_going_back(settings, module.notes.path()); };
    REQUIRE(trouble() == "");
    SECTION("a module beside it") {
        module.write("net.tf", "module \"net\" {\n  source = \"../net\"\n}\n");
        CHECK(trouble().find("uses modules or files outside of it (net.tf)") == 0);
    }
    SECTION("a module somewhere on this machine") {
        module.write("net.tf", "module \"net\" {\n  source = \"/opt/net\"\n}\n");
        CHECK(trouble().find("uses modules or files outside of it (net.tf)") == 0);
    }
    SECTION("a file beside it") {
        module.write("iam.tf", "locals { p = file(\"${path.module}/../policy.json\") }\n");
        CHECK(trouble().find("uses modules or files outside of it (iam.tf)") == 0);
    }
    SECTION("a link") {
        fs::create_symlink("main.tf", module.dir() + "/link.tf");
        CHECK(trouble().find("has links in it (link.tf)") == 0);
    }
    SECTION("variables beside it") {
        settings.var_files.emplace_back("../prod.tfvars");
        CHECK(trouble().find("reads ../prod.tfvars, which") == 0);
    }
    SECTION("variables somewhere on this machine") {
        settings.var_files.emplace_back("/etc/prod.tfvars");
        CHECK(trouble().find("reads /etc/prod.tfvars, which") == 0);
    }
    SECTION("the configuration of its backend beside it") {
        settings.backend_config.emplace_back("../backend.hcl");
        CHECK(trouble().find("reads ../backend.hcl, which") == 0);
    }
    SECTION("a local state with a path") {
        const auto known = module.notes.path() + "/data/terraform.tfstate";
        std::ofstream(known) << R"({"backend":{"type":"local","config":{"path":null}}})";
        CHECK(trouble() == "");
        std::ofstream(known) << R"({"backend":{"type":"local","config":{"path":"../p.tfstate"}}})";
        CHECK(trouble().find("keeps its state in a file of its own place") == 0);
    }
}
