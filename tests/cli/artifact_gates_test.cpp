// SPDX-License-Identifier: Apache-2.0
// Gates that judge what is deployed, from the command line: `gate test` asks them about what runs,
// a rollout about what will.
#include "documents/json.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::Folder;
using tests::Shell;

namespace {

const std::string yaml =
    "apiVersion: deployctl/v1\n"
    "app: {name: web, image: registry/shop/web}\n"
    "gates:\n"
    "  scan: {type: scan, file: \"reports/${version}.json\", any_digest: true}\n"
    "  rules: {type: policy, policy: policy}\n"
    "  image: {type: image}\n"
    "strategies: {canary: {steps: [{weight: 50}], gates: [scan, rules, image]}}\n"
    "environments: {production: {namespace: shop, strategy: canary}}\n";

struct Shop {
    Shop() : file(folder.write("deploy.yaml", yaml)) {
        shell.parts.programs.on({"conftest", "test"}, R"([{"successes": 2}])");
        shell.parts.images.has("registry/shop/web:v3", "sha256:" + std::string(64, '3'));
    }

    void report(const std::string& version, const std::string& severity) {
        shell.parts.files.has(
            "reports/" + version + ".json",
            R"({"SchemaVersion": 2, "ArtifactName": "web", "Results": [{"Vulnerabilities": [
                {"VulnerabilityID": "CVE-1", "PkgName": "xz", "Severity": ")" +
                severity + R"("}]}]})",
            shell.parts.time.now()
        );
    }

    tests::Answer run(const std::string& line) { return shell.run("-f " + file + " " + line); }

    Shell shell;
    Folder folder;
    std::string file;
};

}  // namespace

TEST_CASE("gate test asks about what runs", "[cli]") {
    Shop shop;
    const auto missing = shop.run("gate test scan");
    CHECK(missing.exit == 4);
    CHECK_THAT(missing.out, Contains("reports/v1.json cannot be read"));
    shop.report("v1", "HIGH");
    const auto bad = shop.run("gate test scan");
    CHECK(bad.exit == 4);
    CHECK_THAT(bad.out, Contains("0 critical, 1 high") && Contains("CVE-1"));
    shop.report("v1", "LOW");
    CHECK(shop.run("gate test scan").exit == 0);
    CHECK(shop.run("gate test rules").exit == 0);
    const auto& told = shop.shell.parts.programs.commands().front().input;
    CHECK(
        documents::read_json(told).text("/spec/template/spec/containers/0/image") ==
        "registry/shop/web:v1"
    );
    CHECK(shop.run("gate test image").exit == 0);
}

TEST_CASE("a rollout without its report is warned of, with a bad one goes back", "[cli]") {
    Shop shop;
    const auto plan = shop.run("plan v2");
    CHECK_THAT(
        plan.out + plan.err, Contains("gate `scan`: its report reports/v2.json cannot be read yet")
    );
    shop.report("v2", "LOW");
    const auto ready = shop.run("plan v2");
    CHECK_THAT(ready.out + ready.err, !Contains("cannot be read yet"));
    const auto good = shop.run("rollout canary v2 -q");
    INFO(good.out << good.err);
    CHECK(good.exit == 0);
    shop.report("v3", "CRITICAL");
    const auto bad = shop.run("rollout canary v3 -q");
    CHECK(bad.exit == 6);
    CHECK_THAT(bad.out + bad.err, Contains("1 critical, 0 high") && Contains("CVE-1"));
}

TEST_CASE("such gates are shown with what they ask", "[cli]") {
    Shop shop;
    const auto list = shop.run("gate list");
    CHECK_THAT(list.out, Contains("reports/${version}.json") && Contains("conftest of policy"));
    CHECK_THAT(list.out, Contains("the registry"));
    const auto shown = documents::read_json(shop.run("gate show scan -o json").out);
    CHECK(documents::write_json(shown).find("\"max_critical\":0") != std::string::npos);
    CHECK(documents::write_json(shown).find("\"max_medium\":null") != std::string::npos);
}
