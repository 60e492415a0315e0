// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/kubernetes_relations.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/selectors.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using Pods = std::vector<const Subject*>;
using Label = std::tuple<std::string_view, std::string_view, std::string_view>;

/// The pods of a scope by namespace, and by each of their labels.
class PodIndex {
public:
    explicit PodIndex(std::span<const Subject* const> pods) {
        for (const auto* pod : pods) {
            const auto where = namespace_of(object_of(*pod));
            by_namespace_[where].push_back(pod);
            for (const auto& label : pod_metadata(*pod).at("labels").entries) {
                by_label_[{where, label.key, label.value.text}].push_back(pod);
            }
        }
    }

    /// All that could have these labels: those with the rarest of them.
    const Pods& candidates(std::string_view where, const Node& labels) const {
        static const Pods none;
        const auto all = by_namespace_.find(where);
        const auto* best = all == by_namespace_.end() ? &none : &all->second;
        for (const auto& label : labels.entries) {
            const auto found = by_label_.find({where, label.key, label.value.text});
            const auto& having = found == by_label_.end() ? none : found->second;
            best = having.size() < best->size() ? &having : best;
        }
        return *best;
    }

private:
    std::map<std::string_view, Pods> by_namespace_;
    std::map<Label, Pods> by_label_;
};

void relate_pod(const Subject& pod, std::string_view as, const Subject& chooser, Facts& facts) {
    facts.relate(pod, as, chooser);
    facts.relate(chooser, relation::pods, pod);
}

/// One without a selector has its endpoints from somebody else.
void relate_services(const Scope& scope, const PodIndex& pods, Facts& facts) {
    for (const auto* service : facts.of("Service", scope)) {
        const auto& labels = service->node->at("spec/selector");
        if (labels.entries.empty()) {
            continue;
        }
        for (const auto* pod : pods.candidates(namespace_of(*service->node), labels)) {
            if (selects_by_labels(labels, pod_metadata(*pod).at("labels"))) {
                relate_pod(*pod, relation::services, *service, facts);
            }
        }
    }
}

/// `selector` is the chooser's own LabelSelector.
void relate_selected(
    const Subject& chooser,
    const Node& selector,
    std::string_view as,
    const PodIndex& pods,
    Facts& facts
) {
    const auto where = namespace_of(*chooser.node);
    for (const auto* pod : pods.candidates(where, selector.at("matchLabels"))) {
        if (selects(selector, pod_metadata(*pod).at("labels"))) {
            relate_pod(*pod, as, chooser, facts);
        }
    }
}

/// One pod for each peer of the policy's own namespace that has any.
void relate_peer(const Subject& policy, const Node& selector, const PodIndex& pods, Facts& facts) {
    const auto where = namespace_of(*policy.node);
    const auto& known = pods.candidates(where, selector.at("matchLabels"));
    const auto found = std::find_if(known.begin(), known.end(), [&](const Subject* pod) {
        return selects(selector, pod_metadata(*pod).at("labels"));
    });
    if (selector.exists() && found != known.end()) {
        facts.relate(policy, relation::peers, **found);
    }
}

void relate_peers(const Subject& policy, const PodIndex& pods, Facts& facts) {
    for (const auto& [rules, peers] : {std::pair("spec/ingress", "from"), {"spec/egress", "to"}}) {
        for (const auto& rule : policy.node->at(rules).items) {
            for (const auto& peer : rule.at(peers).items) {
                relate_peer(policy, peer.at("podSelector"), pods, facts);
            }
        }
    }
}

void relate_policies(const Scope& scope, const PodIndex& pods, Facts& facts) {
    for (const auto* policy : facts.of("NetworkPolicy", scope)) {
        relate_selected(
            *policy, policy->node->at("spec/podSelector"), relation::policies, pods, facts
        );
        relate_peers(*policy, pods, facts);
    }
}

void relate_autoscalers(const Scope& scope, Facts& facts) {
    std::map<Label, const Subject*> workloads;
    for (const auto* workload : facts.of("workload", scope)) {
        const auto& object = *workload->node;
        workloads[{namespace_of(object), object.text_at("kind"), name_of(object)}] = workload;
    }
    for (const std::string_view kind : {"HorizontalPodAutoscaler", "ScaledObject"}) {
        for (const auto* scaler : facts.of(kind, scope)) {
            const auto& target = scaler->node->at("spec/scaleTargetRef");
            const auto found = workloads.find(
                {namespace_of(*scaler->node),
                 target.text_at("kind", "Deployment"),
                 target.text_at("name")}
            );
            if (found != workloads.end()) {
                facts.relate(*found->second, relation::autoscalers, *scaler);
                facts.relate(*scaler, relation::target, *found->second);
            }
        }
    }
}

void relate_pods(const Scope& scope, Facts& facts) {
    std::map<std::pair<std::string_view, std::string_view>, const Subject*> accounts;
    for (const auto* account : facts.of("ServiceAccount", scope)) {
        accounts.try_emplace({namespace_of(*account->node), account->name}, account);
    }
    for (const auto* pod : facts.of("pod", scope)) {
        const auto found =
            accounts.find({namespace_of(object_of(*pod)), pod->node->text_at("serviceAccountName")}
            );
        if (found != accounts.end()) {
            facts.relate(*pod, relation::account, *found->second);
        }
        if (pod->parent != nullptr) {
            facts.relate(*pod->parent, relation::own_pod, *pod);
        }
    }
}

/// A budget of the old version with an empty selector selects nothing, and none at all never does.
bool may_select(const Subject& budget) {
    const auto& selector = budget.node->at("spec/selector");
    return selector.exists() &&
           !(is_empty_selector(selector) && budget.node->text_at("apiVersion") == "policy/v1beta1");
}

void relate_budgets(const Scope& scope, const PodIndex& pods, Facts& facts) {
    for (const auto* budget : facts.of("PodDisruptionBudget", scope)) {
        if (may_select(*budget)) {
            relate_selected(
                *budget, budget->node->at("spec/selector"), relation::budgets, pods, facts
            );
        }
    }
}

}  // namespace

void relate_objects(const Scope& scope, Facts& facts) {
    const PodIndex pods(facts.of("pod", scope));
    relate_pods(scope, facts);
    relate_services(scope, pods, facts);
    relate_policies(scope, pods, facts);
    relate_budgets(scope, pods, facts);
    relate_autoscalers(scope, facts);
}

}  // namespace deployctl::readiness
