// SPDX-License-Identifier: Apache-2.0
// promote, waves and groups from the command line: each environment a simulated cluster of its own,
// one journal.
#include "documents/yaml.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/golden_check.hpp"
#include "tests/cli/line_shell.hpp"
#include "tests/support/source_dir.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace deployctl;
using tests::LineShell;

namespace {

const std::string line_yaml = R"(apiVersion: deployctl/v1
app: {name: web, image: registry/shop/web}
environments:
  dev: {namespace: shop-dev, strategy: rolling}
  staging: {namespace: shop-staging, strategy: rolling}
  production: {namespace: shop-production, strategy: canary}
  dr: {namespace: shop-dr, strategy: rolling, follows: production}
strategies:
  canary: {steps: [{weight: 50, hold: 10s}]}
promotion: {order: [dev, staging, production, dr], soak: {production: 10m}}
)";

const std::string waves_yaml = R"(apiVersion: deployctl/v1
app: {name: web, image: registry/shop/web}
environments:
  production:
    namespace: shop
    strategy: rolling
    waves:
      clusters:
        - {name: eu, context: ctx-eu, namespace: shop-eu}
        - {name: us, context: ctx-us, namespace: shop-us}
        - {name: ap, context: ctx-ap, namespace: shop-ap}
      soak: 5m
      on_failure: rollback_all
)";

std::string member_yaml(const std::string& name) {
    return "apiVersion: deployctl/v1\napp: {name: " + name + ", image: registry/shop/" + name +
           "}\nenvironments: {production: {namespace: shop-" + name + ", strategy: rolling}}\n";
}

const std::string group_yaml = R"(apiVersion: deployctl/v1
app: {name: shop, image: registry/shop/web, workload: {name: web}}
environments: {production: {namespace: shop-web}}
group:
  name: shop
  members: {web: {dir: web, needs: [api]}, api: {dir: api, needs: [db]}, db: {dir: db}}
)";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string digest_of(const std::string& tag) {
    return "sha256:" + std::string(63, 'a') + tag[1];
}

struct Line : LineShell {
    Line(const std::string& yaml, const std::vector<std::string>& namespaces) : LineShell(yaml) {
        for (const auto* tag : {"v1", "v2"}) {
            parts.base.images.has(std::string("registry/shop/web:") + tag, digest_of(tag));
        }
        for (const auto& name : namespaces) {
            parts.world_in(name)
                .add(tests::a_deployment("web").replicas(2).image("registry/shop/web:v1"))
                .add(tests::a_service("web"))
                .settle();
        }
    }
};

struct FourEnvironments : Line {
    FourEnvironments()
        : Line(line_yaml, {"shop-dev", "shop-staging", "shop-production", "shop-dr"}) {}
};

struct ThreeClusters : Line {
    ThreeClusters() : Line(waves_yaml, {"shop-eu", "shop-us", "shop-ap"}) {}
};

const std::string v2 = "registry/shop/web:v2@";

}  // namespace

TEST_CASE("the whole line is shown before anything is changed", "[cli][promotion]") {
    FourEnvironments line;
    const auto answer = line.run("promote v2 --through dr --dry-run");
    CHECK(answer.exit == 0);
    tests::check_golden("promote_dry_run.txt", answer.out);
    CHECK(line.image_in("shop-dev") == "registry/shop/web:v1");
    CHECK(contains(line.run("promote v2 --through dr --dry-run -o json").out, "\"refusals\": []"));
    const auto file = line.run("promote v2 --through dr --events events.ndjson");
    CHECK(file.exit == 2);
    CHECK(contains(file.err, "--events fd:3 3>events.ndjson"));
}

TEST_CASE("a version goes through all environments with one digest", "[cli][promotion]") {
    FourEnvironments line;
    const auto begun = line.parts.base.time.elapsed();
    const auto answer = line.run("promote v2 --through dr -q");
    CHECK(answer.exit == 0);
    tests::check_golden("promote_through.txt", answer.out);
    CHECK(line.parts.base.time.elapsed() - begun >= minutes(10));
    for (const auto* name : {"shop-dev", "shop-staging", "shop-production", "shop-dr"}) {
        CHECK(line.image_in(name) == v2 + digest_of("v2"));
    }
    CHECK(contains(line.run("promote v2").err, "dr is the last one of promotion.order"));
}

TEST_CASE(
    "a bad version stops where it shows, and the rest keeps what it has", "[cli][promotion]"
) {
    FourEnvironments line;
    line.parts.world_in("shop-staging").behave("v2", tests::crashing());
    const auto answer = line.run("promote v2 --through dr --progress plain");
    CHECK(answer.exit == 6);
    CHECK(contains(answer.err, "error[rolled-back]: promotion 1 of web v2 stopped at staging"));
    CHECK(line.image_in("shop-dev") == v2 + digest_of("v2"));
    CHECK(line.image_in("shop-staging") == "registry/shop/web:v1");
    CHECK(line.image_in("shop-production") == "registry/shop/web:v1");
}

TEST_CASE("a tag that was moved since is still the digest that was tried", "[cli][promotion]") {
    FourEnvironments line;
    CHECK(line.run("rollout start v2 -e dev -q").exit == 0);
    line.parts.base.images.has("registry/shop/web:v2", "sha256:" + std::string(64, 'b'));
    SECTION("where the registry still has it") {
        CHECK(line.run("promote v2 -q").exit == 0);
        CHECK(line.image_in("shop-staging") == v2 + digest_of("v2"));
    }
    SECTION("where it does not") {
        line.parts.images.forgets(digest_of("v2"));
        const auto answer = line.run("promote v2 -q");
        CHECK(answer.exit == 4);
        CHECK(contains(answer.err, "the registry has no registry/shop/web@" + digest_of("v2")));
        CHECK(line.image_in("shop-staging") == "registry/shop/web:v1");
    }
}

TEST_CASE("order and soak are held, in numbers", "[cli][promotion]") {
    FourEnvironments line;
    CHECK(line.run("rollout start v2 -e dev -q").exit == 0);
    const auto skips = line.run("promote v2 --to production");
    CHECK(skips.exit == 4);
    CHECK(contains(skips.err, "production requires v2 (aaaaaaaaaaaa) in staging, where v1"));
    CHECK(line.run("promote --from dev --to staging -q").exit == 0);
    const auto young = line.run("promote --from staging --to production");
    CHECK(young.exit == 4);
    CHECK(contains(young.err, "production: v2 stands in staging for "));
    CHECK(contains(young.err, "s of 10m: "));
    simcluster::run(line.parts.base.time.sleep(minutes(10)));
    CHECK(line.run("promote --from staging --to production -q").exit == 0);
    CHECK(line.run("promote -q").exit == 2);
    CHECK(line.run("promote v2 --to qa").exit == 4);
}

TEST_CASE("where the journal knows nothing the cluster says what runs", "[cli][promotion]") {
    FourEnvironments line;
    auto& dev = line.parts.world_in("shop-dev");
    dev.edit(dev.ref_to(Kind::deployment, "web"), [](Value& web) {
        web.set(
            "/spec/template/spec/containers/0/image", "registry/shop/web:v2@" + digest_of("v2")
        );
    });
    dev.settle();
    line.parts.images.keeps(digest_of("v2"));
    CHECK(line.run("promote --from dev --to staging -q").exit == 0);
    CHECK(line.image_in("shop-staging") == v2 + digest_of("v2"));
}

TEST_CASE("a promotion that lost its runner goes on, and repeats nothing", "[cli][promotion]") {
    FourEnvironments line;
    line.lose_runner_in(seconds(15));
    const auto left = line.run("promote v2 --through dr --progress plain --on-pause exit");
    CHECK(left.exit == 8);
    CHECK(contains(left.err, "deployctl promote --resume 1"));
    SECTION("the same command again") {
        CHECK(line.run("promote v2 --through dr -q").exit == 0);
    }
    SECTION("by its number") {
        CHECK(line.run("promote --resume 1 -q").exit == 0);
    }
    CHECK(line.image_in("shop-dr") == v2 + digest_of("v2"));
    CHECK(line.run("rollout list -o name").out == "4\n3\n2\n1\n");
    CHECK(line.run("promote --resume 1").exit == 2);
}

TEST_CASE("a promotion that Ctrl-C has stopped goes on where it is resumed", "[cli][promotion]") {
    FourEnvironments line;
    line.parts.base.signals.send_at(seconds(3), Interrupt::interrupt);
    const auto left = line.run("promote v2 --through dr --progress plain --on-pause exit");
    CAPTURE(left.out, left.err);
    REQUIRE(left.exit == 8);
    CHECK(contains(left.err, "under way"));
    line.parts.base.people.say("ada@laptop", Liveness::dead);
    const auto resumed = line.run("promote --resume 1 --progress plain");
    CAPTURE(resumed.out, resumed.err);
    CHECK(resumed.exit == 0);
    for (const auto* name : {"shop-dev", "shop-staging", "shop-production", "shop-dr"}) {
        CHECK(line.image_in(name) == v2 + digest_of("v2"));
    }
}

TEST_CASE(
    "a leg that was sent back is not begun again where somebody has locked", "[cli][promotion]"
) {
    FourEnvironments line;
    line.parts.base.signals.send_at(seconds(3), Interrupt::interrupt);
    REQUIRE(line.run("promote v2 --through dr -q --on-pause exit").exit == 8);
    line.parts.base.people.say("ada@laptop", Liveness::dead);
    REQUIRE(line.run("env lock dev --reason audit").exit == 0);
    const auto resumed = line.run("promote --resume 1 --progress plain");
    CAPTURE(resumed.out, resumed.err);
    CHECK(resumed.exit == 6);
    CHECK(contains(resumed.err, "dev is locked by ada@laptop"));
    CHECK(contains(resumed.err, "is not begun again"));
    CHECK(line.image_in("shop-dev") == "registry/shop/web:v1");
}

TEST_CASE(
    "another end is another promotion, and one that is refused closes none", "[cli][promotion]"
) {
    FourEnvironments line;
    line.lose_runner_in(seconds(15));
    CHECK(line.run("promote v2 --through dr -q --on-pause exit").exit == 8);
    const auto narrow = line.run("promote v2 --to production");
    CAPTURE(narrow.out, narrow.err);
    CHECK(narrow.exit == 4);
    CHECK(contains(narrow.err, "production: v2 stands in staging for "));
    CHECK_FALSE(contains(narrow.err, "going on with"));
    CHECK(line.image_in("shop-dr") == "registry/shop/web:v1");
    CHECK(line.run("promote --resume 1 -q").exit == 0);
    CHECK(line.image_in("shop-dr") == v2 + digest_of("v2"));
}

TEST_CASE("a dry run tells of locks and freezes further down the line", "[cli][promotion]") {
    FourEnvironments line;
    REQUIRE(line.run("freeze add --now -e dr --reason rebuilt").exit == 0);
    const auto frozen = line.run("promote v2 --through dr --dry-run");
    CHECK(frozen.exit == 0);
    CHECK(contains(frozen.out, "?  dr: frozen by freeze 1"));
    CHECK(contains(frozen.out, "rebuilt"));
    REQUIRE(line.run("env lock production --reason audit").exit == 0);
    const auto locked = line.run("promote v2 --through dr --dry-run");
    CHECK(locked.exit == 4);
    CHECK(contains(locked.out, "!  production: production is locked by ada@laptop"));
    CHECK(line.run("promote v2 --through dr").exit == 4);
    CHECK(line.image_in("shop-dev") == "registry/shop/web:v1");
}

TEST_CASE("a promotion whose runner lives is left to it", "[cli][promotion]") {
    FourEnvironments line;
    line.lose_runner_in(seconds(15));
    CHECK(line.run("promote v2 --through dr -q --on-pause exit").exit == 8);
    line.parts.base.people.say("ada@laptop", Liveness::alive);
    const auto answer = line.run("promote v2 --through dr");
    CHECK(answer.exit == 9);
    CHECK(contains(answer.err, "promotion 1 of web v2 is run by ada@laptop"));
}

TEST_CASE("an environment of three clusters gets it in waves", "[cli][promotion]") {
    ThreeClusters line;
    const auto begun = line.parts.base.time.elapsed();
    const auto answer = line.run("rollout start v2 -e production -q");
    CHECK(answer.exit == 0);
    CHECK(line.parts.base.time.elapsed() - begun >= minutes(10));
    for (const auto* name : {"shop-eu", "shop-us", "shop-ap"}) {
        CHECK(line.image_in(name) == v2 + digest_of("v2"));
    }
    CHECK(contains(line.run("rollout status -e production/us").out, "v2"));
    CHECK(contains(line.run("plan v1 -e production").err, "-e production/eu | -e production/us"));
}

TEST_CASE("a wall clock that is set forward makes no soak shorter", "[cli][promotion]") {
    ThreeClusters line;
    auto& time = line.parts.base.time;
    const auto begun = time.elapsed();
    time.call_in(minutes(3), [&time] { time.jump_wall(std::chrono::hours(1)); });
    CHECK(line.run("rollout start v2 -e production -q").exit == 0);
    CHECK(time.elapsed() - begun >= minutes(10));
}

TEST_CASE("two contexts that lead to one cluster are no two waves", "[cli][promotion]") {
    auto yaml = waves_yaml;
    yaml.replace(yaml.find("shop-us"), 7, "shop-eu");
    Line line(yaml, {"shop-eu", "shop-ap"});
    const auto answer = line.run("rollout start v2 -e production");
    CHECK(answer.exit == 4);
    CHECK(contains(answer.err, "production/us is the same place as production/eu"));
    CHECK(line.image_in("shop-eu") == "registry/shop/web:v1");
}

TEST_CASE("a bad wave stops the rest and brings those before it back", "[cli][promotion]") {
    ThreeClusters line;
    line.parts.world_in("shop-us").behave("v2", tests::crashing());
    const auto answer = line.run("rollout start v2 -e production --progress plain");
    CHECK(answer.exit == 6);
    CHECK(contains(answer.err, "failed, and what it had brought out is back: production/us"));
    for (const auto* name : {"shop-eu", "shop-us", "shop-ap"}) {
        CHECK(line.image_in(name).starts_with("registry/shop/web:v1"));
    }
    CHECK(line.run("rollout list -o name").out == "3\n2\n1\n");
}

TEST_CASE("a wave that no longer stands well stops the next one", "[cli][promotion]") {
    ThreeClusters line;
    auto& parts = line.parts;
    parts.base.time.call_in(minutes(3), [&parts] {
        parts.world_in("shop-eu").turn("v2", tests::crashing());
    });
    const auto answer = line.run("rollout start v2 -e production -q");
    CHECK(answer.exit != 0);
    CHECK(contains(answer.err, "pods are ready"));
    CHECK(line.image_in("shop-us") == "registry/shop/web:v1");
}

namespace {

/// db, then api, then web.
struct ThreeServices : Line {
    ThreeServices() : Line(group_yaml, {}) {
        for (const auto* name : {"web", "api", "db"}) {
            folder.write(std::string(name) + "/deploy.yaml", member_yaml(name));
            for (const auto* tag : {"v1", "v2"}) {
                parts.base.images.has(
                    std::string("registry/shop/") + name + ":" + tag, digest_of(tag)
                );
            }
            const auto image = std::string("registry/shop/") + name + ":v1";
            parts.world_in(std::string("shop-") + name)
                .add(tests::a_deployment(name).replicas(2).image(image))
                .settle();
        }
        before = std::filesystem::current_path();
        std::filesystem::current_path(folder.path(""));
    }

    ~ThreeServices() { std::filesystem::current_path(before); }

    std::string images() {
        return image_in("shop-db", "db") + " " + image_in("shop-api", "api") + " " +
               image_in("shop-web", "web");
    }

    std::filesystem::path before;
};

}  // namespace

TEST_CASE("a group comes out in the order of its needs", "[cli][promotion]") {
    ThreeServices group;
    const auto shown = group.run("rollout group v2 -e production --dry-run");
    tests::check_golden("group_dry_run.txt", shown.out);
    const auto answer = group.run("rollout group v2 -e production -q");
    CHECK(answer.exit == 0);
    CHECK(contains(group.images(), "registry/shop/db:v2@"));
    CHECK(contains(group.images(), "registry/shop/web:v2@"));
    CHECK(contains(group.run("rollout group v2 -e production -q").out, "web has it already"));
}

TEST_CASE("one bad member, and all of a group come back in reverse", "[cli][promotion]") {
    ThreeServices group;
    group.parts.world_in("shop-web").behave("v2", tests::crashing());
    const auto answer = group.run("rollout group v2 -e production --progress plain");
    CHECK(answer.exit == 6);
    CHECK(contains(answer.err, "failed, and what it had brought out is back: web"));
    CHECK(answer.err.find("api goes back") < answer.err.find("db goes back"));
    CHECK(group.images() == "registry/shop/db:v1 registry/shop/api:v1 registry/shop/web:v1");
    CHECK(simcluster::run(group.parts.journal().list({})).size() == 5);
}

TEST_CASE(
    "the gates of a group are asked at its end, and send all of it back", "[cli][promotion]"
) {
    ThreeServices group;
    group.folder.write(
        "deploy.yaml",
        group_yaml + "  gates: [smoke]\ngates: {smoke: {type: command, run: [smoke-test]}}\n"
    );
    CommandResult bad;
    bad.exit_code = 1;
    group.parts.base.programs.on({"smoke-test"}, bad);
    const auto answer = group.run("rollout group v2 -e production -q");
    CHECK(answer.exit == 6);
    CHECK(contains(answer.err, "gate smoke says fail"));
    CHECK(group.images() == "registry/shop/db:v1 registry/shop/api:v1 registry/shop/web:v1");
}

TEST_CASE("a group of which one member cannot start changes nothing", "[cli][promotion]") {
    ThreeServices group;
    group.parts.world_in("shop-web").forbid("patch", "deployments");
    const auto answer = group.run("rollout group v2 -e production -q");
    CHECK(answer.exit == 4);
    CHECK(contains(answer.err, "web: "));
    CHECK(group.parts.world_in("shop-db").writes().empty());
}

namespace {

/// Killed at the n-th note, run again: nothing is repeated, and it ends as it would have.
template <class Setup, class Check>
void survives_each_death(const std::string& command, Setup set_up, Check check) {
    using Side = tests::DyingOperations::Side;
    const auto side = GENERATE(Side::before, Side::after);
    bool is_over = false;
    int deaths = 0;
    for (int at = 1; !is_over; ++at) {
        CAPTURE(at, static_cast<int>(side));
        auto line = set_up();
        line->parts.base.people.say("ada@laptop", Liveness::dead);
        line->parts.deeds.die_at(at, side);
        line->run(command);
        is_over = !line->parts.deeds.has_died();
        deaths += is_over ? 0 : 1;
        line->run(command);
        check(*line);
    }
    CHECK(deaths > 5);
}

std::size_t rollouts_of(Line& line) {
    return simcluster::run(line.parts.journal().list({})).size();
}

}  // namespace

TEST_CASE("a promotion that is killed at any note repeats no leg", "[cli][promotion]") {
    survives_each_death(
        "promote v2 --through dr -q",
        [] { return std::make_unique<FourEnvironments>(); },
        [](Line& line) {
            CHECK(line.image_in("shop-dr") == v2 + digest_of("v2"));
            CHECK(rollouts_of(line) == 4);
        }
    );
}

TEST_CASE("a group that is killed at any note comes back as a whole", "[cli][promotion]") {
    survives_each_death(
        "rollout group v2 -e production -q",
        [] {
            auto group = std::make_unique<ThreeServices>();
            group->parts.world_in("shop-web").behave("v2", tests::crashing());
            return group;
        },
        [](ThreeServices& group) {
            CHECK(
                group.images() == "registry/shop/db:v1 registry/shop/api:v1 registry/shop/web:v1"
            );
        }
    );
}

namespace {

std::string text_of_example(const std::string& file) {
    std::ifstream stream(tests::source_dir() / "examples" / file);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

void apply_example(LineShell& shell, const std::string& file, const std::string& kube_namespace) {
    const auto objects = documents::read_objects(text_of_example(file), "shop.yaml").objects;
    for (const auto& object : objects) {
        shell.parts.world_in(kube_namespace).add(object);
    }
    shell.parts.world_in(kube_namespace).settle();
}

}  // namespace

TEST_CASE("the example of a promotion goes from dev to dr", "[cli][promotion]") {
    LineShell shell(text_of_example("11-promotion/deploy.yaml"));
    shell.parts.base.images.has("localhost:5000/shop/web:v2", digest_of("v2"));
    for (const auto* name : {"shop-dev", "shop-staging", "shop", "shop-dr"}) {
        apply_example(shell, "11-promotion/k8s/shop.yaml", name);
    }
    const auto answer = shell.run("promote v2 --through dr -q");
    CAPTURE(answer.err);
    CHECK(answer.exit == 0);
    CHECK(shell.image_in("shop-dr") == "localhost:5000/shop/web:v2@" + digest_of("v2"));
}

TEST_CASE("the example of a group comes out as a whole", "[cli][promotion]") {
    LineShell shell(text_of_example("12-group/deploy.yaml"));
    shell.parts.base.images.has("localhost:5000/shop/web:v2", digest_of("v2"));
    apply_example(shell, "12-group/k8s/shop.yaml", "shop");
    for (const std::string name : {"api", "db"}) {
        shell.folder.write(
            name + "/deploy.yaml", text_of_example("12-group/" + name + "/deploy.yaml")
        );
        apply_example(shell, "12-group/" + name + "/k8s/shop.yaml", "shop");
    }
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(shell.folder.path(""));
    const auto answer = shell.run("rollout group v2 -e production -q");
    std::filesystem::current_path(before);
    CAPTURE(answer.err);
    CHECK(answer.exit == 0);
    for (const auto* name : {"web", "api", "db"}) {
        CHECK(shell.image_in("shop", name) == "localhost:5000/shop/web:v2@" + digest_of("v2"));
    }
}
