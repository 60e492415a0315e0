// SPDX-License-Identifier: Apache-2.0
// The driver and the real Terraform.
#include "plugins/terraform/way_back.hpp"
#include "tests/terraform/terraform_bench.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

using namespace deployctl;
using namespace deployctl::plugins::terraform;
using tests::lines;
using tests::TerraformBench;

TEST_CASE("a stack is planned, applied and settled by the real tool", "[terraform]") {
    TerraformBench bench;
    bench.write("root/main.tf", R"(
variable "password" {
  default   = "hunter2"
  sensitive = true
}
resource "terraform_data" "a" { input = "one" }
resource "terraform_data" "b" { input = var.password }
output "url" { value = terraform_data.a.output }
output "password" {
  value     = var.password
  sensitive = true
}
)");
    const auto planned = bench.plan();
    INFO((planned.halt ? planned.halt->why : ""));
    REQUIRE_FALSE(planned.halt.has_value());
    REQUIRE(planned.plan.changes.size() == 4);
    const auto report = bench.run(bench.order(lines(planned)));
    INFO(report.detail);
    CHECK(report.end == TaskEnd::done);
    CHECK(report.evidence.at("/outputs") == Value::map({{"url", "one"}}));
    CHECK(documents::write_json(report.evidence).find("hunter2") == std::string::npos);
    CHECK(
        bench.read("root/terraform.tfstate.d/dev/terraform.tfstate").find("hunter2") !=
        std::string::npos
    );
    CHECK_FALSE(bench.plan().plan.has_changes());
    CHECK(
        bench.run(bench.order(lines(planned))).detail == "nothing is left to do: the plan is empty"
    );
}

TEST_CASE("what a rollout has applied goes back to the configuration before", "[terraform]") {
    TerraformBench bench;
    bench.write("root/main.tf", "resource \"terraform_data\" \"a\" { input = \"one\" }\n");
    REQUIRE(bench.run(bench.order(lines(bench.plan()))).end == TaskEnd::done);
    bench.write(
        "root/main.tf",
        "resource \"terraform_data\" \"a\" { input = \"two\" }\nresource \"terraform_data\" \"b\" "
        "{}\n"
    );
    auto forward = bench.order(lines(bench.plan()));
    forward.rollout = "rollout-2";
    REQUIRE(bench.run(forward).end == TaskEnd::done);
    auto back = forward;
    std::get<StackWork>(back.task.work).reverts = true;
    const auto report = bench.run(back);
    INFO(report.detail);
    CHECK(report.end == TaskEnd::done);
    const auto state = bench.read("root/terraform.tfstate.d/dev/terraform.tfstate");
    CHECK(state.find("\"one\"") != std::string::npos);
    CHECK(state.find("\"two\"") == std::string::npos);
    CHECK(state.find("\"b\"") == std::string::npos);
}

TEST_CASE(
    "nothing is called gone back where the configuration before finds another state", "[terraform]"
) {
    const auto* const path = GENERATE("state/prod.tfstate", "../kept/prod.tfstate", "prod.json");
    CAPTURE(path);
    TerraformBench bench;
    bench.workspace = "";
    const auto with = [&bench, &path](const std::string& input) {
        bench.write(
            "root/main.tf",
            "terraform {\n  backend \"local\" { path = \"" + std::string(path) +
                "\" }\n}\nresource \"terraform_data\" \"a\" { input = \"" + input + "\" }\n"
        );
    };
    with("one");
    REQUIRE(bench.run(bench.order(lines(bench.plan()))).end == TaskEnd::done);
    with("two");
    auto order = bench.order(lines(bench.plan()));
    order.rollout = "rollout-2";
    REQUIRE(bench.run(order).end == TaskEnd::done);
    CHECK(
        trouble_with_going_back(bench.settings(), bench.notes())
            .find("keeps its state in a file") == 0
    );
    std::get<StackWork>(order.task.work).reverts = true;
    const auto report = bench.run(order);
    INFO(report.detail);
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("keeps its state elsewhere") != std::string::npos);
    CHECK(bench.read("root/" + std::string(path)).find("\"two\"") != std::string::npos);
}

TEST_CASE("a configuration that was applied elsewhere since is not gone back over", "[terraform]") {
    TerraformBench bench;
    const auto with = [&bench](const std::string& input) {
        bench.write(
            "root/main.tf", "resource \"terraform_data\" \"a\" { input = \"" + input + "\" }\n"
        );
    };
    with("one");
    REQUIRE(bench.run(bench.order(lines(bench.plan()))).end == TaskEnd::done);
    with("two");
    const auto by_hand = "cd '" + bench.root() + "' && TF_DATA_DIR='" + bench.notes() +
                         "/data' terraform apply -auto-approve -input=false > /dev/null";
    REQUIRE(std::system(by_hand.c_str()) == 0);
    with("three");
    auto order = bench.order(lines(bench.plan()));
    order.rollout = "rollout-2";
    REQUIRE(bench.run(order).end == TaskEnd::done);
    std::get<StackWork>(order.task.work).reverts = true;
    const auto report = bench.run(order);
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("nobody knows which configuration") != std::string::npos);
    const auto state = bench.read("root/terraform.tfstate.d/dev/terraform.tfstate");
    CHECK(state.find("\"three\"") != std::string::npos);
}

TEST_CASE("a mistake in a module is told with its own place", "[terraform]") {
    TerraformBench bench;
    bench.write("root/main.tf", "resource \"terraform_data\" \"a\" {\n  inputt = 1\n}\n");
    const auto argument = bench.plan();
    REQUIRE(argument.halt.has_value());
    CHECK(argument.halt->why.find("main.tf:2:3: ") != std::string::npos);
    bench.write("root/main.tf", "resource \"terraform_data\" \"a\" {\n");
    const auto block = bench.plan();
    REQUIRE(block.halt.has_value());
    CHECK(block.halt->why.find("main.tf:1:") != std::string::npos);
}

TEST_CASE("a provider that cannot be installed is told", "[terraform]") {
    TerraformBench bench;
    bench.write(
        "root/main.tf",
        "terraform {\n  required_providers {\n    none = { source = \"example/none\" }\n  }\n}\n"
    );
    const auto planned = bench.plan();
    REQUIRE(planned.halt.has_value());
    CHECK(planned.halt->kind == Halt::Kind::failed);
    CHECK(planned.halt->why.find("init: ") == 0);
    CHECK(planned.halt->why.find("example/none") != std::string::npos);
}

TEST_CASE("what others have changed is drift, apart from what is to change", "[terraform][drift]") {
    if (std::getenv("DEPLOYCTL_TEST_PROVIDER_LOCAL") == nullptr) {
        std::cerr << "NOT RUN: there is no terraform-provider-local\n";
        SUCCEED();
        return;
    }
    TerraformBench bench;
    const auto file = bench.path() + "/made.txt";
    bench.write(
        "root/main.tf",
        "resource \"local_file\" \"f\" {\n  filename = \"" + file + "\"\n  content = \"c\"\n}\n"
    );
    const auto first = bench.plan();
    INFO((first.halt ? first.halt->why : ""));
    REQUIRE(bench.run(bench.order(lines(first))).end == TaskEnd::done);
    CHECK(bench.plan().plan.drift.empty());
    std::filesystem::remove(file);
    const auto drifted = bench.plan();
    REQUIRE(drifted.plan.drift.size() == 1);
    CHECK(drifted.plan.drift.front().address == "local_file.f");
}
