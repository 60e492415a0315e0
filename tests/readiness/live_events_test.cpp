// SPDX-License-Identifier: Apache-2.0
// What a cluster complains of: an hour of it, by object and reason, whatever the server sends.
#include "readiness/live_events.hpp"

#include "tests/readiness/told.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace deployctl::readiness {
namespace {

const WallTime now = *read_rfc3339("2026-08-01T12:00:00Z");

std::string event(const std::string& name, const std::string& last, const std::string& more = "") {
    return R"({"involvedObject": {"kind": "Pod", "name": ")" + name +
           R"("}, "reason": "BackOff", "message": "Back-off restarting failed container",)" +
           R"("lastTimestamp": ")" + last + "\"" + more + "}";
}

ListAnswer page(const std::string& items, const std::string& next = "") {
    return {200, R"({"metadata": {"continue": ")" + next + R"("}, "items": [)" + items + "]}", ""};
}

/// "Pod web-0 BackOff 3" of each line that is kept.
std::vector<std::string> lines(const LiveEvents& events) {
    const auto file = events.file();
    std::vector<std::string> texts;
    for (const auto& item : file.tree.roots().at(0).at("items").items) {
        texts.push_back(
            std::string(item.text_at("kind")) + " " + std::string(item.text_at("name")) + " " +
            std::string(item.text_at("reason")) + " " + std::string(item.text_at("count"))
        );
    }
    return texts;
}

using Lines = std::vector<std::string>;

TEST_CASE("events of the last hour are added up by object and reason", "[readiness]") {
    LiveEvents events(now);
    events.take_page(page(
        event("web-0", "2026-08-01T11:59:00Z", R"(, "count": 2)") + "," +
        event("web-0", "2026-08-01T11:58:00Z") + "," + event("old-0", "2026-08-01T10:59:59Z") +
        "," + event("new-0", "", R"(, "eventTime": "2026-08-01T11:00:00Z", "series": {"count": 7})")
    ));
    CHECK(lines(events) == Lines{"Pod new-0 BackOff 7", "Pod web-0 BackOff 3"});
}

TEST_CASE("pages are followed to a limit, and what is beyond it is said", "[readiness]") {
    LiveEvents events(now);
    int pages = 0;
    for (; !events.next_address("shop").empty() && pages < 100; ++pages) {
        CHECK(
            events.next_address("shop") ==
            "/api/v1/namespaces/shop/events?limit=500&fieldSelector=type%3DWarning" +
                std::string(pages == 0 ? "" : "&continue=a%2Fb%26c%3D")
        );
        events.take_page(page("", "a/b&c="));
    }
    CHECK(pages == 20);
    CHECK(events.file().tree.roots().at(0).flag_at("is_cut"));
}

TEST_CASE("a flood of events takes no more memory than some hundred lines", "[readiness]") {
    LiveEvents events(now);
    std::string items;
    for (int number = 0; number < 3000; ++number) {
        const auto name = std::string(300, 'x') + std::to_string(number % 7) +
                          "\\u0001\\u001b[31m" + std::to_string(number);
        items += (items.empty() ? "" : ",") + event(std::to_string(number) + name, "");
    }
    events.take_page(page(items));
    CHECK(lines(events).size() == 400);
    CHECK(events.file().tree.source().size() < 400U * 1000U);
    CHECK(events.file().tree.roots().at(0).flag_at("is_cut"));
}

TEST_CASE("nonsense of a server is no event, and what it refuses is trouble", "[readiness]") {
    for (const auto* body : {"", "[]", "{\"items\": 3}", "{\"items\": [null, 3, {}]}", "\xff"}) {
        LiveEvents events(now);
        events.take_page({200, body, ""});
        CHECK(events.next_address("shop").empty());
        CHECK(events.file().rendering == live_rendering);
    }
    LiveEvents refused(now);
    refused.take_page({403, "", ""});
    CHECK(refused.file().trouble.what == "events: nobody has allowed to list them");
    LiveEvents away(now);
    away.take_page({0, "", "connection refused"});
    CHECK(away.file().trouble.what == "events: connection refused");
}

TEST_CASE("a container that was killed for memory counts as an event", "[readiness]") {
    LiveEvents events(now);
    events.take_pods(
        {200,
         R"({"items": [
      {"metadata": {"name": "web-0"}, "status": {"containerStatuses": [
        {"name": "app", "lastState": {"terminated": {"reason": "OOMKilled", "finishedAt": "2026-08-01T11:30:00Z"}}}]}},
      {"metadata": {"name": "web-1"}, "status": {"containerStatuses": [
        {"name": "app", "lastState": {"terminated": {"reason": "OOMKilled", "finishedAt": "2026-08-01T10:30:00Z"}}},
        {"name": "b", "lastState": {"terminated": {"reason": "Error", "finishedAt": "2026-08-01T11:30:00Z"}}}]}}
    ]})",
         ""}
    );
    CHECK(lines(events) == Lines{"Pod web-0 OOMKilled 1"});
}

/// The outcome of a rule for each of its subjects: "live -> Deployment/shop/web/events fail".
Lines outcomes(const std::string& rule_id, const Texts& texts, const std::string& trouble = "") {
    auto pack = std::make_shared<RulePack>();
    pack->rules.push_back(*own_rules()->find(rule_id));
    auto facts = std::make_shared<Facts>(Settings{});
    for (const auto& [path, text] : texts) {
        auto file = file_of(path, text);
        file.trouble.what = path == events_path ? trouble : "";
        facts->add(std::move(file));
    }
    gather_subjects(*facts);
    Lines found;
    const auto assessment = ask_rules(facts, pack);
    for (const auto& finding : assessment.results.front().findings) {
        found.push_back(
            std::string(finding.object()) + " " +
            std::string(outcome_names.at(static_cast<std::size_t>(finding.outcome)))
        );
    }
    return found;
}

const std::string workloads = R"(apiVersion: v1
kind: List
items:
  - {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: {containers: []}}}}
  - {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web-a}, spec: {template: {spec: {containers: []}}}}
  - {apiVersion: batch/v1, kind: CronJob, metadata: {name: tidy}, spec: {jobTemplate: {spec: {template: {spec: {containers: []}}}}}}
)";

TEST_CASE("an event belongs to the workload that its object is named after", "[readiness]") {
    const auto of = [](const std::string& kind, const std::string& name) {
        return outcomes(
            "LIVE-1",
            {{"live/workloads", workloads},
             {"live/events",
              "{items: [{kind: " + kind + ", name: " + name +
                  ", reason: FailedScheduling, count: 1, message: x}]}"}}
        );
    };
    const std::string cron = "live -> CronJob/tidy/events ";
    const std::string web = "live -> Deployment/web/events ";
    const std::string set = "live -> StatefulSet/web-a/events ";
    CHECK(of("Pod", "web-5d4f7-x2k8q") == Lines{cron + "pass", web + "fail", set + "pass"});
    CHECK(of("Pod", "web-a-0") == Lines{cron + "pass", web + "pass", set + "fail"});
    CHECK(of("Pod", "tidy-28123456-abcde") == Lines{cron + "fail", web + "pass", set + "pass"});
    CHECK(of("Job", "tidy-28123456") == Lines{cron + "fail", web + "pass", set + "pass"});
    CHECK(of("Pod", "api-5d4f7-x2k8q") == Lines{cron + "pass", web + "pass", set + "pass"});
    CHECK(of("Node", "web") == Lines{cron + "pass", web + "pass", set + "pass"});
}

TEST_CASE("events that nobody may list are not assessed, and never pass", "[readiness]") {
    const auto found = outcomes(
        "LIVE-1", {{"live/workloads", workloads}, {"live/events", "{items: []}"}}, "forbidden"
    );
    CHECK(found == Lines{"live/events not-assessed"});
    CHECK(outcomes("LIVE-1", {{"live/workloads", workloads}}).empty());
}

TEST_CASE("a manifest that is broken is not asked for events of a cluster", "[readiness]") {
    const std::string broken = "apiVersion: apps/v1\nkind: Deployment\nspec: [\n";
    CHECK(outcomes("LIVE-1", {{"k8s/web.yaml", broken}}).empty());
}

}  // namespace
}  // namespace deployctl::readiness
