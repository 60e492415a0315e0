// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/kubectl.hpp"

#include "documents/json.hpp"
#include "model/error.hpp"
#include "plugins/process/boost_process.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/fake_kubectl.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace deployctl;
using namespace deployctl::plugins;
using namespace deployctl::plugins::kubectl;
using simcluster::run;
using tests::FakeKubectl;
using Words = std::vector<std::string>;

namespace {

constexpr auto config = R"({"current-context": "lab",
    "contexts": [{"name": "lab", "context": {"cluster": "c", "user": "u"}},
                 {"name": "prod", "context": {"cluster": "d", "namespace": "shop"}}],
    "clusters": [{"name": "c", "cluster": {"server": "https://10.0.0.1:6443"}},
                 {"name": "d", "cluster": {"server": "https://10.0.0.2:6443"}}]})";

std::string version_json(const std::string& minor) {
    return R"({"clientVersion": {"major": "1", "minor": ")" + minor + R"(", "gitVersion": "v1.)" +
           minor + R"(.0"}})";
}

Connection connection_to(const FakeKubectl& kubectl) {
    return {kubectl.path(), "", ""};
}

}  // namespace

TEST_CASE("kubectl is called by lists of words", "[plugins][kubectl]") {
    const Connection plain{"/bin/kubectl", "", ""};
    const Connection named{"/bin/kubectl", "prod", "/etc/kc"};
    CHECK(
        proxy_args(plain, "/t/s") ==
        Words{
            "/bin/kubectl", "proxy", "--unix-socket=/t/s", "--append-server-path", "--keepalive=30s"
        }
    );
    CHECK(
        proxy_args(named, "/t/s") ==
        Words{
            "/bin/kubectl",
            "--kubeconfig=/etc/kc",
            "--context=prod",
            "proxy",
            "--unix-socket=/t/s",
            "--append-server-path",
            "--keepalive=30s",
        }
    );
    CHECK(client_version_args(named) == Words{"/bin/kubectl", "version", "--client", "-o", "json"});
    CHECK(
        contexts_args(named) ==
        Words{"/bin/kubectl", "--kubeconfig=/etc/kc", "config", "view", "-o", "json"}
    );
    CHECK(kustomize_args(named, "k8s/") == Words{"/bin/kubectl", "kustomize", "k8s/"});
}

TEST_CASE("kubectl is the one that is named, or the one in the path", "[plugins][kubectl]") {
    const std::string path = getenv("PATH");
    unsetenv("DEPLOYCTL_KUBECTL");
    setenv("PATH", "/nowhere", 1);
    CHECK_THROWS_WITH(find_kubectl(), "kubectl is not in $PATH");
    const FakeKubectl kubectl("");
    setenv("PATH", kubectl.path().substr(0, kubectl.path().rfind('/')).c_str(), 1);
    CHECK(find_kubectl() == kubectl.path());
    setenv("DEPLOYCTL_KUBECTL", "/opt/kubectl", 1);
    CHECK(find_kubectl() == "/opt/kubectl");
    unsetenv("DEPLOYCTL_KUBECTL");
    setenv("PATH", path.c_str(), 1);
}

TEST_CASE("versions are read with and without a cloud's plus", "[plugins][kubectl]") {
    CHECK(read_client_version(version_json("35"))->minor == 35);
    CHECK(read_client_version(version_json("28+"))->minor == 28);
    CHECK_FALSE(read_client_version("kubectl: not found"));
    CHECK_FALSE(read_client_version("{}"));
}

TEST_CASE("kubectl older than 1.28 is refused, by number", "[plugins][kubectl][process]") {
    BoostProcess process;
    SECTION("new enough") {
        const FakeKubectl kubectl("version*) echo '" + version_json("28") + "' ;;");
        CHECK(run(check_version(process, connection_to(kubectl))).text == "v1.28.0");
    }
    SECTION("too old") {
        const FakeKubectl kubectl("version*) echo '" + version_json("20") + "' ;;");
        CHECK_THROWS_WITH(
            run(check_version(process, connection_to(kubectl))),
            kubectl.path() + " is v1.20.0, deployctl needs 1.28 or newer"
        );
    }
    SECTION("something else") {
        const FakeKubectl kubectl("version*) echo 'no such option' >&2; exit 1 ;;");
        CHECK_THROWS_WITH(
            run(check_version(process, connection_to(kubectl))),
            kubectl.path() + " does not tell its version: no such option"
        );
    }
    SECTION("nothing there") {
        const Connection nowhere{"/no/kubectl", "", ""};
        CHECK_THROWS_WITH(
            run(check_version(process, nowhere)),
            "/no/kubectl does not tell its version: No such file or directory"
        );
    }
}

TEST_CASE("a context is looked up, the current one where none is named", "[plugins][kubectl]") {
    const auto parsed = documents::read_json(config);
    const auto current = read_context_facts(parsed, "");
    CHECK(current.name == "lab");
    CHECK(current.kube_namespace == "default");
    CHECK(current.server == "https://10.0.0.1:6443");
    CHECK(current.names == Words{"lab", "prod"});
    CHECK(read_context_facts(parsed, "prod").kube_namespace == "shop");
}

TEST_CASE("a wrong context is a usage error that lists the right ones", "[plugins][kubectl]") {
    try {
        read_context_facts(documents::read_json(config), "stage");
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.exit() == ExitCode::usage);
        CHECK(std::string(error.what()) == "no context `stage` in the kubeconfig");
        CHECK(error.help() == "contexts there: lab, prod");
    }
    try {
        read_context_facts(Value::map(), "");
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.exit() == ExitCode::tool_missing);
        CHECK(std::string(error.what()) == "the kubeconfig has no current context");
    }
}

TEST_CASE(
    "a kubeconfig that cannot be read is told in kubectl's words", "[plugins][kubectl][process]"
) {
    BoostProcess process;
    const FakeKubectl good(std::string("*config*) cat <<'END'\n") + config + "\nEND\n;;");
    CHECK(run(read_context(process, connection_to(good))).name == "lab");
    const FakeKubectl bad("*config*) echo 'error: yaml: line 3' >&2; exit 1 ;;");
    CHECK_THROWS_WITH(
        run(read_context(process, connection_to(bad))),
        "the kubeconfig cannot be read: error: yaml: line 3"
    );
}

TEST_CASE("version and context are asked at the same time", "[plugins][kubectl][process]") {
    BoostProcess process;
    SECTION("both good") {
        const FakeKubectl kubectl(
            "version*) echo '" + version_json("30") + "' ;;\n*config*) cat <<'END'\n" + config +
            "\nEND\n;;"
        );
        const auto facts = run(inspect(process, connection_to(kubectl)));
        CHECK(facts.version.minor == 30);
        CHECK(facts.context.name == "lab");
    }
    SECTION("both bad: the version is told") {
        const FakeKubectl kubectl("version*) echo '" + version_json("20") + "' ;;\n*) exit 1 ;;");
        CHECK_THROWS_WITH(
            run(inspect(process, connection_to(kubectl))), Catch::Contains("is v1.20.0")
        );
    }
}
