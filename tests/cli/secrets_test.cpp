// SPDX-License-Identifier: Apache-2.0
// Secrets are planted wherever an app gets one; no command prints them, no file that it writes has
// them, no program that it starts is told. Those of the journal: tests/state/secrets_test.cpp.
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace deployctl;
using tests::Folder;
using tests::Shell;

namespace {

const std::string planted = "hunter2";

const std::string deploy_yaml = R"(apiVersion: deployctl/v1
app:
  name: web
  image: registry/shop/web
  workload: {kind: Deployment, name: web}
  manifests: {dir: "K8S"}
gates:
  health: {type: http, path: /healthz, port: 8080, every: 10s, fail_after: 3}
strategies:
  canary: {gates: [health], steps: [{weight: 50, hold: 10s}]}
environments:
  production: {context: kind-prod, namespace: shop, strategy: canary}
)";

/// As literal of a variable, in arguments, in a Secret beside the Deployment, and as what another
/// Secret is only named for.
const std::string shop_yaml = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: "registry/shop/web:v1"
          args: ["--password=hunter2-new"]
          env:
            - {name: DATABASE_URL, value: "postgres://web:hunter2-new@db"}
            - {name: MODE, value: "hunter2-new"}
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: web-token, key: token}}}
          ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: Secret
metadata: {name: web-token, namespace: shop}
stringData: {token: hunter2}
)";

/// A shop in which everything is planted, and all that deployctl says in it.
struct Planted {
    Planted() {
        auto text = deploy_yaml;
        text.replace(text.find("K8S"), 3, folder.path("k8s"));
        folder.write("deploy.yaml", text);
        folder.write("k8s/shop.yaml", shop_yaml);
        shell.parts.world.edit(tests::in_shop(Kind::deployment, "web"), [](Value& web) {
            const std::string container = "/spec/template/spec/containers/0";
            const auto url =
                Value::map({{"name", "DATABASE_URL"}, {"value", "postgres://web:hunter2@db"}});
            web.set(container + "/env", Value::list({url}));
            web.set(container + "/command", Value::list({"serve", "--password=hunter2"}));
            web.set(
                "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
                "{\"password\":\"hunter2\"}"
            );
        });
        shell.parts.world.settle();
    }

    int say(const std::string& line) {
        const auto answer = shell.run("-f " + folder.path("deploy.yaml") + " " + line);
        INFO(line);
        CHECK((answer.out + answer.err).find(planted) == std::string::npos);
        said += answer.out.size() + answer.err.size();
        return answer.exit;
    }

    void say_all_of(int rollout) {
        const auto number = std::to_string(rollout);
        for (const auto* verb : {"show ", "explain ", "events ", "logs ", "rollout status "}) {
            for (const auto* format : {"", " -o json", " -o yaml"}) {
                say(verb + number + format);
            }
        }
        for (const auto* line :
             {"rollout list -o wide",
              "history -o json",
              "history",
              "env show production -o json",
              "gate show health -o yaml",
              "gate test health -e production -o json",
              "config show --resolved",
              "config show -o json",
              "plan v2 -e production",
              "plan v2 -e production -o json",
              "doctor -e production -v"}) {
            say(line);
        }
    }

    Shell shell;
    Folder folder;
    std::size_t said = 0;
};

}  // namespace

TEST_CASE("a planted secret is in no output, no file and no argument", "[cli]") {
    Planted shop;
    const auto files = " --log-file " + shop.folder.path("log") + " --events " +
                       shop.folder.path("events") + " --summary " + shop.folder.path("summary");
    CHECK(shop.say("rollout start v2 -e production -y -vv" + files) == 0);
    shop.say_all_of(1);
    CHECK(shop.say("rollout start v5-crash -e production -y -vv --progress json" + files) == 6);
    shop.say_all_of(2);
    CHECK(shop.say("rollout rollback --reason why -y -vv") == 0);
    CHECK(shop.said > 20'000);
    for (const auto* file : {"log", "events", "summary"}) {
        CAPTURE(file);
        const auto text = shop.folder.read(file);
        CHECK_FALSE(text.empty());
        CHECK(text.find(planted) == std::string::npos);
    }
    CHECK(shop.shell.parts.programs.commands_text().find(planted) == std::string::npos);
}

TEST_CASE("a planted secret is not copied into what deployctl notes on an object", "[cli]") {
    Planted shop;
    CHECK(shop.say("rollout start v2 -e production -q") == 0);
    for (const auto& write : shop.shell.parts.world.writes()) {
        CAPTURE(to_text(write.ref));
        const auto object = shop.shell.parts.world.object(write.ref);
        for (const auto& [key, value] : object.members("/metadata/annotations")) {
            const bool is_ours = key.find("deployctl") != std::string::npos;
            CHECK((!is_ours || value.text("").find(planted) == std::string::npos));
        }
    }
}
