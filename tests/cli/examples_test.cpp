// SPDX-License-Identifier: Apache-2.0
// Each example on the simulated cluster: its manifests, then its plan against a golden text, then
// the rollout itself.
#include "documents/yaml.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/golden_check.hpp"
#include "tests/cli/shell.hpp"
#include "tests/support/source_dir.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

using namespace deployctl;
using tests::Shell;

namespace {

namespace fs = std::filesystem;

const fs::path examples = tests::source_dir() / "examples";

/// Promoted by another deploy.yaml, or in another environment.
struct Before {
    std::string app;
    std::string environment;
    std::string tag;
};

struct Example {
    std::string name;
    std::string environment;
    std::string manifests;            ///< whose; the last one leaves its own to the reader
    std::vector<Before> a_day_ago{};  ///< what the journal knows
};

const std::vector<Example> all_examples{
    {"01-canary", "demo", "01-canary"},
    {"02-blue-green", "demo", "02-blue-green"},
    {"03-rolling", "demo", "03-rolling"},
    {"04-migrate-from-script", "production", "04-migrate-from-script"},
    {"05-every-key", "production", "01-canary"},
    {"06-metrics-program", "demo", "01-canary"},
    {"06-what-is-deployed", "demo", "06-what-is-deployed"},
    {"07-what-came-before",
     "production",
     "07-what-came-before",
     {{"web", "staging", "v2"}, {"payments", "production", "2.3.1"}}},
    {"09-backup-postgresql", "demo", "01-canary"},
    {"10-disaster-recovery", "production", "10-disaster-recovery"},
    {"08-infrastructure", "demo", "08-infrastructure"},  // its stack: tests/terraform
    {"11-promotion", "production", "11-promotion"},
    {"12-group", "production", "12-group"},
};

std::string read_text(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What `kubectl apply -f k8s/` and the registry of the example would make.
struct Stage {
    explicit Stage(const Example& example) : file(examples / example.name / "deploy.yaml") {
        auto& parts = shell.parts;
        parts.world.erase(tests::in_shop(Kind::deployment, "web"));
        parts.world.erase(tests::in_shop(Kind::service, "web"));
        parts.world.settle();
        const auto text = read_text(examples / example.manifests / "k8s/shop.yaml");
        for (const auto& object : documents::read_objects(text, "shop.yaml").objects) {
            if (object.text("/kind") != "Namespace") {
                parts.world.add(object);
            }
        }
        parts.world.settle();
        for (const auto* tag : {"v1", "v2"}) {
            parts.images.has(
                std::string("localhost:5000/shop/web:") + tag,
                "sha256:" + std::string(63, 'e') + tag[1]
            );
        }
        for (const auto* tag : {"v1", "v2"}) {
            parts.measurements.on(
                std::string("SELECT mean(error_rate) FROM web WHERE version = '") + tag +
                    "' AND time > now() - 1m",
                0.002
            );
        }
        ::setenv("DEPLOYCTL_KUBECTL", "kubectl", 1);
        parts.programs.on({"kubectl", "kustomize", "k8s/overlays/production"}, text);
        parts.programs.on({"conftest", "test"}, R"([{"namespace": "main", "successes": 3}])");
        for (const auto& before : example.a_day_ago) {
            shell.parts.has_promoted(before.app, before.environment, before.tag);
        }
        if (!example.a_day_ago.empty()) {
            simcluster::run(parts.time.sleep(std::chrono::hours(24)));
        }
        lay_out_reports(example);
    }

    ~Stage() { ::unsetenv("DEPLOYCTL_KUBECTL"); }

    tests::Answer run(const std::string& line) { return shell.run("-f " + file + " " + line); }

    /// Their numbers, the newest first.
    std::string rollouts() { return run("rollout list -o name").out; }

    /// Those of the example, as if a scanner had just written them.
    void lay_out_reports(const Example& example) {
        shell.parts.files.has("backups/monday.dump", "data", shell.parts.time.now());
        for (const auto* name :
             {"reports/v2.json",
              "reports/vex.json",
              "reports/readiness.json",
              "reports/load-v1.json",
              "reports/load-v2.json"}) {
            const auto text = read_text(examples / example.name / name);
            if (!text.empty()) {
                shell.parts.files.has(name, text, shell.parts.time.now());
            }
        }
    }

    Shell shell;
    std::string file;
};

}  // namespace

/// What has no deploy.yaml of its own is a service to be assessed: tests/readiness tries it.
TEST_CASE("each folder of examples/ is tried", "[cli]") {
    std::set<std::string> there;
    for (const auto& entry : fs::directory_iterator(examples)) {
        if (fs::exists(entry.path() / "deploy.yaml")) {
            there.insert(entry.path().filename());
        }
    }
    std::set<std::string> tried;
    for (const auto& example : all_examples) {
        tried.insert(example.name);
    }
    CHECK(there == tried);
}

TEST_CASE("the plan of each example is the one that its README leads to", "[cli]") {
    for (const auto& example : all_examples) {
        CAPTURE(example.name);
        Stage stage(example);
        const auto answer = stage.run("plan v2 -e " + example.environment);
        CHECK(answer.exit == 0);
        tests::check_golden("example_" + example.name + ".txt", answer.out + answer.err);
        CHECK(stage.shell.parts.world.writes().empty());
    }
}

TEST_CASE("each example brings out v2, and has nothing to do the second time", "[cli]") {
    for (const auto& example : all_examples) {
        CAPTURE(example.name);
        Stage stage(example);
        const auto line = "rollout start v2 -q -y -e " + example.environment;
        const auto answer = stage.run(line);
        CAPTURE(answer.err);
        CHECK(answer.exit == 0);
        const auto number = std::to_string(example.a_day_ago.size() + 1) + "\n";
        const auto known = stage.rollouts();
        CHECK(known.starts_with(number));
        const auto web = stage.shell.parts.world.object(tests::in_shop(Kind::deployment, "web"));
        CHECK(web.text("/spec/template/spec/containers/0/image")
                  .starts_with("localhost:5000/shop/web:v2"));
        CHECK(stage.run(line).exit == 0);
        CHECK(stage.rollouts() == known);
    }
}
