// SPDX-License-Identifier: Apache-2.0
// Configuration as part of a version: each version reads copies of its own, nothing makes another
// thing of them, and no value of a Secret is written down anywhere.
#include "documents/json.hpp"
#include "engine/config_places.hpp"
#include "engine/plan_json.hpp"
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

// Every single point, where the program is fast enough for it.
#ifdef NDEBUG
const int stride = 1;
#else
const int stride = 13;
#endif

const std::string container = "/spec/template/spec/containers/0";

Value config_object(const char* kind, const std::string& name, const Value& data) {
    return Value::map({
        {"apiVersion", "v1"},
        {"kind", kind},
        {"metadata", Value::map({{"name", name}, {"namespace", "shop"}})},
        {"data", data},
    });
}

struct Shop : Stage {
    Shop() {
        configuration.strategies.canary.steps = {{50, seconds(10)}};
        configuration.strategies.canary.gates.clear();
        configuration.app.config_objects = {{"settings"}, {"keys"}};
        cluster.add(config_object("ConfigMap", "settings", Value::map({{"level", "1"}}))
        ).add(config_object("Secret", "keys", Value::map({{"token", secret}})));
        cluster.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
            const auto all = Value::map({{"configMapRef", Value::map({{"name", "settings"}})}});
            const auto key = Value::map({{"name", "keys"}, {"key", "token"}});
            const auto one =
                Value::map({{"name", "TOKEN"}, {"valueFrom", Value::map({{"secretKeyRef", key}})}});
            web.set(container + "/envFrom", Value::list({all}));
            web.set(container + "/env", Value::list({one}));
        });
        cluster.settle();
    }

    const std::string secret = "aHVudGVyMg==";

    void set_level(const std::string& level) {
        cluster.edit(in_shop(Kind::config_map, "settings"), [&](Value& settings) {
            settings.set("/data/level", level);
        });
    }

    std::string settings_read() {
        return cluster.object(in_shop(Kind::deployment, "web"))
            .text(container + "/envFrom/0/configMapRef/name");
    }

    std::string level_of(const std::string& name) {
        return cluster.object(in_shop(Kind::config_map, name)).text("/data/level");
    }

    std::vector<std::string> copies(Kind kind) {
        std::vector<std::string> names;
        for (const auto& object : run(list_all(cluster, kind))) {
            if (object.flag("/immutable")) {
                names.push_back(object.text("/metadata/name"));
            }
        }
        return names;
    }

    /// As with `revisionHistoryLimit: 0`.
    void forget_old_replica_sets() {
        for (const auto& set : run(list_all(cluster, Kind::replica_set))) {
            if (set.number("/spec/replicas") == 0) {
                cluster.erase(in_shop(Kind::replica_set, set.text("/metadata/name")));
            }
        }
    }

    engine::RunResult bring_out(const std::string& tag) {
        auto result = start(StrategyKind::canary, tag);
        cluster.settle();
        return result;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a version reads immutable copies, made before anything else", "[engine][config]") {
    Shop shop;
    const auto plan = shop.draft(StrategyKind::canary, "v2").plan;
    CHECK_THAT(
        to_text(plan.course.steps),
        Catch::StartsWith("prepare: record the snapshot in the cluster\n"
                          "prepare: copy the configuration of the next version\n")
    );
    CHECK(shop.bring_out("v2").exit == ExitCode::done);
    const auto name = shop.settings_read();
    CHECK(engine::is_named_as_copy(name, "settings"));
    const auto copy = shop.cluster.object(in_shop(Kind::config_map, name));
    CHECK(copy.text("/data/level") == "1");
    CHECK(engine::is_copy_of(copy, "settings"));
    CHECK(shop.copies(Kind::secret).size() == 1);
    shop.set_level("2");
    CHECK(shop.level_of(name) == "1");
}

TEST_CASE("changed configuration alone is a change, told by its keys", "[engine][config]") {
    Shop shop;
    shop.bring_out("v2");
    CHECK(shop.draft(StrategyKind::canary, "v2").is_no_change);
    shop.set_level("2");
    shop.cluster.edit(in_shop(Kind::secret, "keys"), [](Value& keys) {
        keys.set("/data/token", "aHVudGVyMw==");
        keys.set("/data/more", "eA==");
    });
    const auto draft = shop.draft(StrategyKind::canary, "v2");
    CHECK_FALSE(draft.is_no_change);
    const Lines expected{
        "ConfigMap/settings: key level changed",
        "Secret/keys: key more is new",
        "Secret/keys: key token changed",
    };
    CHECK(draft.plan.release.changes == expected);
}

TEST_CASE("a bad configuration goes back to the copies of before", "[engine][config]") {
    Shop shop;
    shop.bring_out("v2");
    const auto good = shop.settings_read();
    shop.set_level("bad");
    shop.cluster.behave("v3", crashing());
    CHECK(shop.bring_out("v3").exit == ExitCode::rolled_back);
    CHECK(shop.settings_read() == good);
    CHECK(shop.level_of(good) == "1");
    CHECK(shop.copies(Kind::config_map).size() == 2);
}

TEST_CASE(
    "configuration that has changed since the plan ends it before it begins", "[engine][config]"
) {
    Shop shop;
    auto draft = shop.draft(StrategyKind::canary, "v2");
    shop.set_level("2");
    const auto result =
        run(engine::start(shop.ports_to(shop.cluster, shop.store, shop.runners), draft.plan, {}));
    CHECK(result.exit == ExitCode::blocked);
    REQUIRE(result.cause);
    CHECK_THAT(result.cause->headline, Contains("ConfigMap/settings is not as it was"));
    CHECK(shop.copies(Kind::config_map).empty());
    CHECK(shop.copies(Kind::secret).empty());
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, app=web");
}

TEST_CASE("a foreign object of the copy's name is refused, and left as it is", "[engine][config]") {
    Shop shop;
    const auto plan = shop.draft(StrategyKind::canary, "v2").plan;
    const auto name = plan.release.copies.at(0).text("/copy");
    shop.cluster.add(config_object("ConfigMap", name, Value::map({{"level", "1"}})));
    const auto found = run(engine::preflight(shop.cluster, plan));
    REQUIRE(found.refusals.size() == 1);
    CHECK_THAT(found.refusals.front(), Contains("ConfigMap/" + name + " exists"));
    CHECK(shop.bring_out("v2").exit == ExitCode::blocked);
    CHECK(shop.cluster.object(in_shop(Kind::config_map, name)).at("/immutable").is_null());
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, app=web");
}

TEST_CASE("no value of a Secret is in plan, journal or record", "[engine][config]") {
    Shop shop;
    shop.bring_out("v2");
    std::string written;
    for (const auto& event : run(shop.store.events(shop.newest().id, 0))) {
        written += documents::write_json(event.data);
    }
    written += documents::write_json(run(shop.store.plan(shop.newest().id)));
    for (const auto& record : run(list_all(shop.cluster, Kind::controller_revision))) {
        written += documents::write_json(record);
    }
    CHECK_THAT(written, Contains("\"sha256\"") && !Contains(shop.secret));
    const auto plan = shop.draft(StrategyKind::canary, "v3").plan;
    CHECK(engine::hash_of(engine::read_plan(engine::to_value(plan))) == engine::hash_of(plan));
}

TEST_CASE("wherever a runner dies, a version ends with its own configuration", "[engine][config]") {
    const auto fault = GENERATE(Fault::crash_before, Fault::crash_after);
    bool has_struck = true;
    for (int call = 1; has_struck; call += stride) {
        Shop shop;
        shop.faults.at_call(call, fault);
        INFO("call " << call);
        try {
            shop.start(StrategyKind::canary, "v2");
            has_struck = false;
        } catch (const SimulatedCrash&) {
            shop.replace_runner();
        }
        if (!has_struck || run(shop.store.list({})).empty()) {
            continue;
        }
        const auto result = shop.resume();
        const bool is_promoted = result.rollout.state == RolloutState::promoted;
        REQUIRE((is_promoted || result.rollout.state == RolloutState::aborted));
        CHECK(shop.copies(Kind::config_map).size() == (is_promoted ? 1 : 0));
        CHECK(shop.copies(Kind::secret).size() == (is_promoted ? 1 : 0));
        if (is_promoted) {
            CHECK(shop.level_of(shop.settings_read()) == "1");
        }
    }
}

TEST_CASE("what no version can go back to is removed once a release serves", "[engine][config]") {
    Shop shop;
    std::vector<std::string> names;
    for (int version = 2; version < 16; ++version) {
        shop.set_level(std::to_string(version));
        REQUIRE(shop.bring_out("v" + std::to_string(version)).exit == ExitCode::done);
        names.push_back(shop.settings_read());
        shop.forget_old_replica_sets();
    }
    const auto kept = shop.copies(Kind::config_map);
    CHECK(kept.size() < names.size());
    CHECK(std::ranges::count(kept, names.front()) == 0);
    CHECK(std::ranges::count(kept, names.back()) == 1);
    CHECK(std::ranges::count(kept, names[names.size() - 2]) == 1);
    CHECK(shop.level_of("settings") == "15");
}

TEST_CASE("copies stay where nobody may look for those that are needed", "[engine][config]") {
    Shop shop;
    shop.cluster.forbid("list", "secrets");
    const auto plan = shop.draft(StrategyKind::canary, "v2").plan;
    const auto found = run(engine::preflight(shop.cluster, plan));
    CHECK(found.refusals.empty());
    REQUIRE(found.warnings.size() == 1);
    CHECK_THAT(found.warnings.front(), Contains("no permission to list secrets"));
    CHECK(shop.bring_out("v2").exit == ExitCode::done);
}

TEST_CASE("a copy that a recorded version reads has to be there", "[engine][config]") {
    Shop shop;
    shop.bring_out("v2");
    const auto name = shop.settings_read();
    shop.configuration.app.config_objects = {};
    auto plan = shop.draft(StrategyKind::canary, "v3").plan;
    CHECK(run(engine::preflight(shop.cluster, plan)).refusals.empty());
    shop.cluster.erase(in_shop(Kind::config_map, name));
    const auto found = run(engine::preflight(shop.cluster, plan));
    REQUIRE(found.refusals.size() == 1);
    CHECK_THAT(found.refusals.front(), Contains("ConfigMap/" + name) && Contains("not there"));
}

TEST_CASE(
    "what is not there, is a token, or is read by nobody is no part of a version",
    "[engine][config]"
) {
    Shop shop;
    shop.cluster.edit(in_shop(Kind::secret, "keys"), [](Value& keys) {
        keys.set("/type", "kubernetes.io/service-account-token");
    });
    shop.cluster.add(config_object("ConfigMap", "unread", Value::map()));
    shop.configuration.app.config_objects.config_maps = {"settings", "absent", "unread"};
    const auto draft = shop.draft(StrategyKind::canary, "v2");
    REQUIRE(draft.refusals.size() == 2);
    CHECK_THAT(
        draft.refusals[0], Contains("ConfigMap/absent") && Contains("not in namespace shop")
    );
    CHECK_THAT(draft.refusals[1], Contains("Secret/keys is a token"));
    const auto says = [&](const std::string& words) {
        return std::ranges::any_of(draft.warnings, [&](const std::string& warning) {
            return warning.find(words) != std::string::npos;
        });
    };
    CHECK(says("ConfigMap/unread, which app.config_objects names, is read by no pod of web"));
    CHECK(says("read ConfigMap/settings itself until now"));
    CHECK(draft.plan.release.copies.size() == 1);
}

TEST_CASE(
    "references are found in all containers and volumes, and nothing else is touched",
    "[engine][config]"
) {
    const auto pod = documents::read_json(R"({"spec": {
        "initContainers": [{"env": [{"name": "A", "valueFrom":
            {"configMapKeyRef": {"name": "c", "key": "c"}}}]}],
        "containers": [{"name": "c", "envFrom": [{"secretRef": {"name": "s"}},
            {"configMapRef": {"name": "c"}}], "env": [{"name": "c", "value": "c"}]}],
        "volumes": [{"name": "c", "configMap": {"name": "c"}}, {"secret": {"secretName": "s"}},
            {"projected": {"sources": [{"secret": {"name": "s"}}, {"configMap": {"name": "x"}}]}}]
        }})");
    CHECK(engine::config_places(pod).size() == 7);
    const auto renamed =
        engine::with_names(pod, {{{Kind::config_map, "c"}, "c-1"}, {{Kind::secret, "s"}, "s-1"}});
    CHECK(differing_paths(pod, renamed).size() == 6);
    CHECK(renamed.text("/spec/volumes/2/projected/sources/0/secret/name") == "s-1");
    CHECK(renamed.text("/spec/volumes/2/projected/sources/1/configMap/name") == "x");
}

TEST_CASE("the digest is of what pods read, and of nothing else", "[engine][config]") {
    auto one = config_object("Secret", "keys", Value::map({{"a", "eA=="}}));
    auto other = one;
    other.set("/metadata/name", "others");
    other.set("/binaryData", Value::map());
    CHECK(engine::config_hash(one) == engine::config_hash(other));
    other.set("/type", "Opaque");
    CHECK(engine::config_hash(one) != engine::config_hash(other));
    one.set("/data/a", "eQ==");
    CHECK(engine::config_hash(one) != engine::config_hash(other));
    CHECK(engine::is_named_as_copy("keys-0123456789", "keys"));
    CHECK_FALSE(engine::is_named_as_copy("keys-012345678g", "keys"));
    CHECK_FALSE(engine::is_named_as_copy("keys-0123456789", "key"));
}
