// SPDX-License-Identifier: Apache-2.0
// The keys of what a release does beside its pods, and of how it moves over environments.
#include "config/circles.hpp"
#include "config/configuration.hpp"
#include "tests/config/golden_texts.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::config;

namespace {

const std::string head = "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\n";
const std::string tail =
    "environments: {dev: {context: a, namespace: shop}, production: {context: b, namespace: "
    "shop}}\n";

Configuration read_good(const std::string& lines) {
    const auto loaded = read_configuration(head + lines + tail, "deploy.yaml");
    INFO(render(loaded.diagnostics, ColorMode::plain));
    CHECK(loaded.diagnostics.empty());
    return loaded.configuration;
}

/// "C1110 there is no environment `prod`", each on a line of its own.
std::string mistakes(const std::string& text) {
    std::string out;
    for (const auto& one : read_configuration(text, "deploy.yaml").diagnostics) {
        out += (out.empty() ? "" : "\n") + one.code + " " + one.message;
    }
    return out;
}

std::string mistakes_in(const std::string& lines) {
    return mistakes(head + lines + "\n" + tail);
}

}  // namespace

TEST_CASE("every mistake of a release is shown with its line and a way out", "[config][release]") {
    const auto loaded = read_configuration(
        read_source_file("tests/golden/config/release-mistakes.yaml"), "deploy.yaml"
    );
    for (const auto& one : loaded.diagnostics) {
        CAPTURE(one.message);
        CHECK_FALSE(one.help.empty());
        CHECK_FALSE(one.docs.empty());
    }
    check_golden("config/release-mistakes.txt", render(loaded.diagnostics, ColorMode::plain));
}

TEST_CASE("a stack is read with its defaults", "[config][release]") {
    const auto infra =
        read_good("infra: {stacks: {data: {dir: infra/data, apply: after}}}\n").infra;
    const auto& stack = infra.stacks.at("data");
    CHECK(stack.dir == "infra/data");
    CHECK(stack.apply == ApplyWhen::after);
    CHECK(stack.drift == DriftPolicy::block);
    CHECK(stack.on_rollback == StackWayBack::keep);
    CHECK_FALSE(stack.allow_destroy);
    CHECK(stack.environments.empty());
    CHECK(stack.timeout == minutes(30));
}

TEST_CASE("a database, a hook and a failover are read as they stand", "[config][release]") {
    const auto all = read_good(
        "backup: {databases: {web: {run: [dump, \"${artifact}\"], restore: [load], min_bytes: "
        "5000000000, max_age: 1d, when: before_traffic, keep: {last: 3}}}}\n"
        "hooks: {post_verify: [{name: contract, job: job.yaml, migration: contract, after_crash: "
        "ask, on_error: warn, only: [dev]}]}\n"
        "dr: {primary: production, standby: dev, database: web, traffic: {run: [t, \"${from}\", "
        "\"${to}\", \"${env}\"], timeout: 30s}}\n"
    );
    const auto& database = all.backup.databases.at("web");
    CHECK(database.run == std::vector<std::string>{"dump", "${artifact}"});
    CHECK(database.min_bytes == 5'000'000'000);
    CHECK(database.max_age == std::chrono::hours(24));
    CHECK(database.when == BackupWhen::before_traffic);
    CHECK(database.keep == Retention{3, 0});
    const auto& hook = all.hooks.post_verify.at(0);
    CHECK(hook.job == "job.yaml");
    CHECK(hook.migration == Migration::contract);
    CHECK(hook.after_crash == AfterCrash::ask);
    CHECK(hook.on_error == OnTaskError::warn);
    CHECK(hook.environments == std::vector<std::string>{"dev"});
    REQUIRE(all.disaster);
    CHECK(all.disaster->traffic.timeout == seconds(30));
    CHECK(all.disaster->rto == minutes(15));
    CHECK(all.disaster->replica.run.empty());
}

TEST_CASE("a rule of keep that is not written keeps nothing", "[config][release]") {
    const auto kept = [](const std::string& keep) {
        const auto all = read_good(
            "infra: {backup: {encrypt_to: a.pem" + keep + "}}\n" +
            "backup: {databases: {main: {run: [dump]" + keep + "}}}\n"
        );
        CHECK(all.infra.backup.keep == all.backup.databases.at("main").keep);
        CHECK(read_configuration(to_yaml(all), "deploy.yaml").configuration == all);
        CHECK(read_configuration(to_short_yaml(all), "deploy.yaml").configuration == all);
        return all.infra.backup.keep;
    };
    CHECK(kept("") == Retention{10, 30});
    CHECK(kept(", keep: {last: 2}") == Retention{2, 0});
    CHECK(kept(", keep: {days: 7}") == Retention{0, 7});
    CHECK(kept(", keep: {last: 2, days: 7}") == Retention{2, 7});
    CHECK(
        mistakes_in("backup: {databases: {main: {run: [dump], keep: {}}}}") ==
        "C1129 `keep` has no rule"
    );
    CHECK(mistakes_in("infra: {backup: {keep: {}}}") == "C1129 `keep` has no rule");
}

TEST_CASE("two stacks that would share one state are a mistake", "[config][release]") {
    const auto mistake = [](const std::string& stacks) {
        return mistakes_in("infra: {stacks: {" + stacks + "}}");
    };
    const std::string shared = "C1130 stacks `a` and `b` share one state";
    CHECK(mistake("a: {dir: infra/x}, b: {dir: ./infra/x/}") == shared);
    CHECK(mistake("a: {dir: x, workspace: w}, b: {dir: x, workspace: w}") == shared);
    CHECK(mistake("a: {dir: x}, b: {dir: x, workspace: default}") == shared);
    CHECK(mistake("a: {dir: x, env: [dev]}, b: {dir: x, env: [production]}") == shared);
    CHECK(mistake("a: {dir: x}, b: {dir: x, workspace: w}").empty());
    CHECK(mistake("a: {dir: x}, b: {dir: y}").empty());
    CHECK(mistake("a: {dir: x, backend_config: [a]}, b: {dir: x, backend_config: [b]}").empty());
    const std::string each = "dir: x, workspace: \"${env}\"";
    CHECK(mistake("a: {" + each + ", env: [dev]}, b: {" + each + ", env: [production]}").empty());
    CHECK(mistake("a: {" + each + ", env: [dev]}, b: {" + each + "}") == shared);
    const auto places = read_configuration(
        head + "infra:\n  stacks:\n    a: {dir: x}\n    b: {dir: x}\n" + tail, "deploy.yaml"
    );
    REQUIRE(places.diagnostics.size() == 1);
    CHECK(places.diagnostics.front().place.line == 6);
    CHECK(places.diagnostics.front().note.starts_with("the other one is in line 5"));
}

TEST_CASE("outputs of stacks are known in hooks, once they are there", "[config][release]") {
    const std::string stacks =
        "infra: {stacks: {data: {dir: d, apply: before_traffic}, late: {dir: l, apply: after}}}\n";
    const auto mistake = [&](const std::string& hooks) { return mistakes_in(stacks + hooks); };
    CHECK(mistake("hooks: {pre_deploy: [{name: a, run: [b, \"--db=${infra.data.url}\"]}], "
                  "post_verify: [{name: c, run: [b, \"${infra.late.url}\"]}]}")
              .empty());
    CHECK(
        mistake("hooks: {pre_deploy: [{name: a, run: [b, \"${infra.dta.url}\"]}]}") ==
        "C1128 there is no stack `dta`, whose output would be `url`"
    );
    CHECK(
        mistake("hooks: {pre_deploy: [{name: a, run: [b, \"${infra.late.url}\"]}]}") ==
        "C1128 stack `late` is applied after the hook that wants its output"
    );
    CHECK(mistake("hooks: {pre_deploy: [{name: a, run: [b, \"${infra.data}\"]}]}")
              .starts_with("C1030 ${infra.data} stands for nothing"));
    CHECK(
        mistakes_in("infra: {stacks: {data: {dir: d, policies: [g]}}}\n"
                    "gates: {g: {type: http, port: 80}}") == "C1127 gate `g` is not of type policy"
    );
}

TEST_CASE("a database is backed up in one way, and a seal is a program's", "[config][release]") {
    const auto all = read_good(
        "backup: {databases: {a: {volume_snapshot: {claim: \"data-${env}\", "
        "class: csi}}, b: {cron_job: nightly}}}\n"
    );
    const auto& snapshot = all.backup.databases.at("a").volume_snapshot;
    REQUIRE(snapshot);
    CHECK(*snapshot == VolumeSnapshotSettings{"data-${env}", "csi"});
    CHECK(all.backup.databases.at("b").cron_job == "nightly");
    CHECK(mistakes_in("backup: {databases: {a: {max_age: 1h}}}").starts_with("C1126 nothing says"));
    CHECK(mistakes_in("backup: {databases: {a: {run: [r], cron_job: c}}}")
              .starts_with("C1126 `run` and"));
    CHECK(
        mistakes_in("backup: {databases: {a: {volume_snapshot: {claim: c}, cron_job: c}}}") ==
        "C1126 `volume_snapshot` and `cron_job` both say how it is backed up"
    );
    CHECK(mistakes_in("backup: {databases: {a: {cron_job: c, encrypt_to: k}}}")
              .starts_with("C1126 `enc"));
    CHECK(
        mistakes_in("backup: {databases: {a: {cron_job: \"${version}\"}}}") ==
        "C1030 ${version} stands for nothing"
    );
    CHECK_FALSE(mistakes_in("backup: {databases: {a: {volume_snapshot: {class: c}}}}").empty());
}

TEST_CASE("an order of environments is read with what it requires", "[config][release]") {
    const auto promotion = read_good(
                               "promotion: {order: [dev, production], require: {production: [dev], "
                               "x-note: free}, soak: "
                               "{production: 1h30m, x-note: free}, same_digest: false}\n"
    )
                               .promotion;
    CHECK(promotion.order == std::vector<std::string>{"dev", "production"});
    CHECK(promotion.require.size() == 1);
    CHECK(promotion.require.at("production") == std::vector<std::string>{"dev"});
    CHECK(promotion.soak.size() == 1);
    CHECK(promotion.soak.at("production") == minutes(90));
    CHECK_FALSE(promotion.same_digest);
}

TEST_CASE("waves are read as lists of clusters side by side", "[config][release]") {
    const auto text =
        head +
        "environments: {fleet: {namespace: shop, replicas: 5, waves: {clusters: [{name: eu, "
        "context: a}, {name: us, context: b, namespace: n}], order: [[us], [eu]], soak: 1m, "
        "on_failure: rollback_all}}}\n";
    CHECK(mistakes(text).empty());
    const auto fleet = read_configuration(text, "f").configuration.environments.at("fleet");
    CHECK(fleet.replicas == 5);
    CHECK(fleet.waves.clusters.at(1) == ClusterSettings{"us", "b", "n"});
    CHECK(fleet.waves.order == std::vector<std::vector<std::string>>{{"us"}, {"eu"}});
    CHECK(fleet.waves.on_failure == WaveFailure::rollback_all);
}

TEST_CASE("a file of a group needs no app, and another file does", "[config][release]") {
    const std::string group = "group: {name: shop, members: {web: {dir: services/web}}}\n";
    CHECK(mistakes("apiVersion: deployctl/v1\n" + group + tail).empty());
    CHECK(mistakes("apiVersion: deployctl/v1\n" + tail) == "C1009 the file has no `app`");
    CHECK(mistakes_in(group).empty());
    CHECK(
        mistakes("apiVersion: deployctl/v1\napp: {name: web}\n" + group + tail) ==
        "C1009 `app` has no `image`"
    );
}

TEST_CASE("a hook does one thing, under a name of its own", "[config][release]") {
    CHECK(
        mistakes_in("hooks: {pre_deploy: [{name: a}]}") ==
        "C1112 a hook has neither `run` nor `job`"
    );
    CHECK(
        mistakes_in("hooks: {pre_deploy: [{name: a, run: [b], job: c}]}") ==
        "C1112 `run` and `job` both say what the hook does"
    );
    CHECK(
        mistakes_in("hooks: {pre_deploy: [{name: a, run: [b]}], on_rollback: [{name: a, run: [b]}]}"
        ) == "C1113 two hooks are called `a`"
    );
    CHECK(
        mistakes_in(
            "infra: {stacks: {s: {dir: d}}}\nhooks: {pre_deploy: [{name: revert-s, run: [b]}, "
            "{name: apply-t, run: [b]}, {name: backup-s, run: [b]}, {name: app, run: [b]}]}"
        ) == "C1113 `revert-s` is the name of what stack `s` does"
    );
    CHECK(
        mistakes_in("hooks: {pre_deploy: [{name: a, run: []}]}") == "C1065 `run` names no program"
    );
}

TEST_CASE(
    "nothing that the old version cannot live with comes before the new one serves alone",
    "[config][release]"
) {
    for (const auto* list : {"pre_deploy", "on_rollback"}) {
        CHECK(
            mistakes_in(
                std::string("hooks: {") + list + ": [{name: a, run: [b], migration: contract}]}"
            ) == "C1114 a migration that contracts can only be in `post_verify`"
        );
    }
    CHECK(mistakes_in("hooks: {post_verify: [{name: a, run: [b], migration: contract}]}").empty());
    CHECK(mistakes_in("hooks: {pre_deploy: [{name: a, run: [b], migration: expand}]}").empty());
}

TEST_CASE("only names that will be known are filled in", "[config][release]") {
    const auto all = "\"${app}${env}${namespace}${version}${digest}${image}${previous_image}\"";
    CHECK(mistakes_in(std::string("hooks: {pre_deploy: [{name: a, run: [") + all + "]}]}").empty());
    CHECK(
        mistakes_in("hooks: {pre_deploy: [{name: a, job: \"${version}-${image}\"}]}") ==
        "C1030 ${image} stands for nothing"
    );
    CHECK(
        mistakes_in("infra: {stacks: {s: {dir: \"${env}-${version}\"}}}") ==
        "C1030 ${version} stands for nothing"
    );
    CHECK(
        mistakes_in("backup: {databases: {d: {run: [\"${artifact}\", \"${from}\"]}}}") ==
        "C1030 ${from} stands for nothing"
    );
    CHECK(
        mistakes_in("hooks: {pre_deploy: [{name: a, run: [\"${artifact\"]}]}") ==
        "C1030 ${artifact stands for nothing"
    );
}

TEST_CASE("two environments cannot be the same place", "[config][release]") {
    const auto two = [](const std::string& one, const std::string& other) {
        return mistakes(head + "environments: {a: {" + one + "}, b: {" + other + "}}\n");
    };
    CHECK(two("namespace: shop", "namespace: other").empty());
    CHECK(two("context: a, namespace: shop", "context: b, namespace: shop").empty());
    CHECK(
        two("namespace: shop", "namespace: shop") ==
        "C1116 environments `a` and `b` are the same place"
    );
    CHECK(
        two("context: c, namespace: shop",
            "namespace: n, waves: {clusters: [{name: w, context: c, namespace: shop}]}") ==
        "C1116 environments `a` and `b` are the same place"
    );
    CHECK(
        two("namespace: shop",
            "namespace: n, waves: {clusters: [{name: v, context: c}, {name: w, context: c}]}") ==
        "C1116 two clusters of environment `b` are the same"
    );
}

TEST_CASE("an order that no version could follow is refused", "[config][release]") {
    CHECK(
        mistakes_in("promotion: {order: [production, dev], require: {production: [dev]}}") ==
        "C1115 `production` comes before `dev`"
    );
    CHECK(
        mistakes_in("promotion: {require: {production: [dev], dev: [production]}}") ==
        "C1120 `dev` waits for itself"
    );
    CHECK(
        mistakes_in("promotion: {order: [dev, dve, dev]}") ==
        "C1110 there is no environment `dve`\nC1026 environment `dev` stands here twice"
    );
}

TEST_CASE("a circle is named whole", "[config][release]") {
    using Names = std::vector<std::string>;
    CHECK(find_circle({}).empty());
    CHECK(find_circle({{"a", {"b", "c"}}, {"b", {"c"}}, {"c", {}}}).empty());
    CHECK(find_circle({{"a", {"a"}}}) == Names{"a", "a"});
    CHECK(find_circle({{"a", {"gone"}}}).empty());
    CHECK(
        find_circle({{"a", {"b"}}, {"b", {"d", "c"}}, {"c", {"b"}}, {"d", {}}}) ==
        Names{"b", "c", "b"}
    );
    Needs chain;
    for (int i = 0; i < 100'000; ++i) {
        chain[std::to_string(i)] = {std::to_string(i + 1)};
    }
    CHECK(find_circle(chain).empty());
    chain["100000"] = {"0"};
    CHECK(find_circle(chain).size() == 100'002);
}

TEST_CASE("who takes over is somebody else, with what that needs", "[config][release]") {
    const std::string two = "primary: production, standby: dev";
    CHECK(mistakes_in("dr: {" + two + "}").empty());
    CHECK(
        mistakes_in("dr: {primary: dev, standby: dev}") ==
        "C1123 `dev` cannot take over from itself"
    );
    CHECK(mistakes_in("dr: {" + two + ", stack: s}") == "C1124 there is no stack `s`");
    CHECK(mistakes_in("dr: {" + two + ", database: d}") == "C1124 there is no database `d`");
    CHECK(
        mistakes_in("backup: {databases: {d: {run: [r]}}}\ndr: {" + two + ", database: d}") ==
        "C1125 database `d` has no `restore`"
    );
    CHECK(mistakes_in("dr: {" + two + ", approval: sre}") == "C1091 there is no approval `sre`");
    CHECK(
        mistakes_in("infra: {stacks: {s: {dir: d, approval: sre}}}") ==
        "C1091 there is no approval `sre`"
    );
}
