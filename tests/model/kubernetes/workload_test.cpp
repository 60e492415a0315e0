// SPDX-License-Identifier: Apache-2.0
#include "model/kubernetes/workload.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using documents::read_json;

TEST_CASE("metadata is read with owners and times", "[model]") {
    const auto meta = read_meta(read_json(R"({"metadata": {
        "name": "web-1", "namespace": "shop", "uid": "u", "resourceVersion": "17", "generation": 3,
        "labels": {"app": "web"}, "annotations": {"a": "b"},
        "ownerReferences": [{"kind": "ReplicaSet", "name": "web-5d", "uid": "r"}],
        "creationTimestamp": "2026-11-24T12:00:00Z", "deletionTimestamp": "2026-11-24T12:05:00Z"}})"
    ));
    CHECK(meta.name == "web-1");
    CHECK(meta.kube_namespace == "shop");
    CHECK(meta.resource_version == "17");
    CHECK(meta.generation == 3);
    CHECK(meta.labels.at("app") == "web");
    REQUIRE(meta.owners.size() == 1);
    CHECK(meta.owners[0].uid == "r");
    REQUIRE(meta.created);
    REQUIRE(meta.deleted);
    CHECK(*meta.deleted - *meta.created == minutes(5));
}

TEST_CASE("a Deployment without its optional fields has the defaults of the API", "[model]") {
    const auto workload = read_workload(Value());
    CHECK(workload.replicas == 1);
    CHECK(workload.max_surge == 1);
    CHECK(workload.max_unavailable == 0);
}

TEST_CASE("surge rounds up and unavailability down, and never both to nothing", "[model]") {
    const auto [surge, unavailable, replicas, want_surge, want_unavailable] =
        GENERATE(table<Value, Value, int, int, int>({
            {"25%", "25%", 4, 1, 1},
            {"25%", "25%", 3, 1, 0},
            {2, 0, 3, 2, 0},
            {0, 0, 3, 0, 1},
            {"0%", "10%", 3, 0, 1},
            {"100%", "0%", 5, 5, 0},
        }));
    Value object;
    object.set("/spec/replicas", replicas);
    object.set("/spec/strategy/rollingUpdate/maxSurge", surge);
    object.set("/spec/strategy/rollingUpdate/maxUnavailable", unavailable);
    const auto workload = read_workload(object);
    CHECK(workload.max_surge == want_surge);
    CHECK(workload.max_unavailable == want_unavailable);
}

TEST_CASE("a Deployment's status and labels are read", "[model]") {
    const auto workload = read_workload(read_json(R"({
        "spec": {"replicas": 4, "selector": {"matchLabels": {"app": "web"}},
                 "template": {"metadata": {"labels": {"app": "web", "tier": "x"}}}},
        "status": {"observedGeneration": 7, "replicas": 5, "updatedReplicas": 3, "readyReplicas": 4,
                   "availableReplicas": 2, "conditions": [{"type": "Available", "status": "True"}]}})"
    ));
    CHECK(workload.replicas == 4);
    CHECK(workload.observed_generation == 7);
    CHECK(workload.status_replicas == 5);
    CHECK(workload.updated == 3);
    CHECK(workload.ready == 4);
    CHECK(workload.available == 2);
    CHECK(workload.selector.at("app") == "web");
    CHECK(workload.template_labels.size() == 2);
    CHECK(workload.conditions.size() == 1);
}

TEST_CASE("a ReplicaSet has its revision and the hash of its pods", "[model]") {
    const auto set = read_replica_set(read_json(R"({
        "metadata": {"labels": {"pod-template-hash": "5d9f"},
                     "annotations": {"deployment.kubernetes.io/revision": "12"}},
        "spec": {"replicas": 2}, "status": {"readyReplicas": 1, "availableReplicas": 1}})"));
    CHECK(set.revision == 12);
    CHECK(set.hash == "5d9f");
    CHECK(set.replicas == 2);
    CHECK(set.ready == 1);
    CHECK(read_replica_set(Value()).revision == 0);
}

TEST_CASE("the template of a ReplicaSet is read as its Deployment had it", "[model]") {
    const auto object = read_json(R"({"spec": {"template": {
        "metadata": {"labels": {"app": "web", "pod-template-hash": "5d9f"}},
        "spec": {"containers": [{"name": "web"}]}}}})");
    const auto set = read_replica_set(object);
    CHECK(set.pod_template == read_json(R"({
        "metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web"}]}})"));
    CHECK(object.has("/spec/template/metadata/labels/pod-template-hash"));
}

TEST_CASE("a pod that crashed says how it ended the last time", "[model]") {
    const auto pod = read_pod(read_json(R"({
        "metadata": {"name": "web-1", "labels": {"pod-template-hash": "5d9f"}},
        "spec": {"nodeName": "n1"},
        "status": {"phase": "Running", "podIP": "10.0.0.1",
            "conditions": [{"type": "Ready", "status": "False"}],
            "initContainerStatuses": [{"name": "wait", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}],
            "containerStatuses": [{"name": "web", "image": "web:v2", "ready": false, "restartCount": 3,
                "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s"}},
                "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled",
                                             "finishedAt": "2026-11-24T12:00:00Z"}}}]}})"));
    CHECK(pod.node == "n1");
    CHECK(pod.hash == "5d9f");
    CHECK_FALSE(pod.ready);
    CHECK_FALSE(pod.is_leaving());
    REQUIRE(pod.containers.size() == 2);
    CHECK(pod.containers[0].is_init);
    CHECK(pod.containers[0].state.phase == ContainerState::Phase::terminated);
    const auto& web = pod.containers[1];
    CHECK(web.restarts == 3);
    CHECK(web.state.phase == ContainerState::Phase::waiting);
    CHECK(web.state.reason == "CrashLoopBackOff");
    REQUIRE(web.previous);
    CHECK(web.previous->exit_code == 137);
    CHECK(web.previous->reason == "OOMKilled");
    CHECK(web.previous->since.has_value());
}

TEST_CASE("a pod is ready if its condition says so", "[model]") {
    Value pod;
    CHECK_FALSE(read_pod(pod).ready);
    pod.set(
        "/status/conditions", Value::list({Value::map({{"type", "Ready"}, {"status", "True"}})})
    );
    CHECK(read_pod(pod).ready);
    pod.set("/metadata/deletionTimestamp", "2026-11-24T12:00:00Z");
    CHECK(read_pod(pod).is_leaving());
}

TEST_CASE("endpoints are ready and serving unless a slice says otherwise", "[model]") {
    const auto endpoints = read_endpoints(read_json(R"({
        "metadata": {"labels": {"kubernetes.io/service-name": "web"}},
        "endpoints": [
            {"targetRef": {"kind": "Pod", "name": "a", "uid": "1"}},
            {"conditions": {"ready": false, "serving": true, "terminating": true},
             "targetRef": {"kind": "Pod", "name": "b", "uid": "2"}},
            {"targetRef": {"kind": "Node", "name": "n"}}]})"));
    REQUIRE(endpoints.size() == 2);
    CHECK(endpoints[0].service == "web");
    CHECK(endpoints[0].ready);
    CHECK(endpoints[0].serving);
    CHECK_FALSE(endpoints[0].terminating);
    CHECK_FALSE(endpoints[1].ready);
    CHECK(endpoints[1].serving);
    CHECK(endpoints[1].terminating);
}

TEST_CASE("a Service, an autoscaler and a budget are read", "[model]") {
    const auto service = read_service(read_json(R"({"spec": {"selector": {"app": "web"}}})"));
    CHECK(service.type == "ClusterIP");
    CHECK(service.selector.at("app") == "web");

    const auto autoscaler = read_autoscaler(read_json(
        R"({"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "maxReplicas": 9}})"
    ));
    CHECK(autoscaler.target_name == "web");
    CHECK(autoscaler.min == 1);
    CHECK(autoscaler.max == 9);

    const auto budget = read_disruption_budget(read_json(
        R"({"spec": {"selector": {"matchLabels": {"app": "web"}}, "minAvailable": "50%"}})"
    ));
    CHECK(budget.min_available == Value("50%"));
}

TEST_CASE("a notice is read in its old form and in the new one", "[model]") {
    const auto old_form =
        read_notice(read_json(R"({"type": "Warning", "reason": "BackOff", "message": "m",
        "count": 4, "lastTimestamp": "2026-11-24T12:00:00Z",
        "involvedObject": {"kind": "Pod", "name": "web-1"}})"));
    CHECK(old_form.is_warning);
    CHECK(old_form.count == 4);
    CHECK(old_form.name == "web-1");
    CHECK(old_form.last_seen.has_value());

    const auto new_form = read_notice(read_json(R"({"type": "Normal", "lastTimestamp": null,
        "eventTime": "2026-11-24T12:00:00.000001Z",
        "series": {"count": 3, "lastObservedTime": "2026-11-24T12:00:09.000000Z"}})"));
    CHECK_FALSE(new_form.is_warning);
    CHECK(new_form.count == 3);
    REQUIRE(new_form.last_seen);
    CHECK(to_clock_text(*new_form.last_seen) == "12:00:09");
}
