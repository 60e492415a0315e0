// SPDX-License-Identifier: Apache-2.0
// config, env, gate, and which environment a line means.
#include "cli/clock_skew.hpp"
#include "cli/manifests.hpp"
#include "tests/cli/golden_check.hpp"
#include "tests/cli/shell.hpp"

#include <filesystem>

using namespace deployctl;
using tests::Folder;
using tests::Shell;

namespace {

const std::string shop_yaml = R"(apiVersion: deployctl/v1
app:
  name: web
  image: registry/shop/web
  workload: {kind: Deployment, name: web}
gates:
  health: {type: http, path: /healthz, port: 8080, every: 10s, fail_after: 3}
strategies:
  canary: {gates: [health], steps: [{weight: 50, hold: 10s}]}
environments:
  staging: {context: kind-stage, namespace: shop, strategy: rolling}
  production: {context: kind-prod, namespace: shop, strategy: canary, protected: true}
)";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The shell in a folder with the file above.
struct Shop {
    Shell shell;
    Folder folder;
    std::string file = folder.write("deploy.yaml", shop_yaml);

    tests::Answer run(const std::string& line) { return shell.run("-f " + file + " " + line); }
};

}  // namespace

TEST_CASE(
    "several environments: one has to be named, and a wrong one is refused with the right ones",
    "[cli]"
) {
    Shop shop;
    const auto none = shop.run("plan v2");
    CHECK(none.exit == 2);
    CHECK(contains(none.err, "-e production | -e staging"));
    CHECK(contains(shop.run("plan v2 -e prodution").err, "use -e production"));
    CHECK(contains(shop.run("plan v2 -e moon").err, "known: production, staging"));
    const auto good = shop.run("plan v2 -e staging");
    CHECK(good.exit == 0);
    CHECK(shop.shell.parts.last_choice.context == "kind-stage");
}

TEST_CASE(
    "a context or a namespace that is not the environment's is an error, never a switch", "[cli]"
) {
    Shop shop;
    const auto context = shop.run("plan v2 -e staging --context kind-prod");
    CHECK(context.exit == 2);
    CHECK(contains(
        context.err, "context `kind-prod` is not that of environment `staging`, `kind-stage`"
    ));
    CHECK(shop.run("plan v2 -e staging -n other").exit == 2);
    CHECK(shop.run("plan v2 -e staging --context kind-stage -n shop").exit == 0);
    CHECK(shop.run("plan v2 -e staging --app other").exit == 2);
    CHECK(shop.run("plan v2 -e staging --workload deploy/web").exit == 2);
}

TEST_CASE("a protected environment asks, and its strategy is the environment's", "[cli]") {
    Shop shop;
    shop.shell.has_terminal = true;
    const auto answer =
        shop.shell.run_with_input("-f " + shop.file + " rollout start v2 -e production", "n\n");
    CHECK(answer.exit == 4);
    CHECK(contains(answer.err, "50 → 100"));
    CHECK(contains(answer.err, "[y/N]"));
    CHECK(shop.run("rollout start v2 -e production -q -y").exit == 0);
    CHECK(contains(shop.run("-o json rollout status").out, "\"environment\": \"production\""));
    CHECK(shop.run("history -e production -o name").out == "1\n");
    CHECK(shop.run("history -e staging -o name").out.empty());
}

TEST_CASE("every mistake of the configuration is shown with its place, exit code 2", "[cli]") {
    Shell shell;
    const Folder folder;
    const auto file = folder.write(
        "bad.yaml",
        "apiVersion: deployctl/v1\napp:\n  name: web\n  imag: x\ngates:\n  h: {type: http, everry: "
        "3s}\n"
    );
    const auto answer = shell.run("config validate -f " + file);
    CHECK(answer.exit == 2);
    CHECK(answer.out.empty());
    CHECK(contains(answer.err, "bad.yaml:4:3"));
    CHECK(contains(answer.err, "bad.yaml:6:19"));
    CHECK(contains(answer.err, "unknown key `everry`"));
    CHECK(shell.run("plan v2 -f " + file).exit == 2);
    const auto data = shell.run("config validate -o json -f " + file);
    CHECK(contains(data.out, "\"line\": 6"));
    CHECK(contains(data.out, "\"valid\": false"));
    CHECK(
        contains(shell.run("config validate -f " + folder.path("none.yaml")).err, "cannot be read")
    );
    CHECK(contains(
        shell.run("config validate -C .. -f " + folder.write("e.yaml", "a: \033[31m\n")).err,
        "error"
    ));
}

TEST_CASE("a good configuration is shown short and whole, its keys are explained", "[cli]") {
    Shop shop;
    const auto valid = shop.run("config validate --strict");
    CHECK(valid.exit == 0);
    CHECK(contains(valid.out, "has no mistakes"));
    CHECK(contains(shop.run("config show").out, "name: web"));
    CHECK(contains(shop.run("config show -o json").out, "\"image\": \"registry/shop/web\""));
    CHECK(shop.run("config show -o ndjson").out.starts_with("{\"apiVersion\""));
    CHECK(shop.run("config show -o name").out == "web\n");
    CHECK(contains(shop.run("config explain gates.every -o json").out, "\"key\": \"gates.every\""));
    CHECK(contains(shop.run("config explain gates.every -o yaml").out, "key: gates.every\n"));
    CHECK(contains(shop.run("config explain -o ndjson").out, "{\"key\":\"gates.every\""));
    const auto resolved = shop.run("config show --resolved").out;
    CHECK(contains(resolved, "first_ready: 5m"));
    CHECK(contains(shop.run("config explain gates.every").out, "gates"));
    CHECK(contains(shop.run("config explain strategis.canary").err, "did you mean"));
    CHECK(shop.run("config explain").exit == 0);
    CHECK(shop.run("config schema").out.starts_with("{"));
}

TEST_CASE("config init writes a file that validates, and never over another one", "[cli]") {
    Shell shell;
    const Folder folder;
    const auto manifest = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: app, image: "registry/shop/web:v1", ports: [{containerPort: 8080}]}
)";
    folder.write("k8s/web.yaml", manifest);
    const auto file = folder.path("deploy.yaml");
    const auto line = "config init --from " + folder.path("k8s") + " -f " + file;
    const auto answer = shell.run(line);
    CHECK(answer.exit == 0);
    CHECK(contains(folder.read("deploy.yaml"), "registry/shop/web"));
    CHECK(shell.run("config validate -f " + file).exit == 0);
    CHECK(contains(shell.run(line).err, "is there already"));
    CHECK(shell.run(line + " --force --workload web --container app").exit == 0);
    CHECK(shell.run(line + " --force --workload none").exit == 2);
    CHECK(
        shell.run("config init --from " + folder.path("none") + " -f " + folder.path("x")).exit == 2
    );
}

TEST_CASE("config init proposes holds that can see something at the traffic of now", "[cli]") {
    Shell shell;
    const Folder folder;
    folder.write(
        "k8s/web.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n"
        "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
        "    spec: {containers: [{name: app, image: \"registry/shop/web:v1\"}]}\n"
    );
    const auto file = folder.path("deploy.yaml");
    const auto line = "config init --force --from " + folder.path("k8s") + " -f " + file;
    const std::string source =
        " --prometheus http://prom:9090 --errors 'bad{p=\"${pods}\"}' --total 'all{p=\"${pods}\"}'";
    const auto counted = [](const std::string& name) {
        return "sum by (namespace) (increase(" + name + "{p=\"web-[a-z0-9]+-[a-z0-9]+\"}[300s]))";
    };
    SECTION("much traffic") {
        shell.parts.measurements.on(counted("all"), 300'000);
        shell.parts.measurements.on(counted("bad"), 1'500);
        const auto answer = shell.run(line + source);
        INFO(answer.out << answer.err);
        CHECK(answer.exit == 0);
        const auto text = folder.read("deploy.yaml");
        INFO(text);
        CHECK(contains(text, "# At 1000 requests a second, of which 0.5% fail, each hold sees a 2x")
        );
        CHECK(contains(text, "steps: [{weight: 5, hold: 5m30s}, {weight: 10, hold: 2m30s}"));
        CHECK(contains(text, "{type: analysis, errors: "));
        CHECK(shell.parts.measurements.last_source().url == "http://prom:9090");
    }
    SECTION("pods of the same name in another namespace are others") {
        const auto in = [](const std::string& where, double number) {
            return MetricSeries{{{"namespace", where}}, {{WallTime(), number}}};
        };
        const auto all = tests::metric_series({in("other", 90'000), in("shop", 300'000)});
        shell.parts.measurements.on(counted("all"), all);
        shell.parts.measurements.on(counted("bad"), tests::metric_series({in("other", 5'000)}));
        CHECK(shell.run(line + source).exit == 0);
        CHECK(contains(
            folder.read("deploy.yaml"),
            "# At 1000 requests a second, of which none failed (taken as 1 of 300000), each hold"
        ));
    }
    SECTION("nobody answers: the usual steps, and why") {
        shell.parts.measurements.go_away();
        CHECK(shell.run(line + source).exit == 0);
        const auto text = folder.read("deploy.yaml");
        CHECK(contains(text, "is not known: of all requests: connection refused"));
        CHECK(contains(text, "steps: [{weight: 10, hold: 1m}, {weight: 50, hold: 1m}]"));
    }
    SECTION("hardly any traffic") {
        shell.parts.measurements.on(counted("all"), 3);
        CHECK(shell.run(line + source).exit == 0);
        CHECK(contains(folder.read("deploy.yaml"), "no hold of up to 1h sees a 10x worse"));
    }
    SECTION("half a source") {
        const auto answer = shell.run(line + " --prometheus http://prom:9090");
        CHECK(answer.exit == 2);
        CHECK(contains(answer.err, "--prometheus, --errors and --total go together"));
        return;
    }
    SECTION("what could not be asked, or not be read, is not written") {
        const auto refused = [&](const std::string& url, const std::string& errors) {
            const auto answer = shell.run(
                line + " --prometheus '" + url + "' --total 'all{p=\"${pods}\"}' --errors '" +
                errors + "'"
            );
            CHECK(answer.exit == 2);
            CHECK_FALSE(std::filesystem::exists(file));
            return answer.err;
        };
        CHECK(contains(refused("http://prom:9090", "bad"), "--errors names no ${pods}"));
        CHECK(contains(
            refused("prom:9090", "bad{p=\"${pods}\"}"), "makes no " + file + " that is valid"
        ));
        CHECK(contains(refused("http://me:word@prom", "bad{p=\"${pods}\"}"), "prometheus"));
        shell.parts.measurements.on(counted("bad"), tests::metric_refusal("parse error"));
        CHECK(contains(
            refused("http://prom:9090", "bad{p=\"${pods}\"}"),
            "refuses the selector of --errors: parse error"
        ));
        return;
    }
    CHECK(shell.run("config validate -f " + file).exit == 0);
}

TEST_CASE("environments and gates are listed and shown", "[cli]") {
    Shop shop;
    tests::check_golden("env_list.txt", shop.run("env list").out);
    CHECK(shop.run("env list -o name").out == "production\nstaging\n");
    CHECK(contains(shop.run("env show production").out, "kind-prod"));
    CHECK(contains(shop.run("env show -e staging -o json").out, "\"strategy\": \"rolling\""));
    tests::check_golden("gate_list.txt", shop.run("gate list").out);
    CHECK(contains(shop.run("gate show health").out, "/healthz"));
    CHECK(contains(shop.run("gate show healt").err, "did you mean health?"));
    CHECK(contains(Shell().run("env list -f none.yaml").err, "cannot be read"));
}

TEST_CASE("a gate can be asked once: 0 where it passes, 4 where it does not", "[cli]") {
    Shop shop;
    const auto good = shop.run("gate test health -e staging");
    CHECK(good.exit == 0);
    CHECK(contains(good.out, "✓ health pass"));
    CHECK(contains(good.out, "GET /healthz"));
    const auto nobody = shop.run("gate test health -e staging --track candidate");
    CHECK(nobody.exit == 4);
    CHECK(contains(nobody.out, "none is ready"));
    CHECK(contains(shop.run("gate test health -e staging -o json").out, "\"answer\": \"pass\""));
}

TEST_CASE("doctor says of each thing how to mend it", "[cli]") {
    ::setenv("DEPLOYCTL_KUBECTL", "kubectl", 1);
    Shop shop;
    shop.shell.parts.programs.on(
        {"kubectl", "version"},
        R"({"clientVersion":{"major":"1","minor":"32","gitVersion":"v1.32.4"}})"
    );
    const auto line = "doctor -e staging --state " + shop.folder.path("state.db");
    const auto good = shop.run(line);
    CHECK(good.exit == 0);
    CHECK(contains(good.out, "✓ kubectl"));
    CHECK(contains(good.out, "✓ permissions"));
    CHECK(contains(good.out, "! clock"));
    shop.shell.parts.world.forbid("patch", "services");
    const auto bad = shop.run(line);
    CHECK(bad.exit == 10);
    CHECK(contains(bad.out, "missing in shop: patch services"));
    CHECK(contains(bad.out, "= help: ask for a Role"));
    CHECK(contains(shop.run(line + " -o json").out, "\"result\": \"bad\""));
    ::unsetenv("DEPLOYCTL_KUBECTL");
}

TEST_CASE("a journal that is not there yet is described, and not made", "[cli]") {
    Shell shell;
    const Folder folder;
    const auto file = folder.path("none.db");
    CHECK(contains(shell.run("state info --state " + file).out, "false"));
    CHECK(shell.run("state check --state " + file).exit == 11);
    CHECK(folder.read("none.db").empty());
}

TEST_CASE(
    "what a manifest says beside the pod template, and the cluster does not, is named", "[cli]"
) {
    const auto live = tests::a_deployment("web").replicas(4).build();
    auto manifest = live;
    manifest.set("/spec/replicas", 2);
    manifest.set("/spec/template/spec/priorityClassName", "high");
    CHECK(cli::other_differences(manifest, live).empty());
    manifest.set("/spec/minReadySeconds", 30);
    const auto found = cli::other_differences(manifest, live);
    REQUIRE(found.size() == 1);
    CHECK(contains(found.front(), "spec/minReadySeconds: 30 in the manifest"));
}

TEST_CASE("manifests give the pod template; anything else that differs is refused", "[cli]") {
    Shop shop;
    const auto base =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:";
    const auto rest =
        "\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: "
        "web, image: \"registry/shop/web:v1\", env: [{name: MODE, value: fast}], ports: "
        "[{containerPort: 8080}]}]\n";
    shop.folder.write("k8s/web.yaml", std::string(base) + rest);
    auto text = shop_yaml;
    text.replace(
        text.find("gates:"), 0, "  manifests: {dir: \"" + shop.folder.path("k8s") + "\"}\n"
    );
    shop.folder.write("deploy.yaml", text);
    const auto plan = shop.run("plan v2 -e staging");
    CHECK(contains(plan.out, "MODE"));
    const auto has_mode = [&shop] {
        const auto web = shop.shell.parts.world.object(tests::in_shop(Kind::deployment, "web"));
        return web.has("/spec/template/spec/containers/0/env");
    };
    CHECK(shop.run("rollout start v2 -e staging -q").exit == 0);
    CHECK(has_mode());
    // back to what ran, not to what the manifests say today
    CHECK(shop.run("rollout rollback --reason why -q").exit == 0);
    CHECK_FALSE(has_mode());
    shop.folder.write("k8s/web.yaml", std::string(base) + "\n  minReadySeconds: 30" + rest);
    const auto refused = shop.run("plan v2 -e staging");
    CHECK(refused.exit == 4);
    CHECK(contains(refused.err, "spec/minReadySeconds"));
}

TEST_CASE("the date of an HTTP server is read, and nothing else is taken for one", "[cli]") {
    CHECK(
        cli::read_http_date("Tue, 24 Nov 2026 23:33:54 GMT") == read_rfc3339("2026-11-24T23:33:54Z")
    );
    CHECK_FALSE(cli::read_http_date("Tue, 24 Nov 2026 23:33:54 CET"));
    CHECK_FALSE(cli::read_http_date("yesterday"));
    CHECK_FALSE(cli::read_http_date("Tue, 24 ovN 2026 23:33:54 GMT"));
}
