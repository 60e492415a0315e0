// SPDX-License-Identifier: Apache-2.0
// Going back from what was promoted: to which version, and with what of it.
#include "cli/lineage.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::in_shop;
using tests::on_web;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string image_of_web(Shell& shell) {
    const auto web = shell.parts.world.object(in_shop(Kind::deployment, "web"));
    return web.text("/spec/template/spec/containers/0/image");
}

/// v1 ran, v2 was promoted.
struct AfterAPromotion : Shell {
    AfterAPromotion() { CHECK(run("rollout canary v2 -q" + on_web).exit == 0); }

    tests::Answer go_back(const std::string& more = "") {
        return run("rollout rollback " + more + " --reason why -q");
    }
};

}  // namespace

TEST_CASE("a second rollback does not bring back what the first one left", "[cli]") {
    AfterAPromotion shell;
    CHECK(shell.go_back().exit == 0);
    CHECK(contains(image_of_web(shell), ":v1"));
    const auto again = shell.go_back();
    CHECK(again.exit == 4);
    CHECK(contains(again.err, "no good version older than v1 is recorded"));
    CHECK(contains(image_of_web(shell), ":v1"));
    CHECK(contains(shell.run("history").out, "Last good: v1 (rollout 2)"));
}

TEST_CASE("what ran by its tag comes back by its tag, whatever is behind that by now", "[cli]") {
    Shell shell;
    const auto before = image_of_web(shell);
    CHECK_FALSE(contains(before, "@sha256:"));
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 0);
    shell.parts.images.has("registry/shop/web:v1", "sha256:" + std::string(64, '9'));
    CHECK(shell.run("rollout rollback --reason why -q").exit == 0);
    CHECK(image_of_web(shell) == before);
}

TEST_CASE("one rollback after the other goes further back", "[cli]") {
    AfterAPromotion shell;
    shell.parts.images.has("registry/shop/web:v4", "sha256:" + std::string(64, '4'));
    CHECK(shell.run("rollout canary v4 -q" + on_web).exit == 0);
    CHECK(shell.go_back().exit == 0);
    CHECK(contains(image_of_web(shell), ":v2"));
    CHECK(shell.go_back().exit == 0);
    CHECK(contains(image_of_web(shell), ":v1"));
}

TEST_CASE("going back from what was promoted waits for no pause of the way there", "[cli]") {
    const auto* strategy = GENERATE("rolling", "canary", "blue-green");
    const auto* rolling = GENERATE("{bake: 10m}", "{batches: [50%], batch_pause: 10m, bake: 10m}");
    CAPTURE(strategy, rolling);
    Shell shell;
    const tests::Folder folder;
    const auto file = folder.write(
        "deploy.yaml",
        "apiVersion: deployctl/v1\napp: {name: web, image: registry/shop/web}\n"
        "strategies:\n  rolling: " +
            std::string(rolling) +
            "\n  canary: {steps: [{weight: 50, hold: 10m}]}\n"
            "  blue-green: {warm_up: 10m, keep_old: 10m}\n"
            "environments:\n  staging: {namespace: shop}\n"
    );
    const auto begin = "-f " + file + " rollout ";
    CHECK(shell.run(begin + strategy + " v2 -e staging -q").exit == 0);
    const auto promoted = shell.parts.time.elapsed();
    CHECK(promoted > minutes(10));
    const auto back = shell.run(begin + "rollback --reason 'orders fail' -q");
    CHECK(back.exit == 0);
    CHECK(contains(back.out, "v1 serves"));
    CHECK(shell.parts.time.elapsed() - promoted < minutes(2));
}

TEST_CASE("going back from what was promoted asks neither the gates nor the people", "[cli]") {
    Shell shell;
    const tests::Folder folder;
    const std::string app =
        "apiVersion: deployctl/v1\napp: {name: web, image: registry/shop/web}\n";
    const std::string questions =
        "approvals: {sre: {people: [bob]}}\n"
        "gates: {closed: {type: soak, env: production, for: 24h}}\n";
    const std::string environments =
        "environments:\n  production: {context: far, namespace: shop}\n  staging: {namespace: shop";
    const auto file = folder.write("deploy.yaml", app + environments + "}\n");
    CHECK(shell.run("-f " + file + " rollout rolling v2 -e staging -q").exit == 0);
    folder.write(
        "deploy.yaml", app + questions + environments + ", approval: sre, preflight: [closed]}\n"
    );
    const auto back = shell.run("-f " + file + " rollout rollback --reason 'orders fail' -q");
    INFO(back.err);
    CHECK(back.exit == 0);
    CHECK(contains(image_of_web(shell), ":v1"));
}

TEST_CASE(
    "only who says so goes back past a contract migration, and no task is run again", "[cli]"
) {
    Shell shell;
    const tests::Folder folder;
    const auto file = folder.write(
        "deploy.yaml",
        "apiVersion: deployctl/v1\napp: {name: web, image: registry/shop/web}\n"
        "hooks:\n"
        "  pre_deploy: [{name: expand, run: [migrate, expand], migration: expand}]\n"
        "  post_verify: [{name: contract, run: [migrate, contract], migration: contract}]\n"
        "  on_rollback: [{name: purge, run: [purge]}]\n"
        "environments: {production: {namespace: shop}}\n"
    );
    const auto with = "-f " + file + " ";
    CHECK(shell.run(with + "rollout rolling v2 -q").exit == 0);
    const auto refused = shell.run(with + "rollout rollback --reason why -q");
    CHECK(refused.exit == 4);
    CHECK(contains(refused.err, "rollout 1 has run a contract migration since v1 served"));
    CHECK(contains(image_of_web(shell), ":v2"));

    const auto back = shell.run(with + "rollout rollback --past-contract --reason why -q");
    INFO(back.err);
    CHECK(back.exit == 0);
    CHECK(contains(image_of_web(shell), ":v1"));
    std::string tasks;
    for (const auto& order : shell.parts.tasks.orders()) {
        tasks += order.name + " ";
    }
    CHECK(tasks == "expand contract purge ");
}

TEST_CASE("a rollback that has not begun leaves nothing to resume", "[cli]") {
    Shell shell;
    shell.parts.world.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
        const auto level = Value::map({{"name", "LEVEL"}, {"value", "debug"}});
        web.set("/spec/template/spec/containers/0/env", Value::Array{level});
    });
    shell.parts.world.settle();
    CHECK(shell.run("rollout rolling v2 -q" + on_web).exit == 0);
    shell.parts.server_is_away = true;
    const auto answer = shell.run("rollout rollback --reason why -q");
    CHECK(answer.exit == 10);
    CHECK(contains(answer.err, "the API server does not answer"));
}

TEST_CASE("an old number says where it leads, and is refused where that is nowhere", "[cli]") {
    AfterAPromotion shell;
    shell.parts.images.has("registry/shop/web:v4", "sha256:" + std::string(64, '4'));
    CHECK(shell.run("rollout canary v4 -q" + on_web).exit == 0);
    const auto old = shell.go_back("1");
    CHECK(old.exit == 0);
    CHECK(contains(old.err, "rollback of rollout 1: returns to v1"));
    const auto again = shell.go_back("1");
    CHECK(again.exit == 4);
    CHECK(contains(again.err, "rollout 1 replaced v1, which runs already since rollout 3"));
    const auto left = shell.go_back("2");
    CHECK(left.exit == 4);
    CHECK(contains(left.err, "rollout 2 replaced v2, which a rollback has left since"));
}

TEST_CASE("the same tag with another digest is gone back from to its own digest", "[cli]") {
    AfterAPromotion shell;
    const auto before = image_of_web(shell);
    shell.parts.images.has("registry/shop/web:v2", "sha256:" + std::string(64, '9'));
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 0);
    CHECK(image_of_web(shell) != before);
    CHECK(shell.go_back().exit == 0);
    CHECK(image_of_web(shell) == before);
}

TEST_CASE(
    "where no record has the pod template, only the image is restored, and that is said", "[cli]"
) {
    AfterAPromotion shell;
    const auto answer = shell.go_back("--to v3-errors");
    CHECK(contains(answer.err, "returns to v3-errors; only the image is restored"));
}

TEST_CASE("a rollback restores the whole pod template that ran", "[cli]") {
    Shell shell;
    shell.parts.world.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
        web.set("/spec/template/metadata/annotations", Value::map({{"config", "old"}}));
    });
    shell.parts.world.settle();
    const std::string literal = GENERATE("", "fast");
    INFO(literal);
    if (!literal.empty()) {
        shell.parts.world.edit(in_shop(Kind::deployment, "web"), [&literal](Value& web) {
            const Value variable = Value::map({{"name", "MODE"}, {"value", literal}});
            web.set("/spec/template/spec/containers/0/env", Value::Array{variable});
        });
        shell.parts.world.settle();
    }
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 0);
    shell.parts.world.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
        web.set("/spec/template/metadata/annotations/config", "new");
        if (web.has("/spec/template/spec/containers/0/env")) {
            web.set("/spec/template/spec/containers/0/env/0/value", "slow");
        }
    });
    shell.parts.world.settle();
    const auto answer = shell.run("rollout rollback --reason why -q");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.err, "with the pod template that is recorded of it"));
    const auto web = shell.parts.world.object(in_shop(Kind::deployment, "web"));
    CHECK(web.text("/spec/template/metadata/annotations/config") == "old");
    CHECK(web.text("/spec/template/spec/containers/0/env/0/value") == literal);
    CHECK(contains(image_of_web(shell), ":v1"));
}

TEST_CASE("each promotion adds a good version, going back takes away", "[cli]") {
    std::vector<RolloutRecord> newest_first;
    const auto promoted = [&newest_first](const char* id, const char* from, const char* to) {
        RolloutRecord rollout;
        rollout.id = id;
        rollout.previous_version = from;
        rollout.next_version = to;
        rollout.state = RolloutState::promoted;
        newest_first.insert(newest_first.begin(), rollout);
        std::string text;
        for (const auto& one : cli::lineage_of(newest_first).good) {
            text += (text.empty() ? "" : " ") + one.version;
        }
        return text;
    };
    CHECK(promoted("1", "v1", "v2") == "v1 v2");
    CHECK(promoted("2", "v2", "v3") == "v1 v2 v3");
    CHECK(promoted("3", "v3", "v2") == "v1 v2");
    CHECK(promoted("4", "v2", "v3") == "v1 v2 v3");
    CHECK(promoted("5", "v3", "v1") == "v1");
    CHECK(promoted("6", "x", "v4") == "v1 x v4");
    const auto returns = cli::lineage_of(newest_first).returns;
    REQUIRE(returns.size() == 2);
    CHECK(returns[0].left == "2");
    CHECK(returns[1].left == "4");
}
