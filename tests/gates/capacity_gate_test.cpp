// SPDX-License-Identifier: Apache-2.0
#include "gates/capacity_gate.hpp"

#include "documents/json.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using documents::read_json;
using gates::Room;
using tests::GateBench;

namespace {

using Values = std::vector<Value>;

Value workload(const std::string& containers, int replicas = 4) {
    return read_json(
        R"({"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": )" +
        std::to_string(replicas) + R"(, "template": {"spec": {"containers": [)" + containers +
        "]}}}}"
    );
}

const Value small = workload(
    R"({"resources": {"requests": {"cpu": "250m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}})"
);

Value quota(const std::string& hard, const std::string& used) {
    return read_json(
        R"({"metadata": {"name": "team"}, "status": {"hard": )" + hard + R"(, "used": )" + used +
        "}}"
    );
}

Value node(const std::string& name, const std::string& cpu) {
    return read_json(
        R"({"kind": "Node", "metadata": {"name": ")" + name +
        R"("}, "status": {"allocatable": {"cpu": ")" + cpu +
        R"(", "memory": "64Gi", "pods": "110"}, "conditions": [{"type": "Ready", "status": "True"}]}})"
    );
}

gates::NodeRoom nodes(const Values& list) {
    const auto& spec = small.at("/spec/template/spec");
    gates::NodeRoom room(spec, gates::needs_of(spec).requests);
    for (const auto& one : list) {
        room.add_node(one);
    }
    return room;
}

Room room_of(Values quotas, Values autoscalers = {}) {
    return {std::move(quotas), std::move(autoscalers), nodes({node("a", "32")})};
}

struct Peak {
    Value of = small;
    int extra = 4;
    int headroom = 0;
    int max_nodes = 0;
};

Verdict judged(const Room& room, const Peak& peak = {}) {
    gates::Subjects subjects;
    subjects.names = {{"namespace", "shop"}};
    subjects.workload = peak.of;
    subjects.extra_pods = peak.extra;
    return gates::judge(CapacityQuestion{peak.headroom, peak.max_nodes}, subjects, room);
}

Answer by_quota(const std::string& hard, const std::string& used, const Peak& peak = {}) {
    return judged(room_of({quota(hard, used)}), peak).answer;
}

}  // namespace

TEST_CASE("the pods that come on top fit what a quota leaves", "[gates]") {
    const auto good =
        judged(room_of({quota(R"({"requests.cpu": "2"})", R"({"requests.cpu": "1"})")}));
    CHECK(good.answer == Answer::pass);
    CHECK(good.measured == "4 more pods");
    CHECK_THAT(good.reason, Contains("ResourceQuota/team leaves 1 of 2 requests.cpu"));
    const auto full = judged(room_of({quota(
        R"({"requests.cpu": "2", "pods": "50"})", R"({"requests.cpu": "1001m", "pods": "4"})"
    )}));
    CHECK(full.answer == Answer::fail);
    CHECK(
        full.reason ==
        "ResourceQuota/team leaves 0.999 of 2 requests.cpu, the rollout needs 1 at its peak"
    );
    CHECK(by_quota(R"({"pods": "8"})", R"({"pods": "4"})") == Answer::pass);
    CHECK(by_quota(R"({"pods": "7"})", R"({"pods": "4"})") == Answer::fail);
    CHECK(by_quota(R"({"count/pods": "7"})", R"({"count/pods": "4"})") == Answer::fail);
    CHECK(by_quota(R"({"memory": "1Gi"})", R"({"memory": "512Mi"})") == Answer::pass);
    CHECK(by_quota(R"({"limits.memory": "1Gi"})", R"({"limits.memory": "512Mi"})") == Answer::fail);
    CHECK(by_quota(R"({"services": "1"})", R"({"services": "1"})") == Answer::pass);
    CHECK(by_quota(R"({"pods": "4"})", R"({"pods": "4"})", {small, 0}) == Answer::pass);
}

TEST_CASE("a part of each has to stay free where that is asked for", "[gates]") {
    const auto hard = R"({"pods": "10"})";
    CHECK(by_quota(hard, R"({"pods": "4"})", {small, 4, 20}) == Answer::pass);
    CHECK(by_quota(hard, R"({"pods": "4"})", {small, 4, 21}) == Answer::fail);
    const Room tight{Values{}, Values{}, nodes({node("a", "1250m")})};
    CHECK(judged(tight, {small, 4, 20}).answer == Answer::pass);
    const auto verdict = judged(tight, {small, 4, 21});
    CHECK(verdict.answer == Answer::fail);
    CHECK(
        verdict.reason ==
        "the nodes have room for 5 such pods, 1 of 1 node may take them, and 21% have to stay free"
    );
}

TEST_CASE("what a quota counts and the pods do not say may come from a LimitRange", "[gates]") {
    const auto open = judged(
        room_of({quota(R"({"requests.cpu": "2"})", R"({"requests.cpu": "1"})")}), {workload("{}")}
    );
    CHECK(open.answer == Answer::inconclusive);
    CHECK_THAT(open.reason, Contains("unless a LimitRange gives it to them"));
}

TEST_CASE("an autoscaler has to take the size of its workload", "[gates]") {
    const auto scaler = [](const std::string& target, const std::string& most) {
        return read_json(
            R"({"metadata": {"name": "web"}, "spec": {)" + most +
            R"("scaleTargetRef": {"kind": "Deployment", "name": ")" + target + "\"}}}"
        );
    };
    const auto judge_scaler = [](const Value& one, int headroom = 0) {
        return judged(room_of({}, {one}), {small, 4, headroom});
    };
    CHECK(judge_scaler(scaler("web", R"("maxReplicas": 4, )")).answer == Answer::pass);
    CHECK(judge_scaler(scaler("web", R"("maxReplicas": 5, )"), 20).answer == Answer::pass);
    CHECK(judge_scaler(scaler("web", R"("maxReplicas": 5, )"), 21).answer == Answer::fail);
    const auto less = judge_scaler(scaler("web", R"("maxReplicas": 3, )"));
    CHECK(less.answer == Answer::fail);
    CHECK(less.reason == "HorizontalPodAutoscaler/web takes at most 3 pods, the workload has 4");
    CHECK(judge_scaler(scaler("other", R"("maxReplicas": 3, )")).answer == Answer::pass);
    CHECK(judge_scaler(scaler("web", "")).answer == Answer::error);
}

TEST_CASE("each pod has to have a place on some node", "[gates]") {
    const auto with = [](const Values& list) {
        return judged(Room{Values{}, Values{}, nodes(list)});
    };
    CHECK(with({node("a", "500m"), node("b", "500m")}).answer == Answer::pass);
    const auto scattered = with({node("a", "400m"), node("b", "400m"), node("c", "400m")});
    CHECK(scattered.answer == Answer::fail);
    CHECK(scattered.reason == "the nodes have room for 3 such pods, 3 of 3 nodes may take them");
    CHECK(scattered.evidence.number("/pods_that_fit") == 3);
    CHECK(scattered.evidence.number("/suitable_nodes") == 3);
    CHECK(with({}).answer == Answer::fail);
}

TEST_CASE("what is not counted is said", "[gates]") {
    auto scoped = quota(R"({"pods": "1"})", R"({"pods": "1"})");
    scoped.set("/spec/scopes", Value::list({"BestEffort"}));
    auto spread = small;
    spread.set("/spec/template/spec/affinity", Value::map());
    auto room = room_of({scoped});
    room.nodes->add_pod(read_json(R"({"status": {"phase": "Pending"}})"));
    const auto verdict = judged(room, {spread});
    CHECK(verdict.answer == Answer::pass);
    CHECK_THAT(verdict.reason, Contains("ResourceQuota/team has scopes and was not counted"));
    CHECK_THAT(verdict.reason, Contains("1 pod without a node yet, which were not counted"));
    CHECK_THAT(verdict.reason, Contains("not looked at: affinity of the pods"));
}

TEST_CASE("amounts that nobody can read are an error, and never a pass", "[gates]") {
    for (const auto* hard :
         {R"({"pods": "many"})", R"({"pods": [1]})", R"({"pods": "-1"})", R"({"pods": "1e999"})"}) {
        CHECK(by_quota(hard, R"({"pods": "0"})") == Answer::error);
    }
    CHECK(by_quota(R"({"pods": "9"})", "{}") == Answer::error);
    const auto odd = workload(R"({"resources": {"requests": {"cpu": "lots"}}})");
    CHECK(judged(room_of({}), {odd}).answer == Answer::error);
    CHECK(
        judged(Room{Values{}, Values{}, nodes({node("a", "32"), node("b", "?")})}).answer ==
        Answer::error
    );
    auto named = quota(R"({"pods": "1"})", R"({"pods": "1"})");
    named.set("/metadata/name", std::string(100'000, 'x') + "\x1b");
    const auto many = judged(room_of({named, named, named, named, named, named, named}));
    CHECK(many.reason.size() < 2000);
    CHECK(many.reason.find('\x1b') == std::string::npos);
}

TEST_CASE("lists without an end are no room", "[gates]") {
    CHECK(judged(Room{Values{}, Values{}, std::nullopt}).answer == Answer::error);
}

TEST_CASE("capacity counts every pod of a cluster with more of them than one page", "[gates]") {
    GateBench bench;
    auto subjects = bench.subjects();
    subjects.workload = small;
    subjects.extra_pods = 4;
    const auto ask = [&] {
        const auto gate = gates::make_gate(CapacityQuestion{}, bench.sources());
        return simcluster::run(gate->sample(subjects));
    };
    bench.cluster.add(node("node-1", "151"));
    auto wide = node("node-2", "0");
    wide.set("/status/allocatable/pods", "1000");
    bench.cluster.add(wide);
    for (int pod = 0; pod < 600; ++pod) {
        auto object = read_json(
            R"({"kind": "Pod", "spec": {"containers": [{"name": "app", "image": "x:1", "resources": {"requests": {"cpu": "250m"}}}]}})"
        );
        object.set("/metadata/name", "other-" + std::to_string(pod));
        bench.cluster.add(object);
    }
    bench.cluster.settle();  // half of them on either node
    const auto few = ask();
    CHECK(few.answer == Answer::fail);  // 110 pods are the most of one node
    CHECK_THAT(few.reason, Contains("the nodes have room for 0 such pods"));
    bench.cluster.edit({Kind::node, "", "node-1"}, [](Value& object) {
        object.set("/status/allocatable/pods", "400");
    });
    const auto good = ask();
    CHECK(good.answer == Answer::pass);  // 300 x 0.25 of 151 are taken
    CHECK(good.evidence.number("/pods_that_fit") == 100);
}

TEST_CASE("nodes that can still come have room, up to their maximum", "[gates]") {
    Room room;
    room.quotas.emplace();
    room.autoscalers.emplace();
    room.nodes = nodes({node("a", "1")});
    const auto fit = room.nodes->pods_that_fit();
    const int more = static_cast<int>(fit) + 1;
    CHECK(judged(room, {small, more}).answer == Answer::fail);
    CHECK(judged(room, {small, more, 0, 1}).answer == Answer::fail);
    const auto grown = judged(room, {small, more, 0, 2});
    CHECK(grown.answer == Answer::pass);
    CHECK_THAT(grown.reason, Contains("1 of 1 node may take them, 1 more can come (max_nodes)"));
    CHECK(grown.evidence.number("/pods_that_fit") == 2 * fit);
    CHECK(judged(room, {small, 2 * static_cast<int>(fit), 1, 2}).answer == Answer::fail);
}

TEST_CASE("capacity needs to see quotas, autoscalers, nodes and all pods", "[gates]") {
    GateBench bench;
    bench.cluster.add(node("a", "32"));
    auto subjects = bench.subjects();
    subjects.workload = small;
    subjects.extra_pods = 4;
    const auto ask = [&] {
        const auto gate = gates::make_gate(CapacityQuestion{}, bench.sources());
        return simcluster::run(gate->sample(subjects));
    };
    CHECK(ask().answer == Answer::pass);
    bench.cluster.forbid("list", "pods everywhere");
    const auto narrow = ask();
    CHECK(narrow.answer == Answer::error);
    CHECK(
        narrow.reason ==
        "no permission to list pods of the whole cluster: a ClusterRole has to grant it (kubectl "
        "create clusterrole deployctl-capacity --verb=list --resource=pods, then a "
        "clusterrolebinding)"
    );
    bench.cluster.forbid("list", "nodes");
    CHECK_THAT(ask().reason, Contains("no permission to list nodes and pods of the whole cluster"));
    const auto full = quota(R"({"pods": "3"})", R"({"pods": "3"})");
    auto named = full;
    named.set("/kind", "ResourceQuota");
    bench.cluster.add(named);
    CHECK(ask().answer == Answer::fail);
    bench.cluster.forbid("list", "resourcequotas");
    const auto blind = ask();
    CHECK(blind.answer == Answer::error);
    CHECK_THAT(
        blind.reason,
        Contains("no permission to list resourcequotas in namespace shop: a Role has to grant it")
    );
    subjects.workload = {};
    CHECK(ask().answer == Answer::error);
}
