// SPDX-License-Identifier: Apache-2.0
// Gates that ask a metrics source, from the command line: asked once before a rollout, shown by
// `gate test`, and no hindrance to going back or to a rehearsal.
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using simcluster::run;
using tests::Folder;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string yaml_with(const std::string& policy) {
    return "apiVersion: deployctl/v1\n"
           "app: {name: web, image: registry/shop/web}\n"
           "prometheus: {url: \"https://prom.example.com\"}\n"
           "queries: {queued: \"sum(queue)\"}\n"
           "gates: {queue: {type: metric, query: queued, max: 10" +
           policy +
           "}}\n"
           "strategies: {canary: {gates: [queue]}, rolling: {gates: [queue]}}\n"
           "environments: {production: {namespace: shop}}\n";
}

struct Shop {
    explicit Shop(const std::string& policy = "")
        : file(folder.write("deploy.yaml", yaml_with(policy))) {}

    /// From now on, in this order; the last one stays.
    void measures(const std::vector<double>& values) {
        for (const double value : values) {
            shell.parts.measurements.on("sum(queue)", value);
        }
    }

    tests::Answer run(const std::string& line) { return shell.run("-f " + file + " " + line); }

    Shell shell;
    Folder folder;
    std::string file;
};

}  // namespace

TEST_CASE("a rollout whose gate measures something good is promoted", "[cli]") {
    Shop shop;
    shop.measures({3});
    const auto answer = shop.run("rollout canary v2 -q");
    INFO(answer.err);
    CHECK(answer.exit == 0);
    CHECK(shop.shell.parts.measurements.last_source().url == "https://prom.example.com");
    shop.measures({11, 11});
    const auto bad = shop.run("rollout canary v3-errors -q");
    INFO(bad.out << bad.err);
    CHECK(bad.exit == 6);
    CHECK(contains(bad.err, "queue: 11 > limit 10, 3 in a row; sum(queue)"));
}

TEST_CASE("a query that cannot be asked is found before a rollout, and stops it", "[cli]") {
    Shop shop;
    SECTION("nobody answers") {
        shop.shell.parts.measurements.go_away();
        const auto answer = shop.run("rollout canary v2 -q");
        CHECK(answer.exit == 4);
        CHECK(contains(answer.err, "gate `queue`: the metrics source cannot be asked: connection"));
    }
    SECTION("it is wrong") {
        shop.shell.parts.measurements.on("sum(queue)", tests::metric_refusal("parse error"));
        const auto answer = shop.run("rollout canary v2 -q");
        CHECK(answer.exit == 4);
        CHECK(contains(answer.err, "refuses its query sum(queue): parse error"));
    }
    SECTION("nothing is measured yet, which is only said") {
        shop.shell.parts.measurements.on("sum(queue)", tests::metric_series({}));
        const auto plan = shop.run("plan v2 --strategy canary");
        INFO(plan.out << plan.err);
        CHECK(contains(plan.out, "nothing is measured yet for sum(queue)"));
    }
    CHECK(shop.shell.parts.world.writes().empty());
}

TEST_CASE("one that decides nothing stops nothing", "[cli]") {
    const std::string policy = GENERATE(", dry_run: true", ", on_fail: notify");
    Shop shop(policy);
    shop.shell.parts.measurements.go_away();
    const auto answer = shop.run("rollout canary v2 -q");
    INFO(answer.err);
    CHECK(answer.exit == 0);
}

TEST_CASE("a resume asks where metrics are today, what was asked before", "[cli]") {
    Shop shop(", errors_in_a_row: 2");
    shop.measures({3});
    shop.shell.parts.measurements.on("sum(queue)", tests::metric_failure("connection refused"));
    const auto paused = shop.run("rollout canary v2 -q --on-pause exit");
    INFO(paused.err);
    REQUIRE(paused.exit == 5);
    auto yaml = yaml_with(", errors_in_a_row: 2");
    const std::string old_url = "https://prom.example.com";
    yaml.replace(yaml.find(old_url), old_url.size(), "https://moved.example.com");
    yaml.replace(yaml.find("max: 10"), 7, "max: 1");
    yaml.replace(yaml.find("sum(queue)"), 10, "sum(other)");
    shop.folder.write("deploy.yaml", yaml);
    shop.measures({3});
    const auto resumed = shop.run("rollout resume -q");
    INFO(resumed.err);
    CHECK(resumed.exit == 0);
    CHECK(contains(resumed.err, "metrics are asked at https://moved.example.com"));
    CHECK(shop.shell.parts.measurements.last_source().url == "https://moved.example.com");
    CHECK(shop.shell.parts.measurements.questions("sum(other)") == 0);
}

TEST_CASE("nobody is kept from going back because nothing can be measured", "[cli]") {
    Shop shop(", errors_in_a_row: 2, on_no_data: hold");
    shop.measures({3});
    CHECK(shop.run("rollout canary v2 -q").exit == 0);
    shop.shell.parts.measurements.go_away();
    const auto back = shop.run("rollout rollback --reason late -q");
    INFO(back.err);
    CHECK(back.exit != 4);
    CHECK(contains(
        shop.shell.parts.world.object(simcluster::in_shop(Kind::deployment, "web"))
            .text("/spec/template/spec/containers/0/image"),
        ":v1"
    ));
}

TEST_CASE("a rehearsal says which gates it cannot play", "[cli]") {
    Shop shop;
    shop.measures({3});
    const auto answer = shop.run("rehearse canary v2");
    INFO(answer.out << answer.err);
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "Not played, since nothing is measured there: queue."));
}

TEST_CASE("a gate is tested with the query as it is asked", "[cli]") {
    Shop shop;
    shop.measures({3, 11});
    const auto good = shop.run("gate test queue");
    INFO(good.err);
    CHECK(good.exit == 0);
    CHECK(contains(good.out, "queue pass: 3 (limit 10)"));
    CHECK(contains(good.out, "asks   sum(queue)"));
    CHECK(shop.run("gate test queue").exit == 4);
    CHECK(contains(shop.run("gate show queue").out, "queued"));
    CHECK(contains(shop.run("gate list").out, "metric"));
}

TEST_CASE("gate test says with what it has compared", "[cli]") {
    const Folder folder;
    const auto file = folder.write(
        "deploy.yaml",
        "apiVersion: deployctl/v1\n"
        "app: {name: web, image: registry/shop/web}\n"
        "prometheus: {url: \"https://prom.example.com\"}\n"
        "gates:\n"
        "  more: {type: metric, query: queue, max_increase: 1}\n"
        "  most: {type: metric, query: queue, max: 9}\n"
        "environments: {production: {namespace: shop}}\n"
    );
    Shell shell;
    shell.parts.measurements.on("queue", 3);
    const auto tested = shell.run("-f " + file + " gate test more");
    INFO(tested.out << tested.err);
    CHECK(contains(tested.out, "  with   stable with itself, which says that it can be asked"));
    const auto told = documents::read_json(shell.run("-f " + file + " gate test more -o json").out);
    CHECK(told.at("/compared_with") == told.at("/pods"));
    CHECK(told.text("/note").starts_with("stable with itself"));
    const auto single = shell.run("-f " + file + " gate test most");
    CHECK_FALSE(contains(single.out, "  with   "));
}

TEST_CASE("an error budget is asked for by its sums, also before a rollout", "[cli]") {
    const Folder folder;
    const auto file = folder.write(
        "deploy.yaml",
        "apiVersion: deployctl/v1\n"
        "app: {name: web, image: registry/shop/web}\n"
        "prometheus: {url: \"https://prom.example.com\"}\n"
        "gates: {budget: {type: error-budget, errors: bad, total: all, objective: 99.9}}\n"
        "strategies: {canary: {gates: [budget]}}\n"
        "environments: {production: {namespace: shop}}\n"
    );
    Shell shell;
    auto& source = shell.parts.measurements;
    source.on("sum(increase(all[2592000s]))", 1'000'000);
    source.on("sum(increase(bad[2592000s]))", 100);
    const auto tested = shell.run("-f " + file + " gate test budget");
    INFO(tested.out << tested.err);
    CHECK(tested.exit == 0);
    CHECK(contains(tested.out, "budget pass: 90% of the error budget is left (limit at least 10%)")
    );
    const auto rollout = shell.run("-f " + file + " rollout canary v2 -q");
    INFO(rollout.out << rollout.err);
    CHECK(rollout.exit == 0);
    CHECK(source.questions("sum(increase(bad[300s]))") == 1);
    source.on("sum(increase(bad[2592000s]))", 2'000);
    source.on("sum(increase(bad[2592000s]))", 2'000);
    CHECK(shell.run("-f " + file + " rollout canary v3-errors -q").exit == 6);
}

TEST_CASE("explain judges each verdict anew from what was stored", "[cli]") {
    Shop shop;
    shop.measures({3, 11, 11, 11});
    REQUIRE(shop.run("rollout canary v3-errors -q").exit == 6);
    const auto answer = shop.run("explain 1");
    INFO(answer.out << answer.err);
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "Gates, judged anew from what the journal stored"));
    CHECK(contains(answer.out, "queue  recomputed: the same, "));
    CHECK(contains(answer.out, "decided anew: failed, the same"));
    const auto json = shop.run("explain 1 -o json").out;
    CHECK(contains(json, "\"recomputed\": \"fail\""));
    CHECK(contains(json, "\"decision\": \"failed\""));
}

TEST_CASE("a verdict that does not follow from what was stored is told loudly", "[cli]") {
    Shop shop;
    shop.measures({3, 11, 11, 11});
    REQUIRE(shop.run("rollout canary v3-errors -q --on-failure hold --on-pause exit").exit == 5);
    auto& journal = *shop.shell.parts.entries;
    const auto record = run(journal.find("1")).value();
    GateEvaluated forged;
    forged.step = record.step;
    forged.gate = "queue";
    forged.verdict = {Answer::pass, "sum(queue)", "3", "10", {}};
    forged.verdict.evidence = Value::map({
        {"query", "sum(queue)"},
        {"series", Value::list({Value::map({{"number", 12}})})},
        {"stable", nullptr},
    });
    forged.good_in_a_row = 1;
    forged.ruled.decision = "passed";
    const auto appended = run(journal.append(record.id, record.version, {forged}));
    REQUIRE(appended.answer == AppendAnswer::committed);
    const auto step = std::to_string(record.step + 1);
    const auto answer = shop.run("explain 1 --step " + step);
    INFO(answer.out << answer.err);
    CHECK(answer.exit == 11);
    CHECK(contains(answer.out, "recomputed: fail (12), recorded: pass"));
    CHECK(contains(answer.err, "1 verdict of rollout 1 does not follow from what was stored"));
    CHECK(shop.run("explain 1 -o json").exit == 11);
}

namespace {

/// A rollout of one gate that compares errors, on four pods of v1.
struct Compared {
    explicit Compared(const std::string& hold = "10m", const std::string& of_memory = "")
        : file(folder.write(
              "deploy.yaml",
              "apiVersion: deployctl/v1\n"
              "app: {name: web, image: registry/shop/web}\n"
              "prometheus: {url: \"https://prom.example.com\"}\n"
              "gates:\n"
              "  errors: {type: analysis, errors: bad, total: all}\n"
              "  memory: {type: analysis, method: trend, query: rss, max_rise: 1" +
                  of_memory +
                  "}\n"
                  "strategies:\n"
                  "  blue-green: {gates: [errors], keep_old: 10m}\n"
                  "  rolling: {gates: [errors], bake: 5m}\n"
                  "  canary: {gates: [errors, memory], steps: [{weight: 10, hold: " +
                  hold + "}, {weight: 50, hold: " + hold + "}]}\n" +
                  "environments: {production: {namespace: shop}}\n"
          )) {
        shell.parts.measurements.on("all", tests::metric_series({}));
        shell.parts.measurements.on("bad", tests::metric_series({}));
    }

    void serve(double requests, double errors) {
        shell.parts.measurements.on("sum(increase(all[300s]))", requests);
        shell.parts.measurements.on("sum(increase(bad[300s]))", errors);
    }

    tests::Answer plan(const std::string& more = "") {
        return shell.run("-f " + file + " plan v2 --strategy canary" + more);
    }

    Shell shell;
    Folder folder;
    std::string file;
};

}  // namespace

TEST_CASE("the plan says what each hold can see at the traffic of now", "[cli]") {
    Compared shop;
    shop.serve(30'000, 150);
    const auto plan = shop.plan();
    INFO(plan.out << plan.err);
    CHECK(contains(plan.out, "What holds see, at the traffic of now"));
    CHECK(contains(plan.out, "10%  errors  at 20% for 10m (about "));
    CHECK(contains(plan.out, "x worse error rate with 90% power"));
    const auto preview = shop.shell.run("-f " + shop.file + " rollout canary v2 --dry-run").err;
    CHECK(contains(preview, "What holds see, at the traffic of now"));
    const auto busy = documents::read_json(shop.plan(" -o json").out);
    CHECK(busy.items("/sight/holds").size() == 2);
    CHECK(busy.real("/sight/holds/0/smallest_ratio") > 1);
    shop.serve(60'000, 150);
    shop.plan();  // hears the last of the earlier answers
    const auto later = documents::read_json(shop.plan(" -o json").out);
    CHECK(later.real("/sight/holds/0/requests") > busy.real("/sight/holds/0/requests"));
    CHECK(later.text("/hash") == busy.text("/hash"));
}

TEST_CASE("a hold that can see nothing is a caution, with what would help", "[cli]") {
    Compared shop("1m");
    shop.serve(300, 1);
    const auto plan = shop.plan();
    INFO(plan.out << plan.err);
    CHECK(plan.exit == 0);
    CHECK(contains(plan.out, "gate `errors` at 20% for 1m (about 6 requests): sees no worse"));
    CHECK(contains(plan.out, "a hold of "));
}

TEST_CASE("a switch and a bake say what they can see, against what was before", "[cli]") {
    Compared shop;
    shop.serve(30'000, 150);
    const auto switched = shop.shell.run("-f " + shop.file + " plan v2 --strategy blue-green");
    INFO(switched.out << switched.err);
    CHECK(contains(switched.out, "switch  errors  alone for 10m (about 60000 requests): sees a "));
    const auto rolled = shop.shell.run("-f " + shop.file + " plan v2 --strategy rolling");
    INFO(rolled.out << rolled.err);
    CHECK(contains(rolled.out, "roll  errors  alone for 5m (about 27000 requests): sees a "));
    CHECK_FALSE(contains(rolled.out, "preview"));
}

TEST_CASE("holds too short for a slope to be known are a caution, with the numbers", "[cli]") {
    Compared shop("5m");
    shop.shell.parts.measurements.on("rss", tests::metric_series({}));
    const auto plan = shop.plan();
    INFO(plan.out << plan.err);
    CHECK(contains(
        plan.out,
        "gate `memory` may never answer: it needs 13m: 5 blocks of 10 samples, one in 15s, after "
        "30s "
        "of warm_up, and is given 5m of holds and 5m of hold_at_most"
    ));
    Compared longer("8m");
    longer.shell.parts.measurements.on("rss", tests::metric_series({}));
    CHECK_FALSE(contains(longer.plan().out, "may never answer"));

    // One that decides nothing is not waited for on top of the holds.
    Compared tried("8m", ", dry_run: true");
    tried.shell.parts.measurements.on("rss", tests::metric_series({}));
    CHECK(contains(tried.plan().out, "`memory` may never answer: it needs 13m"));
}

TEST_CASE("a plan without an answer says that it does not know, and goes on", "[cli]") {
    Compared shop;
    const auto plan = shop.plan();
    INFO(plan.out << plan.err);
    CHECK(plan.exit == 0);
    CHECK(contains(plan.out, "gate `errors`: what its holds can see is not known: "));
}

TEST_CASE("show draws what gates have measured, with the limit", "[cli]") {
    Shop shop;
    shop.measures({3, 4, 11, 11, 11});
    REQUIRE(shop.run("rollout canary v3-errors -q").exit == 6);
    const auto shown = shop.run("show 1");
    INFO(shown.out);
    CHECK(contains(shown.out, "Measured"));
    CHECK(contains(shown.out, "min 4  max 11  last 11  limit 10"));
    CHECK(contains(shown.out, "^ beyond the limit"));
    CHECK_FALSE(contains(shop.run("show 1 --ascii").out, "█"));
    const auto data = documents::read_json(shop.run("show 1 -o json").out);
    CHECK(data.text("/series/0/gate") == "queue");
    CHECK(data.real("/series/0/limit") == 10);
    CHECK(data.items("/series/0/points").size() >= 4);
}
