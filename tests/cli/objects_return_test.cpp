// SPDX-License-Identifier: Apache-2.0
// A version goes back together with the other objects that were brought out with it.
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Contains;
using tests::in_shop;

namespace {

struct WholeShop {
    tests::Shell shell;
    tests::Folder folder;
    std::string file = folder.write(
        "deploy.yaml",
        "apiVersion: deployctl/v1\napp:\n  name: web\n  image: registry/shop/web\n"
        "  workload: {kind: Deployment, name: web}\n  manifests: {apply: all, dir: \"" +
            folder.path("k8s") + "\"}\nenvironments: {shop: {namespace: shop, strategy: rolling}}\n"
    );

    WholeShop() {
        shell.parts.images.has("registry/shop/web:v3", "sha256:" + std::string(64, '3'));
        folder.write(
            "k8s/web.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"
            "    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: "
            "\"registry/shop/web:v1\", ports: [{containerPort: 8080}]}]}\n"
        );
    }

    void say(const std::string& objects) { folder.write("k8s/objects.yaml", objects); }

    tests::Answer run(const std::string& line) { return shell.run("-f " + file + " " + line); }

    std::string level() {
        return shell.parts.world.object(in_shop(Kind::config_map, "flags")).text("/data/level");
    }
};

std::string flags(const std::string& level) {
    return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\ndata: {level: \"" +
           level + "\"}\n";
}

const std::string extra =
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata: {a: b}\n";

}  // namespace

TEST_CASE("a version comes back with the other objects that it had", "[cli]") {
    WholeShop shop;
    shop.say(flags("low"));
    CHECK(shop.run("rollout start v2 -e shop -q").exit == 0);
    CHECK(shop.level() == "low");
    shop.say(flags("high") + extra);
    CHECK(shop.run("rollout start v3 -e shop -q").exit == 0);
    CHECK(shop.level() == "high");
    shop.say(flags("neither"));  // what files say today is not what the version had
    const auto back = shop.run("rollout rollback --reason why");
    CHECK(back.exit == 0);
    CHECK_THAT(back.out + back.err, Contains("and with 1 other object"));
    CHECK(shop.level() == "low");
    CHECK(shop.shell.parts.world.object(in_shop(Kind::config_map, "extra")).is_null());
}

TEST_CASE("where no record has the objects of a version, they stay, and that is said", "[cli]") {
    WholeShop shop;
    shop.say(flags("low"));
    CHECK(shop.run("rollout start v2 -e shop -q").exit == 0);
    const auto back = shop.run("rollout rollback --reason why");
    CHECK(back.exit == 0);
    CHECK_THAT(
        back.out + back.err,
        Contains("other objects stay as they are, since no record has those of v1")
    );
    CHECK(shop.level() == "low");
}

TEST_CASE("going back asks no stack, and says which hook is left out for that", "[cli]") {
    WholeShop shop;
    shop.say(flags("low"));
    CHECK(shop.run("rollout start v2 -e shop -q").exit == 0);
    shop.folder.write(
        "deploy.yaml",
        shop.folder.read("deploy.yaml") +
            "infra: {stacks: {data: {dir: infra}}}\n"
            "hooks: {on_rollback: [{name: purge, run: [purge, \"${infra.data.url}\"]}, {name: "
            "tell, run: [tell]}]}\n"
    );
    const auto back = shop.run("rollout rollback --reason why");
    CHECK(back.exit == 0);
    CHECK_THAT(back.out + back.err, Contains("hook purge is left out"));
    REQUIRE(shop.shell.parts.tasks.orders().size() == 1);
    CHECK(shop.shell.parts.tasks.orders().front().name == "tell");
}
