// SPDX-License-Identifier: Apache-2.0
#include "model/kubernetes/object.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("every kind has its own entry in the table", "[model]") {
    for (int index = 0; index <= static_cast<int>(Kind::cron_job); ++index) {
        const auto kind = static_cast<Kind>(index);
        CHECK(info(kind).kind == kind);
        CHECK(std::string(info(kind).plural).ends_with("s"));
        const auto group = std::string(info(kind).group);
        CHECK(std::string(info(kind).api_version).starts_with(group));
    }
}

TEST_CASE("an object's address is that of the API server", "[model]") {
    CHECK(
        url_path({Kind::deployment, "shop", "web"}) ==
        "/apis/apps/v1/namespaces/shop/deployments/web"
    );
    CHECK(url_path({Kind::pod, "shop", ""}) == "/api/v1/namespaces/shop/pods");
    CHECK(url_path({Kind::pod, "", ""}) == "/api/v1/pods");
    CHECK(url_path({Kind::kube_namespace, "", "kube-system"}) == "/api/v1/namespaces/kube-system");
    CHECK(url_path({Kind::node, "shop", "n1"}) == "/api/v1/nodes/n1");
    CHECK(
        url_path({Kind::lease, "shop", "x"}) ==
        "/apis/coordination.k8s.io/v1/namespaces/shop/leases/x"
    );
    CHECK(to_text(ObjectRef{Kind::autoscaler, "shop", "web"}) == "HorizontalPodAutoscaler/web");
}

TEST_CASE("an annotation's pointer escapes the slash of its name", "[model]") {
    CHECK(annotation_pointer(mark::fence) == "/metadata/annotations/deployctl.dev~1fence");
    Value object;
    CHECK(annotation_of(object, mark::fence).is_null());
    object.set(annotation_pointer(mark::fence), "web/1.2");
    CHECK(annotation_of(object, mark::fence) == Value("web/1.2"));
    CHECK(annotation_of(object, mark::step).is_null());
}

TEST_CASE("conditions are found by type", "[model]") {
    Value object;
    object.set(
        "/status/conditions",
        Value::list({
            Value::map({{"type", "Available"}, {"status", "True"}}),
            Value::map(
                {{"type", "Progressing"}, {"status", "False"}, {"reason", "R"}, {"message", "M"}}
            ),
        })
    );
    const auto conditions = read_conditions(object);
    const auto* progressing = find_condition(conditions, "Progressing");
    REQUIRE(progressing != nullptr);
    CHECK(progressing->status == "False");
    CHECK(progressing->reason == "R");
    CHECK(progressing->message == "M");
    CHECK(find_condition(conditions, "Ready") == nullptr);
    CHECK(read_conditions(Value()).empty());
}

TEST_CASE("a share is a number, or a part of the whole rounded as asked", "[model]") {
    const auto [share, total, up, down] = GENERATE(table<Value, int, int, int>({
        {3, 10, 3, 3},
        {0, 10, 0, 0},
        {"25%", 4, 1, 1},
        {"25%", 10, 3, 2},
        {"25%", 1, 1, 0},
        {"100%", 7, 7, 7},
        {"0%", 7, 0, 0},
        {Value(), 7, 0, 0},
    }));
    CHECK(resolve_share(share, total, Rounding::up) == up);
    CHECK(resolve_share(share, total, Rounding::down) == down);
}
