// SPDX-License-Identifier: Apache-2.0
// The verbs of `infra` as far as they need no Terraform; the rest is tests/terraform/verbs_test.py.
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"
#include "tests/plugins/fake_terraform.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::Folder;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct Shop : Shell {
    Shop() {
        file = folder.write("deploy.yaml", R"(apiVersion: deployctl/v1
app: {name: web, image: registry/shop/web}
infra:
  stacks: {data: {dir: /no/such/folder}}
  backup: {encrypt_to: backup.crt}
environments:
  production: {namespace: shop, strategy: rolling}
)");
    }

    tests::Answer in(const std::string& line) {
        return run("-f " + file + " --state " + folder.path("state/state.db") + " " + line);
    }

    /// A rollout whose task has ended so.
    void has_applied(const std::string& id, TaskEnd end, const std::string& detail) {
        NewRollout made;
        made.record.id = id;
        made.record.target = {"web", "production", "shop", "uid"};
        made.record.initiator = "bob@ci";
        const auto work = Value::map({{"do", "stack"}, {"stack", "data"}});
        const auto hook = Value::map({{"do", "program"}});
        made.plan = Value::map({
            {"tasks",
             Value::map({
                 {"apply-data", Value::map({{"work", work}})},
                 {"warm-up", Value::map({{"work", hook}})},
             })},
        });
        simcluster::run(parts.entries->begin(made));
        const std::vector<Entry> entries{
            TaskEnded{0, "warm-up", "a", TaskEnd::done, "hook", {}, {}},
            TaskEnded{1, "apply-data", "b", end, detail, {}, seconds(5)},
        };
        simcluster::run(parts.entries->append(id, 1, entries));
        const std::vector<Entry> over{
            StateChanged{
                RolloutState::pending, RolloutState::aborted, Direction::forward, "", ExitCode::done
            },
        };
        simcluster::run(parts.entries->append(id, 2, over));
    }

    void is_underway(RolloutState state) {
        NewRollout made;
        made.record.id = "019ae003-0000-7000-8000-000000000003";
        made.record.target = {"web", "production", "shop", "uid"};
        made.plan = Value::map({{"tasks", Value::map()}});
        simcluster::run(parts.entries->begin(made));
        const std::vector<Entry> entries{
            StateChanged{RolloutState::pending, state, Direction::forward, "", ExitCode::done},
        };
        simcluster::run(parts.entries->append(made.record.id, 1, entries));
    }

    Folder folder;
    std::string file;
};

}  // namespace

TEST_CASE("infra history tells what rollouts have applied, and by whom", "[cli]") {
    Shop shop;
    shop.columns = 200;
    shop.has_applied("019ae001-0000-7000-8000-000000000001", TaskEnd::done, "1 to add: applied");
    shop.has_applied("019ae002-0000-7000-8000-000000000002", TaskEnd::failed, "quota");
    const auto told = shop.in("infra history data");
    CHECK(told.exit == 0);
    CHECK(contains(told.out, "rollout 1"));
    CHECK(contains(told.out, "rollout 2"));
    CHECK(contains(told.out, "rollout.apply"));
    CHECK(contains(told.out, "bob@ci"));
    CHECK(contains(told.out, "1 to add: applied"));
    CHECK_FALSE(contains(told.out, "hook"));
    CHECK(contains(shop.in("infra history -o json").out, "\"state\": \"failed\""));
}

TEST_CASE("infra history cuts nothing but on a screen", "[cli]") {
    Shop shop;
    shop.columns = 80;
    const std::string detail = "1 to add, 2 to change, 0 to destroy: applied as it was planned";
    shop.has_applied("019ae001-0000-7000-8000-000000000001", TaskEnd::done, detail);
    CHECK(contains(shop.in("infra history data").out, detail));
    CHECK(contains(shop.in("infra history data -o wide").out, detail));
}

TEST_CASE("a price below 0 is refused with its place", "[cli]") {
    Shop shop;
    shop.file = shop.folder.write("priced.yaml", R"(apiVersion: deployctl/v1
app: {name: web, image: registry/shop/web}
infra: {prices: prices.yaml, stacks: {data: {dir: /no/such/folder}}}
environments:
  production: {namespace: shop, strategy: rolling}
)");
    shop.parts.files.has("prices.yaml", "aws_instance: 30\naws_db_instance: -5\naws_vpc: dear\n");
    const auto answer = shop.in("infra plan data");
    CHECK(answer.exit == 2);
    CHECK(contains(answer.err, "C1131"));
    CHECK(contains(answer.err, "prices.yaml:2:1"));
    CHECK(contains(answer.err, "the price of `aws_db_instance` is no number of at least 0"));
    CHECK(contains(answer.err, "the price of `aws_vpc` is no number of at least 0"));
}

TEST_CASE("infra backup is written down before it begins, and ended where it fails", "[cli]") {
    Shop shop;
    shop.parts.files.has("backup.crt", "a certificate");
    CHECK(shop.in("infra backup").exit == 4);
    OperationFilter filter;
    filter.kind = "infra.backup";
    const auto known = simcluster::run(shop.parts.operations().operations(filter));
    REQUIRE(known.size() == 1);
    CHECK(known.front().state == OperationState::failed);
    CHECK(contains(known.front().result.text("/failure"), "/no/such/folder is not there"));
}

TEST_CASE("infra apply heeds the lock of the environment", "[cli]") {
    Shop shop;
    REQUIRE(shop.in("env lock production --reason incident").exit == 0);
    const auto refused = shop.in("infra apply data -y");
    CHECK(refused.exit == 4);
    CHECK(contains(refused.err, "environment production is locked by"));
    CHECK(contains(refused.err, "incident"));
    REQUIRE(shop.in("env unlock production --reason over").exit == 0);
    CHECK(contains(shop.in("infra apply data -y").err, "/no/such/folder is not there"));
}

TEST_CASE("infra apply heeds the lock that the journal knows where the cluster is away", "[cli]") {
    Shop shop;
    REQUIRE(shop.in("env lock production --reason incident").exit == 0);
    shop.parts.server_is_away = true;
    const auto refused = shop.in("infra apply data -y");
    CHECK(refused.exit == 4);
    CHECK(contains(refused.err, "is locked by"));
}

TEST_CASE("infra apply goes on, and says so, where nobody can tell of a lock", "[cli]") {
    Shop shop;
    shop.parts.server_is_away = true;
    const auto told = shop.in("infra apply data -y").err;
    CHECK(contains(told, "its cluster does not say whether the environment is locked"));
    CHECK(contains(told, "/no/such/folder is not there"));
}

TEST_CASE("infra apply does not begin beside an active rollout", "[cli]") {
    Shop shop;
    shop.is_underway(RolloutState::running);
    const auto refused = shop.in("infra apply data -y");
    CHECK(refused.exit == 9);
    CHECK(contains(refused.err, "not applied beside rollout 1"));
}

TEST_CASE("beside a rollout that stands still infra apply wants a yes by name", "[cli]") {
    Shop shop;
    shop.is_underway(RolloutState::paused);
    const auto refused = shop.in("infra apply data -y");
    CHECK(refused.exit == 4);
    CHECK(contains(refused.err, "stands still"));
    CHECK(contains(shop.in("infra apply data -y --confirm=data").err, "is not there"));
}

TEST_CASE("a rollout that could not bring a stack back is refused before it begins", "[cli]") {
    const tests::FakeTerraform tool;
    tool.answers("plan", "", 2);
    tool.answers(
        "show",
        R"({"format_version":"1.2","resource_changes":[{"address":"a.b","mode":"managed",)"
        R"("type":"terraform_data","change":{"actions":["create"],"after":{"input":"x"}}}]})"
    );
    Shop shop;
    shop.columns = 300;
    const auto plan_with = [&](const std::string& way_back) {
        const auto stack = "dir: " + tool.root() +
                           ", apply: before_traffic, on_rollback: " + way_back +
                           ", var_files: [../prod.tfvars], timeout: 20h";
        shop.folder.write(
            "deploy.yaml",
            "apiVersion: deployctl/v1\n"
            "app: {name: web, image: registry/shop/web, workload: {name: web}}\n"
            "infra: {program: " +
                tool.program() + ", stacks: {data: {" + stack +
                "}}}\n"
                "environments: {production: {namespace: shop, strategy: rolling}}\n"
        );
        const auto planned = shop.in("plan v2");
        return planned.out + planned.err;
    };
    const std::string refusal = "stack data has `on_rollback: revert`, and reads ../prod.tfvars";
    const auto reverting = plan_with("revert");
    INFO(reverting);
    CHECK(contains(reverting, refusal));
    const auto keeping = plan_with("keep");
    INFO(keeping);
    CHECK(contains(keeping, "a.b"));
    CHECK_FALSE(contains(keeping, refusal));
}
