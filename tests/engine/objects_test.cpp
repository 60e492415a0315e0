// SPDX-License-Identifier: Apache-2.0
// A release whose manifests are brought out whole: before the pods, back in reverse order, nothing
// of anybody else, and nothing half done wherever a runner dies.
#include "documents/json.hpp"
#include "engine/config_places.hpp"
#include "engine/field_changes.hpp"
#include "engine/plan_json.hpp"
#include "engine/planned_objects.hpp"
#include "engine/preflight.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

Value config_map(const std::string& name, const Value& data) {
    return Value::map({
        {"apiVersion", "v1"},
        {"kind", "ConfigMap"},
        {"metadata", Value::map({{"name", name}})},
        {"data", data},
    });
}

Value budget(int least) {
    return Value::map({
        {"apiVersion", "policy/v1"},
        {"kind", "PodDisruptionBudget"},
        {"metadata", Value::map({{"name", "web"}})},
        {"spec", Value::map({{"minAvailable", least}})},
    });
}

const std::string container = "/spec/template/spec/containers/0";
const ObjectRef budget_ref = in_shop(Kind::disruption_budget, "web");
const ObjectRef settings_ref = in_shop(Kind::config_map, "settings");

struct Shop : Stage {
    Shop() {
        configuration.strategies.canary.steps = {{50, seconds(10)}};
        configuration.strategies.canary.gates.clear();
        cluster.add(config_map("settings", Value::map({{"level", "1"}, {"own", "x"}})));
        manifests = {config_map("settings", Value::map({{"level", "2"}})), budget(2)};
    }

    Value settings() { return cluster.object(settings_ref).at("/data"); }

    engine::RunResult bring_out(const std::string& tag) {
        auto result = start(StrategyKind::canary, tag);
        cluster.settle();
        return result;
    }

    /// As the journal of the release before has them.
    void promote_as_last(const std::string& tag) {
        const auto plan = draft(StrategyKind::canary, tag).plan;
        REQUIRE(bring_out(tag).exit == ExitCode::done);
        last_objects = engine::without_literals(plan).items("/release/objects");
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "objects are brought out before the pods and restored in reverse order", "[engine][objects]"
) {
    Shop shop;
    const auto draft = shop.draft(StrategyKind::canary, "v2");
    CHECK(draft.refusals.empty());
    CHECK_THAT(
        to_text(draft.plan.course.steps),
        Catch::StartsWith("prepare: record the snapshot in the cluster\n"
                          "objects: apply ConfigMap/settings\n"
                          "objects: apply PodDisruptionBudget/web\n")
    );
    CHECK_THAT(
        to_text(draft.plan.way_back),
        Contains("objects: restore PodDisruptionBudget/web\n"
                 "objects: restore ConfigMap/settings\n"
                 "verify: ")
    );
    const Lines changes{
        "image registry/shop/web:v1 -> registry/shop/web:v2",
        "ConfigMap/settings: data/level changed",
        "PodDisruptionBudget/web is new",
    };
    CHECK(draft.plan.release.changes == changes);
    CHECK(
        engine::hash_of(engine::read_plan(engine::to_value(draft.plan))) ==
        engine::hash_of(draft.plan)
    );
}

TEST_CASE("a promoted release has its objects, and what nobody said stays", "[engine][objects]") {
    Shop shop;
    CHECK(shop.bring_out("v2").exit == ExitCode::done);
    CHECK(shop.settings() == Value::map({{"level", "2"}, {"own", "x"}}));
    CHECK(shop.cluster.object(budget_ref).number("/spec/minAvailable") == 2);
    CHECK(shop.draft(StrategyKind::canary, "v2").is_no_change);
}

TEST_CASE("a bad version takes its objects back, the new ones as well", "[engine][objects]") {
    Shop shop;
    shop.cluster.behave("v2", crashing());
    CHECK(shop.bring_out("v2").exit == ExitCode::rolled_back);
    CHECK(shop.settings() == Value::map({{"level", "1"}, {"own", "x"}}));
    CHECK(shop.cluster.object(budget_ref).is_null());
}

TEST_CASE(
    "what the last release said and this one does not is taken away at the end", "[engine][objects]"
) {
    Shop shop;
    shop.manifests.front().set("/data/old", "o");
    shop.promote_as_last("v2");
    CHECK(shop.settings().text("/old") == "o");
    shop.manifests = {config_map("settings", Value::map({{"level", "3"}}))};
    const auto draft = shop.draft(StrategyKind::canary, "v3");
    CHECK_THAT(
        to_text(draft.plan.course.steps), Catch::EndsWith("clean: remove PodDisruptionBudget/web\n")
    );
    shop.cluster.behave("v3", crashing());
    CHECK(shop.bring_out("v3").exit == ExitCode::rolled_back);
    CHECK(shop.settings().text("/old") == "o");
    CHECK_FALSE(shop.cluster.object(budget_ref).is_null());
    CHECK(shop.bring_out("v4").exit == ExitCode::done);
    CHECK(shop.settings() == Value::map({{"level", "3"}, {"own", "x"}}));
    CHECK(shop.cluster.object(budget_ref).is_null());
}

TEST_CASE("what somebody else has made or owns is not touched", "[engine][objects]") {
    Shop shop;
    SECTION("made since the plan") {
        const auto plan = shop.draft(StrategyKind::canary, "v2").plan;
        shop.cluster.add(budget(1));
        const auto ports = shop.ports_to(shop.cluster, shop.store, shop.runners);
        const auto result = run(engine::start(ports, plan, {}));
        CHECK(result.exit == ExitCode::rolled_back);
        CHECK(shop.cluster.object(budget_ref).number("/spec/minAvailable") == 1);
        CHECK(shop.settings() == Value::map({{"level", "1"}, {"own", "x"}}));
    }
    SECTION("of Helm") {
        shop.cluster.edit(settings_ref, [](Value& settings) {
            settings.set("/metadata/labels/app.kubernetes.io~1managed-by", "Helm");
        });
        const auto draft = shop.draft(StrategyKind::canary, "v2");
        REQUIRE(draft.refusals.size() == 1);
        CHECK_THAT(
            draft.refusals.front(), Contains("ConfigMap/settings belongs to a release of Helm")
        );
    }
    SECTION("of a repository") {
        shop.cluster.edit(settings_ref, [](Value& settings) {
            settings.set("/metadata/annotations/argocd.argoproj.io~1tracking-id", "shop");
        });
        const auto draft = shop.draft(StrategyKind::canary, "v2");
        REQUIRE(draft.refusals.size() == 1);
        CHECK_THAT(draft.refusals.front(), Contains("ConfigMap/settings belongs to Argo CD"));
    }
    SECTION("of another app, that the last release had") {
        shop.promote_as_last("v2");
        shop.cluster.edit(budget_ref, [](Value& object) {
            object.set("/metadata/annotations/deployctl.dev~1app", "other");
        });
        shop.manifests.pop_back();
        REQUIRE(shop.draft(StrategyKind::canary, "v3").refusals.size() == 1);
    }
}

TEST_CASE("other kinds and namespaces are not brought out in silence", "[engine][objects]") {
    Shop shop;
    auto secret = config_map("keys", Value::map());
    secret.set("/kind", "Secret");
    auto elsewhere = config_map("more", Value::map());
    elsewhere.set("/metadata/namespace", "other");
    shop.manifests = {secret, elsewhere, budget(2), budget(3)};
    const auto draft = shop.draft(StrategyKind::canary, "v2");
    REQUIRE(draft.refusals.size() == 2);
    CHECK_THAT(draft.refusals[0], Contains("ConfigMap/more") && Contains("namespace other"));
    CHECK_THAT(
        draft.refusals[1], Contains("PodDisruptionBudget/web stands in the manifests twice")
    );
    CHECK(std::ranges::any_of(draft.warnings, [](const std::string& warning) {
        return warning.starts_with("Secret/keys is not brought out by deployctl");
    }));
}

TEST_CASE("a copy is made of what the manifests bring", "[engine][objects][config]") {
    Shop shop;
    shop.configuration.app.config_objects.config_maps = {"settings"};
    shop.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
        const auto all = Value::map({{"configMapRef", Value::map({{"name", "settings"}})}});
        web.set(container + "/envFrom", Value::list({all}));
    });
    shop.cluster.settle();
    REQUIRE(shop.bring_out("v2").exit == ExitCode::done);
    const auto name = shop.cluster.object(in_shop(Kind::deployment, "web"))
                          .text(container + "/envFrom/0/configMapRef/name");
    CHECK(engine::is_named_as_copy(name, "settings"));
    CHECK(shop.cluster.object(in_shop(Kind::config_map, name)).text("/data/level") == "2");
}

TEST_CASE("missing permissions for objects are refused", "[engine][objects]") {
    Shop shop;
    shop.cluster.forbid("create", "poddisruptionbudgets");
    const auto found =
        run(engine::preflight(shop.cluster, shop.draft(StrategyKind::canary, "v2").plan));
    REQUIRE(found.refusals.size() == 1);
    CHECK_THAT(found.refusals.front(), Contains("create poddisruptionbudgets"));
}

TEST_CASE("no value of a ConfigMap is in the journal's plan", "[engine][objects]") {
    Shop shop;
    shop.manifests.front().set("/data/level", "planted");
    const auto plan = shop.draft(StrategyKind::canary, "v2").plan;
    CHECK_THAT(documents::write_json(engine::to_value(plan)), Contains("planted"));
    const auto journalled = documents::write_json(engine::without_literals(plan));
    CHECK_THAT(journalled, !Contains("planted") && Contains("\"level\""));
}

TEST_CASE("wherever a runner dies, objects and pods are of one version", "[engine][objects]") {
    const auto fault = GENERATE(Fault::crash_before, Fault::crash_after);
    const bool is_bad = GENERATE(false, true);
    bool has_struck = true;
    for (int call = 1; has_struck; call += 3) {
        Shop shop;
        if (is_bad) {
            shop.cluster.behave("v2", crashing());
        }
        shop.faults.at_call(call, fault);
        INFO("call " << call << (is_bad ? ", bad" : ", good"));
        try {
            shop.start(StrategyKind::canary, "v2");
            has_struck = false;
        } catch (const SimulatedCrash&) {
            shop.replace_runner();
        }
        if (!has_struck || run(shop.store.list({})).empty()) {
            continue;
        }
        shop.resume();
        const auto web = shop.end_state();
        const bool is_next = web.starts_with("registry/shop/web:v2");
        CHECK(is_terminal(shop.newest().state));
        CHECK(shop.settings().text("/level") == (is_next ? "2" : "1"));
        CHECK(shop.cluster.object(budget_ref).is_null() != is_next);
    }
}

TEST_CASE(
    "a field change knows both sides, and lists of one length by their places", "[engine][objects]"
) {
    const auto live = documents::read_json(
        R"({"spec": {"ports": [{"port": 80, "nodePort": 30080}], "kept": 1, "old": {"a": 1}}})"
    );
    const auto said =
        documents::read_json(R"({"spec": {"ports": [{"port": 81}], "new": {"b": 2}}})");
    const auto changes = engine::field_changes(live, said, {"/spec/old", "/spec/absent"});
    REQUIRE(changes.size() == 3);
    auto patched =
        std::get<Value>(deployctl::apply(engine::patch_to(live, changes, engine::Side::after), live)
        );
    CHECK(
        patched ==
        documents::read_json(
            R"({"spec": {"ports": [{"port": 81, "nodePort": 30080}], "kept": 1, "new": {"b": 2}}})"
        )
    );
    CHECK(engine::is_at(patched, changes, engine::Side::after));
    const auto back = engine::patch_to(patched, changes, engine::Side::before);
    CHECK(std::get<Value>(deployctl::apply(back, patched)) == live);
    CHECK(engine::places_gone(live, said) == Lines{"/spec/kept", "/spec/old"});
}
