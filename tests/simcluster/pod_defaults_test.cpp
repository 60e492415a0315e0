// SPDX-License-Identifier: Apache-2.0
#include "simcluster/pod_defaults.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;

namespace {

Value container(const std::string& name) {
    return Value::map({
        {"name", name},
        {"readinessProbe", Value::map({{"httpGet", Value::map({{"path", "/healthz"}})}})},
        {"ports", Value::list({Value::map({{"containerPort", 8080}})})},
    });
}

Value as_the_server_keeps_it(Value container) {
    container.set("/imagePullPolicy", "IfNotPresent");
    container.set("/resources", Value::map());
    container.set("/ports/0/protocol", "TCP");
    container.set("/readinessProbe/periodSeconds", 10);
    container.set("/readinessProbe/httpGet/scheme", "HTTP");
    container.set("/terminationMessagePolicy", "File");
    return container;
}

Value pod_template(Value::Array containers) {
    return Value::map({{"spec", Value::map({{"containers", std::move(containers)}})}});
}

Value live_template() {
    auto live = pod_template({as_the_server_keeps_it(container("app"))});
    live.set("/metadata/creationTimestamp", nullptr);
    live.set("/spec/dnsPolicy", "ClusterFirst");
    live.set("/spec/terminationGracePeriodSeconds", 20);
    return live;
}

}  // namespace

TEST_CASE("a manifest that says nothing new is what runs already", "[fakes]") {
    auto manifest = pod_template({container("app")});
    manifest.set("/metadata", Value::map());
    manifest.set("/spec/terminationGracePeriodSeconds", 20);
    CHECK(with_pod_defaults(manifest, live_template()) == live_template());
}

TEST_CASE("what a manifest says, and what it takes away, is kept", "[fakes]") {
    auto live = live_template();
    live.set("/spec/containers/0/env", Value::list({Value::map({{"name", "A"}, {"value", "1"}})}));
    auto manifest = pod_template({container("app")});
    manifest.set("/spec/containers/0/imagePullPolicy", "Always");
    const auto filled = with_pod_defaults(manifest, live);
    CHECK(filled.text("/spec/containers/0/imagePullPolicy") == "Always");
    CHECK_FALSE(filled.has("/spec/containers/0/env"));
    CHECK(filled.number("/spec/terminationGracePeriodSeconds") == 30);
}

TEST_CASE("containers are matched by name, and a new one is filled in too", "[fakes]") {
    const auto manifest = pod_template({container("proxy"), container("app")});
    const auto filled = with_pod_defaults(manifest, live_template());
    for (const auto* at : {"/spec/containers/0", "/spec/containers/1"}) {
        CHECK(filled.text(std::string(at) + "/imagePullPolicy") == "IfNotPresent");
        CHECK(filled.text(std::string(at) + "/ports/0/protocol") == "TCP");
    }
    CHECK(filled.text("/spec/containers/1/name") == "app");
}

TEST_CASE("the old name of the service account follows the new one", "[fakes]") {
    auto live = live_template();
    live.set("/spec/serviceAccount", "old");
    live.set("/spec/serviceAccountName", "old");
    auto manifest = pod_template({container("app")});
    manifest.set("/spec/serviceAccountName", "new");
    CHECK(with_pod_defaults(manifest, live).text("/spec/serviceAccount") == "new");
}
