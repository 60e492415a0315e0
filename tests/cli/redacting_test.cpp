// SPDX-License-Identifier: Apache-2.0
#include "cli/redacting.hpp"

#include "simcluster/run.hpp"
#include "simcluster/scripted_tasks.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

const std::string secret = "hunter2-very-long";
const std::string said = "connecting with password=" + secret;

bool is_told(const Value& value) {
    if (value.is_string()) {
        return value.text("").find(secret) != std::string::npos;
    }
    bool any = false;
    for (const auto& item : value.items("")) {
        any = any || is_told(item);
    }
    for (const auto& [name, member] : value.members()) {
        any = any || is_told(member);
    }
    return any;
}

}  // namespace

TEST_CASE("what a task prints is kept and shown without what looks like a secret", "[cli]") {
    simcluster::ScriptedTasks real;
    real.answer("hook", [](const TaskOrder& order) {
        order.tell(Value::map({{"type", "error"}, {"text", said}}));
        return TaskReport{
            TaskEnd::failed,
            "exit code 1: " + said,
            Value::map({{"output", lines_value({"begins", said})}, {"seconds", 3}}),
        };
    });
    cli::RedactedTasks tasks(real);
    TaskOrder order;
    order.name = "hook";
    std::vector<Value> told;
    order.tell = [&told](Value fact) { told.push_back(std::move(fact)); };
    const auto report = simcluster::run(tasks.run(order));
    CHECK(report.end == TaskEnd::failed);
    CHECK(report.detail.find(secret) == std::string::npos);
    CHECK(report.detail.starts_with("exit code 1: connecting with password="));
    CHECK_FALSE(is_told(report.evidence));
    CHECK(report.evidence.text("/output/0") == "begins");
    CHECK(report.evidence.number("/seconds") == 3);
    REQUIRE(told.size() == 1);
    CHECK_FALSE(is_told(told.front()));
    CHECK(told.front().text("/type") == "error");
}

TEST_CASE(
    "an output that looks like a secret is not told, and is not told as another text", "[cli]"
) {
    simcluster::ScriptedTasks real;
    real.answer("apply-data", [](const TaskOrder&) {
        const auto outputs =
            Value::map({{"url", "https://db.example.com"}, {"dsn", said}, {"port", 5432}});
        return TaskReport{TaskEnd::done, "applied", Value::map({{"outputs", outputs}})};
    });
    cli::RedactedTasks tasks(real);
    TaskOrder order;
    order.name = "apply-data";
    const auto report = simcluster::run(tasks.run(order));
    CHECK(
        report.evidence.at("/outputs") ==
        Value::map({{"url", "https://db.example.com"}, {"port", 5432}})
    );
}

TEST_CASE("a command is shown without the secrets that it is called with", "[cli]") {
    const auto shown = cli::redacted_command(
        {"./restore.sh", "--password", secret, "postgres://shop:" + secret + "@db/shop", "shop"}
    );
    CHECK(shown.front() == "./restore.sh");
    CHECK(shown.back() == "shop");
    for (const auto& word : shown) {
        CHECK(word.find(secret) == std::string::npos);
    }
}
