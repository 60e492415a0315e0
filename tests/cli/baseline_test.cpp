// SPDX-License-Identifier: Apache-2.0
// A canary with a fresh baseline, from the command line: its plan, and what is told of it.
#include "documents/json.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::Folder;
using tests::Shell;

namespace {

struct Shop {
    Shop()
        : file(folder.write(
              "deploy.yaml",
              "apiVersion: deployctl/v1\n"
              "app: {name: web, image: registry/shop/web}\n"
              "strategies: {canary: {baseline: fresh, steps: [{weight: 25}]}}\n"
              "environments: {production: {namespace: shop, strategy: canary}}\n"
          )) {}

    tests::Answer run(const std::string& line) { return shell.run("-f " + file + " " + line); }

    Shell shell;
    Folder folder;
    std::string file;
};

}  // namespace

TEST_CASE("a plan shows the fresh baseline, its pods and the share that is left", "[cli]") {
    Shop shop;
    const auto plan = shop.run("plan v2 -e production").out;
    CHECK_THAT(plan, Contains("stable pods  candidate pods  baseline pods"));
    CHECK_THAT(plan, Contains("25%    20%"));
    CHECK_THAT(plan, Contains("create the baseline, without pods"));
    const auto json = documents::read_json(shop.run("plan v2 -e production -o json").out);
    CHECK(json.number("/weights/0/baseline_pods") == 1);
    CHECK(json.number("/weights/1/baseline_pods") == 0);
}

TEST_CASE("a rollout tells of its fresh baseline", "[cli]") {
    Shop shop;
    const auto done = shop.run("rollout canary v2 -e production --progress plain -y");
    INFO(done.out << done.err);
    CHECK(done.exit == 0);
    CHECK_THAT(
        done.out + done.err,
        Contains("asked 25%, reached 20%: 1 candidate, 1 baseline and 3 stable pods")
    );
    CHECK_THAT(done.out + done.err, Contains("retire the baseline"));
}
