// SPDX-License-Identifier: Apache-2.0
// The real parts, on a script in kubectl's place and a server of the test.
#include "cli/wiring.hpp"

#include "documents/json.hpp"
#include "tests/plugins/a_source.hpp"
#include "tests/plugins/fake_kubectl.hpp"
#include "tests/plugins/scripted_server.hpp"
#include "tests/state/fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

using namespace deployctl;
using namespace deployctl::cli;
using tests::a_source;
using tests::Exchange;
using tests::FakeKubectl;
using tests::ScriptedServer;

namespace {

std::string answers(const std::string& minor) {
    return "version*) echo '{\"clientVersion\": {\"major\": \"1\", \"minor\": \"" + minor +
           "\", \"gitVersion\": \"v1." + minor + R"(.0"}}' ;;
*config*) echo '{"current-context": "lab",
    "contexts": [{"name": "lab", "context": {"cluster": "c"}},
                 {"name": "prod", "context": {"cluster": "d", "namespace": "shop"}}],
    "clusters": [{"name": "c", "cluster": {"server": "https://10.0.0.1:6443"}},
                 {"name": "d", "cluster": {"server": "https://10.0.0.2:6443"}}]}' ;;
)";
}

class UseKubectl {
public:
    explicit UseKubectl(const FakeKubectl& kubectl) {
        ::setenv("DEPLOYCTL_KUBECTL", kubectl.path().c_str(), 1);
    }

    ~UseKubectl() { ::unsetenv("DEPLOYCTL_KUBECTL"); }
};

void hide_kube_system(Exchange& exchange) {
    const bool is_hidden = exchange.target().ends_with("/kube-system");
    exchange.answer(
        is_hidden ? 403 : 200,
        is_hidden ? R"({"kind":"Status","apiVersion":"v1"})" : R"({"gitVersion":"v1.35.4"})"
    );
}

std::string uid_of(const std::string& context) {
    const ScriptedServer server(hide_kube_system);
    const FakeKubectl kubectl(answers("30") + FakeKubectl::proxy_to(server.socket()));
    const UseKubectl used(kubectl);
    const Place place;
    const auto parts = make_parts(place);
    const auto choice = wait_for(*parts, parts->settle({context, "shop"}));
    return wait_for(*parts, parts->cluster(choice).identify()).uid;
}

}  // namespace

TEST_CASE("clusters that hide their kube-system are told apart by address", "[cli][process]") {
    const auto expected = [](const char* server) {
        return "server-" + documents::sha256_hex(server).substr(0, 32);
    };
    CHECK(uid_of("") == expected("https://10.0.0.1:6443"));
    CHECK(uid_of("prod") == expected("https://10.0.0.2:6443"));
}

TEST_CASE("kubectl is asked once what a context is", "[cli][process]") {
    const FakeKubectl kubectl(answers("30"));
    const UseKubectl used(kubectl);
    const Place place;
    const auto parts = make_parts(place);
    const auto first = wait_for(*parts, parts->settle({"", ""}));
    CHECK(first.context == "lab");
    CHECK(first.kube_namespace == "default");
    const auto again = wait_for(*parts, parts->settle({"lab", "shop"}));
    CHECK(again.kube_namespace == "shop");
    CHECK(again.server == "https://10.0.0.1:6443");
    const auto calls = kubectl.calls();
    CHECK(std::ranges::count(calls, '\n') == 2);
    CHECK(wait_for(*parts, parts->settle({"prod", ""})).kube_namespace == "shop");
}

TEST_CASE("a kubectl that is too old leads to no cluster", "[cli][process]") {
    const FakeKubectl kubectl(answers("27"));
    const UseKubectl used(kubectl);
    const Place place;
    const auto parts = make_parts(place);
    CHECK_THROWS_WITH(
        wait_for(*parts, parts->settle({"lab", "shop"})),
        Catch::Contains("is v1.27.0, deployctl needs 1.28 or newer")
    );
}

TEST_CASE("commits and writes pass by the crash points that are asked for", "[cli][process]") {
    const ScriptedServer server([](Exchange& exchange) { exchange.answer(200, "{}"); });
    const FakeKubectl kubectl(answers("30") + FakeKubectl::proxy_to(server.socket()));
    const UseKubectl used(kubectl);
    const tests::TempFolder folder;
    const auto list = (folder / "list").string();
    ::setenv("DEPLOYCTL_CRASH_AT", ("list:" + list).c_str(), 1);
    Place place;
    place.state = (folder / "state.db").string();
    const auto parts = make_parts(place);
    ::unsetenv("DEPLOYCTL_CRASH_AT");
    const auto begun = wait_for(*parts, parts->store().begin(tests::a_rollout(1)));
    CHECK(begun.kind == BeginAnswer::Kind::begun);
    const auto choice = wait_for(*parts, parts->settle({"", "shop"}));
    const ObjectRef web{Kind::service, "shop", "web"};
    const auto reply = wait_for(*parts, parts->cluster(choice).patch(web, {}));
    CHECK(reply.answer == WriteAnswer::done);
    CHECK_THAT(
        tests::read_text(list),
        Catch::Contains(" commit/rollout.started/before:1\n") &&
            Catch::Contains(" commit/rollout.started/after:1\n") &&
            Catch::Contains(" patch/Service/before:1\n") &&
            Catch::EndsWith(" patch/Service/after:1\n")
    );
}

TEST_CASE("metrics are asked where the source says", "[cli][process]") {
    const ScriptedServer server([](Exchange& exchange) {
        exchange.answer(
            200, R"({"status":"success","data":{"resultType":"scalar","result":[1,"7"]}})"
        );
    });
    const Place place;
    const auto parts = make_parts(place);
    const MetricsSource source = a_source().url(server.url("/tenant"));
    const auto answer = wait_for(*parts, parts->outside().metrics.instant(source, "up"));
    CHECK(one_number(answer).value == 7);
    CHECK(server.requests() == std::vector<std::string>{"POST /tenant/api/v1/query"});
}

TEST_CASE("a source that is a program is run", "[cli][process]") {
    const Place place;
    const auto parts = make_parts(place);
    MetricsSource source;
    const std::string answer = R"({"status":"success","series":[{"labels":{},"points":[[1,7]]}]})";
    source.run = {"echo", answer};
    const auto said = wait_for(*parts, parts->outside().metrics.instant(source, "up"));
    INFO(said.failure);
    CHECK(one_number(said).value == 7);
}
