// SPDX-License-Identifier: Apache-2.0
// approve, deny, approvals list: from the command line, on a rollout that left to wait for people.
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::Folder;
using tests::Shell;

namespace {

const std::string shop_yaml = R"(apiVersion: deployctl/v1
app: {name: web, image: registry/shop/web}
approvals:
  sre: {count: 2, expires: 4h}
strategies:
  canary: {steps: [{weight: 25, hold: 10s}, {approval: sre}, {weight: 50, hold: 10s}]}
environments:
  production: {namespace: shop, strategy: canary}
)";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct Shop {
    explicit Shop(const std::string& yaml = shop_yaml) : file(folder.write("deploy.yaml", yaml)) {}

    tests::Answer run(const std::string& line) { return shell.run("-f " + file + " " + line); }

    tests::Answer run_as(const std::string& identity, const std::string& line) {
        shell.parts.people = simcluster::ScriptedRunners(identity);
        return run(line);
    }

    Shell shell;
    Folder folder;
    std::string file;
};

}  // namespace

TEST_CASE("two people say yes, and the rollout is resumed to its end", "[cli]") {
    Shop shop;
    const auto left = shop.run_as("ada@laptop", "rollout canary v2 --on-pause exit");
    CHECK(left.exit == 5);
    CHECK(contains(left.err, "2 persons: deployctl approve 1 --approval sre --reason TEXT"));
    CHECK(contains(left.err, "sre: 0 of 2 given"));
    CHECK(contains(left.err, "next    deployctl approve 1 --approval sre --reason TEXT"));
    const auto status = shop.run("rollout status");
    CHECK(contains(status.out, "next    deployctl approve 1 --approval sre --reason TEXT, "));
    CHECK(contains(status.out, "deployctl rollout resume 1"));

    const auto waiting = shop.run_as("bob@laptop", "approvals list");
    CHECK(contains(waiting.out, "waits"));
    const auto first = shop.run_as("bob@laptop", "approve --reason 'PR 874'");
    CHECK(first.exit == 0);
    CHECK(contains(first.out, "1 of 2 given, by bob@laptop"));
    const auto second = shop.run_as("eve@laptop", "approve 1 --reason 'looked at it' -o json");
    CHECK(contains(second.out, "\"is_given\": true"));
    const auto end = shop.run_as("ada@laptop", "rollout resume 1");
    INFO(end.err);
    CHECK(end.exit == 0);
    CHECK(contains(end.err, "approve by bob@laptop: PR 874"));
    CHECK(contains(shop.run("approvals list").out, "no rollout needs an approval"));
    CHECK_FALSE(contains(shop.run("rollout status").out, "deployctl approve"));
}

TEST_CASE("the list says of which app it is, and shows those of every app", "[cli]") {
    Shop shop;
    const auto other = shop.folder.write(
        "api.yaml",
        "apiVersion: deployctl/v1\napp: {name: api, image: registry/shop/api}\n"
        "environments: {staging: {namespace: shop, strategy: rolling}}\n"
    );
    shop.run_as("ada@laptop", "rollout canary v2 --on-pause exit");
    const auto mine = shop.run("approvals list");
    CHECK(contains(mine.out, "sre"));
    CHECK(contains(mine.out, "of web alone; --all shows those of every app\n"));
    const auto none = shop.shell.run("-f " + other + " approvals list");
    CHECK(
        none.out == "no rollout needs an approval\nof api alone; --all shows those of every app\n"
    );
    const auto all = shop.shell.run("-f " + other + " approvals list --all");
    CHECK(contains(all.out, "sre"));
    CHECK_FALSE(contains(all.out, "alone"));
}

TEST_CASE("what would not count is refused, and not recorded", "[cli]") {
    Shop shop;
    shop.run_as("ada@laptop", "rollout canary v2 --on-pause exit");
    const auto own = shop.run_as("ada@desktop", "approve --reason mine");
    CHECK(own.exit == 4);
    CHECK(contains(own.err, "ada began the rollout"));
    CHECK(contains(own.err, "nothing was recorded"));
    CHECK(shop.run_as("bob@laptop", "approve").exit == 2);
    CHECK(shop.run("approve --approval boss --reason x").exit == 2);
    CHECK(shop.run("approve 77 --reason x").exit == 2);
    CHECK(contains(shop.run("approvals list -o json").out, "\"given\": 0"));
    CHECK(contains(shop.run_as("ada@laptop", "approvals list --mine").out, "no rollout needs"));
}

TEST_CASE("a no sends it back when it is resumed", "[cli]") {
    Shop shop;
    shop.run_as("ada@laptop", "rollout canary v2 --on-pause exit");
    const auto no = shop.run_as("bob@laptop", "deny --reason 'not on Friday'");
    CHECK(no.exit == 0);
    CHECK(contains(no.out, "denied; nobody runs it: deployctl rollout resume 1"));
    const auto back = shop.run_as("ada@laptop", "rollout resume 1");
    CHECK(back.exit == 6);
    CHECK(contains(back.err, "denied by bob@laptop: not on Friday"));
    CHECK(shop.run_as("bob@laptop", "approve 1 --reason late").exit == 4);
}

TEST_CASE("a rollout that needs nobody says so", "[cli]") {
    Shop shop;
    CHECK(shop.run_as("ada@laptop", "rollout rolling v2").exit == 0);
    const auto answer = shop.run_as("bob@laptop", "approve 1 --reason x");
    CHECK(answer.exit == 4);
    CHECK(contains(answer.err, "has ended"));
}

TEST_CASE("a plan names the people it waits for, and a rehearsal asks nobody", "[cli]") {
    Shop shop;
    CHECK(contains(shop.run("plan v2 -o json").out, "wait for approval sre"));
    const auto played = shop.run("rehearse canary v2");
    INFO(played.out << played.err);
    CHECK(played.exit == 0);
}
