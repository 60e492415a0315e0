// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"
#include "config/keys.hpp"
#include "documents/yaml.hpp"
#include "tests/config/golden_texts.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace deployctl;
using namespace deployctl::config;

namespace {

namespace fs = std::filesystem;

std::vector<std::string> examples() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(tests::source_dir() / "examples")) {
        if (fs::exists(entry.path() / "deploy.yaml")) {
            names.push_back("examples/" + entry.path().filename().string());
        }
    }
    std::ranges::sort(names);
    return names;
}

std::string manifests_of(const std::string& example) {
    std::string text;
    const auto folder = tests::source_dir() / example / "k8s";
    if (fs::exists(folder)) {
        for (const auto& entry : fs::directory_iterator(folder)) {
            text +=
                "---\n" + read_source_file(example + "/k8s/" + entry.path().filename().string());
        }
    }
    return text;
}

const Value* find(
    const std::vector<Value>& objects, const std::string& kind, const std::string& name
) {
    const auto found = std::ranges::find_if(objects, [&](const Value& object) {
        return object.text("/kind") == kind && object.text("/metadata/name") == name;
    });
    return found == objects.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("each example has no mistakes, and a README that says how to run it", "[config]") {
    const auto all = examples();
    CHECK(all.size() >= 5);
    for (const auto& example : all) {
        CAPTURE(example);
        const auto loaded =
            read_configuration(read_source_file(example + "/deploy.yaml"), "deploy.yaml");
        CHECK(render(loaded.diagnostics, ColorMode::plain).empty());
        const auto page = read_source_file(example + "/README.md");
        CHECK(page.find("deployctl ") != std::string::npos);
    }
}

TEST_CASE("the service that is assessed can be brought out as well", "[config]") {
    const auto text = read_source_file("examples/mcp-server/good/deploy.yaml");
    CHECK(render(read_configuration(text, "deploy.yaml").diagnostics, ColorMode::plain).empty());
}

TEST_CASE("each example deploys what its manifests make", "[config]") {
    for (const auto& example : examples()) {
        const auto manifests = manifests_of(example);
        if (manifests.empty()) {
            continue;
        }
        CAPTURE(example);
        const auto read = documents::read_objects(manifests, "k8s");
        CHECK(read.diagnostics.empty());
        const auto app =
            read_configuration(read_source_file(example + "/deploy.yaml"), "deploy.yaml")
                .configuration.app;
        const auto* deployment = find(read.objects, "Deployment", app.workload.name);
        REQUIRE(deployment != nullptr);
        CHECK(deployment->number("/spec/replicas") >= 2);
        const auto& container = deployment->at("/spec/template/spec/containers/0");
        CHECK((app.workload.container.empty() || container.text("/name") == app.workload.container)
        );
        CHECK(container.text("/image") == app.image + ":v1");
        CHECK(find(read.objects, "Service", app.name) != nullptr);
    }
}

TEST_CASE("the examples use every key", "[config]") {
    std::string text;
    for (const auto& example : examples()) {
        text += read_source_file(example + "/deploy.yaml");
    }
    for (const auto& key : all_keys()) {
        CAPTURE(std::string(key.path));
        const bool used = text.find(std::string(key.name()) + ":") != std::string::npos;
        CHECK((used || key.presence == Presence::later));
    }
}

TEST_CASE("the migrated script hands over to deployctl", "[config]") {
    const auto script = read_source_file("examples/04-migrate-from-script/deploy-production.sh");
    CHECK(script.find("\nexec deployctl rollout \"$strategy\" \"$tag\"") != std::string::npos);
}
