// SPDX-License-Identifier: Apache-2.0
#include "gates/node_room.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using documents::read_json;
using gates::NodeRoom;

namespace {

Value a_node(const std::string& name, const std::string& cpu, const std::string& spec = "{}") {
    return read_json(
        R"({"metadata": {"name": ")" + name + R"(", "labels": {"disk": "ssd"}}, "spec": )" + spec +
        R"(, "status": {"allocatable": {"cpu": ")" + cpu +
        R"(", "memory": "4Gi", "pods": "10"}, "conditions": [{"type": "Ready", "status": "True"}]}})"
    );
}

Value a_pod(const std::string& node, const std::string& cpu, const std::string& phase = "Running") {
    return read_json(
        R"({"metadata": {"name": "p"}, "spec": {"nodeName": ")" + node +
        R"(", "containers": [{"resources": {"requests": {"cpu": ")" + cpu +
        R"("}}}]}, "status": {"phase": ")" + phase + "\"}}"
    );
}

NodeRoom room_for(const std::string& more = "", const std::string& cpu = "500m") {
    const auto spec = read_json(
        R"({"containers": [{"resources": {"requests": {"cpu": ")" + cpu + "\"}}}]" + more + "}"
    );
    return NodeRoom(spec, gates::needs_of(spec).requests);
}

bool takes(const std::string& pod, const std::string& node) {
    auto room = room_for(pod);
    room.add_node(a_node("n", "2", node));
    CHECK(room.nodes() == 1);
    CHECK((room.pods_that_fit() > 0) == (room.suitable() == 1));
    return room.suitable() == 1;
}

}  // namespace

TEST_CASE("a pod fits on one node as a whole, not in what all have left together", "[gates]") {
    auto room = room_for();
    room.add_node(a_node("a", "1"));
    room.add_node(a_node("b", "1"));
    CHECK(room.pods_that_fit() == 4);
    room.add_pod(a_pod("a", "600m"));
    room.add_pod(a_pod("b", "600m"));
    CHECK(room.pods_that_fit() == 0);
}

TEST_CASE("tenths of a core add up to what they are", "[gates]") {
    auto room = room_for("", "100m");
    room.add_node(a_node("a", "1"));
    for (int pod = 0; pod < 7; ++pod) {
        room.add_pod(a_pod("a", "100m"));
    }
    CHECK(room.pods_that_fit() == 3);
}

TEST_CASE("a node takes no more pods than it may have", "[gates]") {
    auto room = room_for("", "1m");
    room.add_node(a_node("a", "64"));
    CHECK(room.pods_that_fit() == 10);
    for (int pod = 0; pod < 11; ++pod) {
        room.add_pod(a_pod("a", "0"));
    }
    CHECK(room.pods_that_fit() == 0);
}

TEST_CASE("pods that are done ask for nothing, those without a node are told", "[gates]") {
    auto room = room_for();
    room.add_node(a_node("a", "1"));
    room.add_pod(a_pod("a", "1", "Succeeded"));
    room.add_pod(a_pod("a", "1", "Failed"));
    room.add_pod(a_pod("elsewhere", "1"));
    room.add_pod(a_pod("", "1", "Pending"));
    CHECK(room.pods_that_fit() == 2);
    CHECK(room.waiting() == 1);
    room.add_pod(a_pod("a", "1", "Pending"));
    CHECK(room.pods_that_fit() == 0);
}

TEST_CASE("a node has to be ready, open, chosen and tolerated", "[gates]") {
    CHECK(takes("", "{}"));
    CHECK_FALSE(takes("", R"({"unschedulable": true})"));
    CHECK(takes(R"(, "nodeSelector": {"disk": "ssd"})", "{}"));
    CHECK_FALSE(takes(R"(, "nodeSelector": {"disk": "hdd"})", "{}"));
    CHECK_FALSE(takes(R"(, "nodeSelector": {"disk": "ssd", "zone": "a"})", "{}"));
    const std::string gpu =
        R"({"taints": [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}]})";
    CHECK_FALSE(takes("", gpu));
    CHECK(takes("", R"({"taints": [{"key": "gpu", "effect": "PreferNoSchedule"}]})"));
    CHECK_FALSE(takes("", R"({"taints": [{"key": "gpu", "effect": "NoExecute"}]})"));
    const auto tolerating = [&](const std::string& how) {
        return takes(R"(, "tolerations": [)" + how + "]", gpu);
    };
    CHECK(tolerating(R"({"operator": "Exists"})"));
    CHECK(tolerating(R"({"key": "gpu", "operator": "Exists"})"));
    CHECK(tolerating(R"({"key": "gpu", "value": "yes", "effect": "NoSchedule"})"));
    CHECK(tolerating(R"({"key": "gpu", "operator": "Equal", "value": "yes"})"));
    CHECK_FALSE(tolerating(R"({"key": "gpu", "value": "no"})"));
    CHECK_FALSE(tolerating(R"({"key": "gpu", "operator": "Exists", "effect": "NoExecute"})"));
    CHECK_FALSE(tolerating(R"({"key": "other", "operator": "Exists"})"));
    CHECK_FALSE(tolerating(R"({"value": "yes"})"));
    auto silent = a_node("n", "2");
    silent.set("/status/conditions", Value::list({}));
    auto room = room_for();
    room.add_node(silent);
    CHECK(room.suitable() == 0);
}

TEST_CASE("what no node has cannot be given, and what nobody can read is told", "[gates]") {
    auto room = room_for();
    auto node = a_node("a", "2");
    node.erase("/status/allocatable/cpu");
    room.add_node(node);
    CHECK(room.pods_that_fit() == 0);
    CHECK(room.trouble().empty());
    auto odd = a_node("b", "lots");
    odd.set("/metadata/name", "b\x1b");
    room.add_node(odd);
    CHECK(room.trouble() == "Node/b  says no amount of cpu");
    auto other = room_for();
    other.add_node(a_node("a", "1e24"));
    CHECK(other.pods_that_fit() == 10);
    other.add_pod(a_pod("a", "-1"));
    CHECK(other.trouble() == "Pod/p: the pods say no amount of cpu");
}

TEST_CASE("a new node is as the smallest, and has its DaemonSets' pods", "[gates]") {
    auto room = room_for();
    CHECK(room.pods_on_a_new_one() == 0);
    room.add_node(a_node("large", "4"));
    room.add_node(a_node("small", "2"));
    CHECK(room.pods_on_a_new_one() == 4);
    room.add_pod(a_pod("small", "2"));
    CHECK(room.pods_on_a_new_one() == 4);
    auto agent = a_pod("small", "200m");
    agent.set(
        "/metadata/ownerReferences", read_json(R"([{"kind": "DaemonSet", "name": "agent"}])")
    );
    room.add_pod(agent);
    CHECK(room.pods_on_a_new_one() == 3);
    CHECK(room.pods_that_fit() == 8);
}

TEST_CASE("what is not looked at is named", "[gates]") {
    CHECK(gates::overlooked_in(read_json("{}")).empty());
    const auto found = gates::overlooked_in(read_json(
        R"({"affinity": {}, "topologySpreadConstraints": [],
            "volumes": [{"emptyDir": {}}, {"persistentVolumeClaim": {"claimName": "a"}}]})"
    ));
    CHECK(found == std::vector<std::string>{"affinity", "topologySpreadConstraints", "volumes"});
}
