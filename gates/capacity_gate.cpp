// SPDX-License-Identifier: Apache-2.0
#include "gates/capacity_gate.hpp"

#include "model/kubernetes/quantity.hpp"
#include "model/text.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::gates {

namespace {

/// Half a million objects; a cluster is not larger, and an endless list has to end.
constexpr int most_pages = 1000;

/// 0.1 cores ten times are no more than one core.
double rounding_of(double amount) {
    constexpr double share = 1e-9;
    return share * amount;
}

std::string name_of(const Value& object, Kind kind) {
    return std::string(info(kind).name) + "/" + one_line(object.view("/metadata/name"), 60);
}

/// What a key of a quota counts of one pod; nothing where it counts something else.
std::optional<double> counted(const std::string& key, const PodNeeds& needs) {
    constexpr std::string_view of_requests = "requests.";
    constexpr std::string_view of_limits = "limits.";
    constexpr std::array<std::string_view, 2> pods{"pods", "count/pods"};
    constexpr std::array<std::string_view, 3> bare{"cpu", "memory", "ephemeral-storage"};
    if (std::ranges::count(pods, key) > 0) {
        return 1;
    }
    if (std::ranges::count(bare, key) > 0 || key.starts_with("hugepages-")) {
        return amount_of(needs.requests, key);
    }
    if (key.starts_with(of_requests)) {
        return amount_of(needs.requests, key.substr(of_requests.size()));
    }
    return key.starts_with(of_limits)
               ? std::optional(amount_of(needs.limits, key.substr(of_limits.size())))
               : std::nullopt;
}

/// What was found so far: the worst answer, and its words.
class Findings {
public:
    void say(Answer answer, const std::string& text) {
        if (answer == answer_) {
            texts_.push_back(text);
        } else if (rank(answer) > rank(answer_)) {
            answer_ = answer;
            texts_ = {text};
        }
    }

    void remark(const std::string& text) { remarks_.push_back(text); }

    Verdict sum_up(std::string measured) const {
        auto reason = first_few(texts_, "; ");
        if (!remarks_.empty()) {
            reason += (reason.empty() ? "" : "; ") + first_few(remarks_, "; ");
        }
        return {answer_, std::move(reason), std::move(measured), "what is left", {}};
    }

private:
    static int rank(Answer answer) {
        constexpr std::array from_best{
            Answer::pass, Answer::inconclusive, Answer::error, Answer::fail
        };
        return static_cast<int>(std::ranges::find(from_best, answer) - from_best.begin());
    }

    Answer answer_ = Answer::pass;
    std::vector<std::string> texts_;
    std::vector<std::string> remarks_;
};

class Judge {
public:
    Judge(const CapacityQuestion& question, const Subjects& subjects, PodNeeds needs)
        : headroom_(question.headroom),
          max_nodes_(question.max_nodes),
          subjects_(subjects),
          needs_(std::move(needs)) {}

    void judge_quotas(const std::vector<Value>& quotas) {
        for (const auto& quota : quotas) {
            if (quota.has("/spec/scopes") || quota.has("/spec/scopeSelector")) {
                found_.remark(
                    name_of(quota, Kind::resource_quota) + " has scopes and was not counted"
                );
                continue;
            }
            for (const auto& [key, hard] : quota.members("/status/hard")) {
                judge_quota(quota, std::string(key));
            }
        }
    }

    void judge_autoscalers(const std::vector<Value>& autoscalers) {
        const auto& workload = subjects_.workload;
        const auto size = workload.number("/spec/replicas", 1);
        for (const auto& autoscaler : autoscalers) {
            const auto& target = autoscaler.at("/spec/scaleTargetRef");
            if (target.at("/kind") != workload.at("/kind") ||
                target.at("/name") != workload.at("/metadata/name")) {
                continue;
            }
            const auto name = name_of(autoscaler, Kind::autoscaler);
            const auto most = autoscaler.number("/spec/maxReplicas", -1);
            if (most < 0) {
                found_.say(Answer::error, name + " says no `maxReplicas`");
                continue;
            }
            const auto head = name + " takes at most " + count_of(most, "pod");
            if (!leaves_headroom(static_cast<double>(size), static_cast<double>(most))) {
                found_.say(
                    Answer::fail,
                    head + ", the workload has " + std::to_string(size) + and_headroom()
                );
            } else {
                found_.say(Answer::pass, head);
            }
        }
    }

    void judge_nodes(const NodeRoom& nodes) {
        if (!nodes.trouble().empty()) {
            found_.say(Answer::error, nodes.trouble());
        }
        const auto fit = pods_that_fit(nodes);
        const auto more = nodes_to_come(nodes);
        auto head = "the nodes have room for " + count_of(fit, "such pod") + ", " +
                    std::to_string(nodes.suitable()) + " of " + count_of(nodes.nodes(), "node") +
                    " may take them";
        if (more > 0) {
            head += ", " + std::to_string(more) + " more can come (max_nodes)";
        }
        const bool fits = leaves_headroom(subjects_.extra_pods, static_cast<double>(fit));
        found_.say(fits ? Answer::pass : Answer::fail, head + (fits ? "" : and_headroom()));
        if (nodes.waiting() > 0) {
            found_.remark(
                count_of(nodes.waiting(), "pod") + " without a node yet, which were not counted"
            );
        }
        const auto overlooked = overlooked_in(subjects_.workload.at("/spec/template/spec"));
        if (!overlooked.empty()) {
            found_.remark("not looked at: " + join(overlooked, ", ") + " of the pods");
        }
    }

    void object_to_missing(const std::vector<Permission>& missing) {
        std::vector<std::string> here;
        std::vector<std::string> everywhere;
        for (const auto& one : missing) {
            auto& names = one.reach == Reach::everywhere ? everywhere : here;
            names.push_back(one.resource);
        }
        if (!here.empty()) {
            found_.say(
                Answer::error,
                "no permission to list " + join(here, " and ") + " in namespace " +
                    value_of(subjects_.names, "namespace") + ": a Role has to grant it"
            );
        }
        if (!everywhere.empty()) {
            found_.say(
                Answer::error,
                "no permission to list " + join(everywhere, " and ") +
                    " of the whole cluster: a ClusterRole has to grant it (kubectl create " +
                    "clusterrole deployctl-capacity --verb=list --resource=" +
                    join(everywhere, ",") + ", then a clusterrolebinding)"
            );
        }
    }

    void say(Answer answer, const std::string& text) { found_.say(answer, text); }

    Verdict verdict(const Room& room) const {
        auto verdict = found_.sum_up(count_of(subjects_.extra_pods, "more pod"));
        verdict.evidence = Value::map({
            {"extra_pods", subjects_.extra_pods},
            {"pods_that_fit", room.nodes ? Value(pods_that_fit(*room.nodes)) : Value()},
            {"nodes", room.nodes ? Value(room.nodes->nodes()) : Value()},
            {"suitable_nodes", room.nodes ? Value(room.nodes->suitable()) : Value()},
            {"nodes_to_come", room.nodes ? Value(nodes_to_come(*room.nodes)) : Value()},
        });
        return verdict;
    }

private:
    std::string and_headroom() const {
        return headroom_ > 0 ? ", and " + std::to_string(headroom_) + "% have to stay free" : "";
    }

    std::int64_t nodes_to_come(const NodeRoom& nodes) const {
        return std::max<std::int64_t>(0, max_nodes_ - nodes.suitable());
    }

    std::int64_t pods_that_fit(const NodeRoom& nodes) const {
        return nodes.pods_that_fit() + nodes_to_come(nodes) * nodes.pods_on_a_new_one();
    }

    double headroom_of(double amount) const { return amount * headroom_ / 100; }

    bool leaves_headroom(double needed, double room) const {
        return needed <= room - headroom_of(room) + rounding_of(room);
    }

    void judge_quota(const Value& quota, const std::string& key) {
        const auto each = counted(key, needs_);
        if (!each) {
            return;
        }
        const auto name = name_of(quota, Kind::resource_quota);
        const auto place = escape_pointer(key);
        const auto resource = one_line(key, 60);
        const auto hard = read_quantity(quota.at("/status/hard/" + place));
        const auto used = read_quantity(quota.at("/status/used/" + place));
        if (!hard || !used) {
            found_.say(Answer::error, name + " says no amount of " + resource);
            return;
        }
        if (*each == 0) {
            say_of_none(name, key);
            return;
        }
        const auto left = *hard - *used;
        const auto needed = *each * subjects_.extra_pods;
        const auto head = name + " leaves " + amount_text(key, std::max(left, 0.0)) + " of " +
                          amount_text(key, *hard) + " " + resource;
        if (needed > left - headroom_of(*hard) + rounding_of(*hard)) {
            found_.say(
                Answer::fail,
                head + ", the rollout needs " + amount_text(key, needed) + " at its peak" +
                    and_headroom()
            );
        } else {
            found_.say(Answer::pass, head);
        }
    }

    /// A quota on cores or memory refuses pods that say nothing of it; one on others does not.
    void say_of_none(const std::string& quota, const std::string& key) {
        if (key.ends_with("cpu") || key.ends_with("memory")) {
            found_.say(
                Answer::inconclusive,
                quota + " limits " + one_line(key, 60) +
                    ", and the pods say none: unless a LimitRange gives it to them they are "
                    "refused; write `resources` into the pod template"
            );
        }
    }

    int headroom_;  ///< percent
    int max_nodes_;
    const Subjects& subjects_;
    PodNeeds needs_;
    Findings found_;
};

bool is_missing(const std::vector<Permission>& missing, Kind kind) {
    return std::ranges::any_of(missing, [&](const Permission& one) {
        return one.resource == info(kind).plural;
    });
}

}  // namespace

std::vector<Permission> permissions_for_capacity() {
    const auto to_list = [](Kind kind, Reach reach) {
        return Permission{"list", info(kind).group, info(kind).plural, reach};
    };
    return {
        to_list(Kind::resource_quota, Reach::own_namespace),
        to_list(Kind::autoscaler, Reach::own_namespace),
        to_list(Kind::node, Reach::everywhere),
        to_list(Kind::pod, Reach::everywhere),
    };
}

Verdict judge(const CapacityQuestion& question, const Subjects& subjects, const Room& room) {
    auto needs = needs_of(subjects.workload.at("/spec/template/spec"));
    if (!needs.trouble.empty()) {
        return no_answer("not known", needs.trouble);
    }
    Judge judge(question, subjects, std::move(needs));
    if (room.quotas) {
        judge.judge_quotas(*room.quotas);
    }
    if (room.autoscalers) {
        judge.judge_autoscalers(*room.autoscalers);
    }
    if (room.nodes) {
        judge.judge_nodes(*room.nodes);
    } else if (room.missing.empty()) {
        judge.say(Answer::error, "the cluster lists more nodes or pods than anybody can count");
    }
    judge.object_to_missing(room.missing);
    return judge.verdict(room);
}

/// Page by page, so that a large cluster needs little memory; nothing where the lists do not end.
Task<std::optional<NodeRoom>> CapacityGate::look_at_nodes(Value pod_spec) {
    auto needs = needs_of(pod_spec);
    NodeRoom room(std::move(pod_spec), std::move(needs.requests));
    constexpr std::array in_order{Kind::node, Kind::pod};
    for (const auto kind : in_order) {
        ListQuery query{kind, Reach::everywhere};
        int pages = 0;
        do {
            const auto page = co_await cluster_.list(query);
            for (const auto& object : page.items) {
                kind == Kind::node ? room.add_node(object) : room.add_pod(object);
            }
            query.after = page.next;
            pages += 1;
        } while (!query.after.empty() && pages < most_pages);
        if (!query.after.empty()) {
            co_return std::nullopt;
        }
    }
    co_return room;
}

Task<Verdict> CapacityGate::sample(Subjects subjects) {
    if (!subjects.workload.is_object()) {
        co_return no_answer("not known", "nobody knows the workload");
    }
    const auto wanted = permissions_for_capacity();
    Room room;
    room.missing = co_await cluster_.missing_permissions(wanted);
    if (!is_missing(room.missing, Kind::resource_quota)) {
        room.quotas = co_await list_all(cluster_, Kind::resource_quota);
    }
    if (!is_missing(room.missing, Kind::autoscaler)) {
        room.autoscalers = co_await list_all(cluster_, Kind::autoscaler);
    }
    if (!is_missing(room.missing, Kind::node) && !is_missing(room.missing, Kind::pod)) {
        const auto& pod_spec = subjects.workload.at("/spec/template/spec");
        room.nodes = co_await look_at_nodes(pod_spec);
    }
    co_return judge(question_, subjects, room);
}

}  // namespace deployctl::gates
