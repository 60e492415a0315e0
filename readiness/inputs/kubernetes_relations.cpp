// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/kubernetes_relations.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/selectors.hpp"

#include <algorithm>
#include <set>
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

/// The object that a claim is, or that makes it.
const Node& claim_object(const Subject& claim) {
    return claim.parent == nullptr ? *claim.node : *claim.parent->node;
}

/// What one kind of choosers may cost in a scope, in comparisons of labels: so much for each object
/// that the whole stays in proportion to what is there, whoever wrote it.
class Allowance {
public:
    explicit Allowance(std::size_t objects) : left_(least + each * objects) {}

    /// False where it is used up, from then on.
    bool pay(std::size_t cost) {
        left_ -= std::min(left_, cost);
        return left_ > 0;
    }

private:
    static constexpr std::size_t least = 10'000'000;
    static constexpr std::size_t each = 1'000;
    std::size_t left_;
};

/// What a chooser asks of labels: those of a Service are a plain map, all others have a selector.
struct Choice {
    const Node& labels;
    const Node* selector = nullptr;

    bool fits(const Node& of) const {
        return selector == nullptr ? selects_by_labels(labels, of) : selects(*selector, of);
    }

    std::size_t terms() const {
        std::size_t count = labels.entries.size();
        if (selector != nullptr) {
            for (const auto& one : selector->at("matchExpressions").items) {
                count += 1 + one.at("values").items.size();
            }
        }
        return count;
    }
};

Choice choice_of(const Node& selector) {
    return {selector.at("matchLabels"), &selector};
}

/// One kind of objects that choose pods.
class Choosers {
public:
    Choosers(std::string_view kind, const Scope& scope, const PodIndex& pods, Facts& facts)
        : all_(facts.of(kind, scope)),
          pods_(pods),
          facts_(facts),
          allowance_(all_.size() + facts.of("pod", scope).size()) {}

    std::span<const Subject* const> all() const { return all_; }

    /// Each pod with the chooser, and the chooser with it.
    void choose(const Subject& chooser, const Choice& choice, std::string_view as) {
        visit(chooser, choice, [&](const Subject& pod) {
            facts_.relate(pod, as, chooser);
            facts_.relate(chooser, relation::pods, pod);
            return allowance_.pay(pair) ? Next::go_on : Next::give_up;
        });
    }

    /// The first pod alone, if there is any.
    void choose_first(const Subject& chooser, const Choice& choice, std::string_view as) {
        visit(chooser, choice, [&](const Subject& pod) {
            facts_.relate(chooser, as, pod);
            return Next::enough;
        });
    }

private:
    enum class Next { go_on, enough, give_up };

    /// It takes memory as well, and rules ask of it.
    static constexpr std::size_t pair = 200;

    template <class Take>
    void visit(const Subject& chooser, const Choice& choice, Take take) {
        const auto terms = choice.terms();
        for (const auto* pod : pods_.candidates(namespace_of(*chooser.node), choice.labels)) {
            const auto& labels = pod_metadata(*pod).at("labels");
            auto next = Next::give_up;
            if (allowance_.pay((terms + 1) * (labels.entries.size() + 1))) {
                next = choice.fits(labels) ? take(*pod) : Next::go_on;
            }
            if (next == Next::give_up) {
                leave_out(chooser);
            }
            if (next != Next::go_on) {
                return;
            }
        }
    }

    /// What was not looked at may select any pod of its namespace.
    void leave_out(const Subject& chooser) {
        static const Node anything;
        const auto where = namespace_of(*chooser.node);
        facts_.relate(chooser, relation::left_out, chooser);
        if (left_out_.insert(where).second) {
            for (const auto* pod : pods_.candidates(where, anything)) {
                facts_.relate(*pod, relation::left_out, chooser);
            }
        }
    }

    std::span<const Subject* const> all_;
    const PodIndex& pods_;
    Facts& facts_;
    Allowance allowance_;
    std::set<std::string_view> left_out_;  ///< namespaces
};

/// One without a selector has its endpoints from somebody else.
void relate_services(const Scope& scope, const PodIndex& pods, Facts& facts) {
    Choosers services("Service", scope, pods, facts);
    for (const auto* service : services.all()) {
        const auto& labels = service->node->at("spec/selector");
        if (!labels.entries.empty()) {
            services.choose(*service, {labels}, relation::services);
        }
    }
}

/// One pod for each peer of the policy's own namespace that has any, in their order.
void relate_peers(const Subject& policy, Choosers& policies) {
    for (const auto& [rules, peers] : {std::pair("spec/ingress", "from"), {"spec/egress", "to"}}) {
        for (const auto& rule : policy.node->at(rules).items) {
            for (const auto& peer : rule.at(peers).items) {
                if (is_peer_of_own_namespace(peer)) {
                    const auto& selector = peer.at("podSelector");
                    policies.choose_first(policy, choice_of(selector), relation::peers);
                }
            }
        }
    }
}

void relate_policies(const Scope& scope, const PodIndex& pods, Facts& facts) {
    Choosers policies("NetworkPolicy", scope, pods, facts);
    for (const auto* policy : policies.all()) {
        const auto& selector = policy->node->at("spec/podSelector");
        policies.choose(*policy, choice_of(selector), relation::policies);
        relate_peers(*policy, policies);
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
            accounts.find({namespace_of(object_of(*pod)), account_of(*pod->node).text});
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
    Choosers budgets("PodDisruptionBudget", scope, pods, facts);
    for (const auto* budget : budgets.all()) {
        if (may_select(*budget)) {
            const auto& selector = budget->node->at("spec/selector");
            budgets.choose(*budget, choice_of(selector), relation::budgets);
        }
    }
}

/// One snapshot, or what works like it, for each claim that any names.
void relate_copies(const Scope& scope, Facts& facts) {
    std::map<std::pair<std::string_view, std::string_view>, const Subject*> copies;
    for (const std::string_view kind : {"VolumeSnapshot", "ReplicationSource"}) {
        for (const auto* copy : facts.of(kind, scope)) {
            const auto& spec = copy->node->at("spec");
            const auto name =
                spec.text_at("source/persistentVolumeClaimName", spec.text_at("sourcePVC"));
            copies.try_emplace({namespace_of(*copy->node), name}, copy);
        }
    }
    for (const auto* claim : facts.of("claim", scope)) {
        const auto found = copies.find({namespace_of(claim_object(*claim)), claim->name});
        if (found != copies.end()) {
            facts.relate(*claim, relation::backups, *found->second);
        }
    }
}

/// A schedule of Velero for all namespaces, or this one.
bool covers(const Node& schedule, std::string_view where) {
    const auto& among = schedule.at("spec/template/includedNamespaces");
    const auto& without = schedule.at("spec/template/excludedNamespaces").items;
    const auto is_it = [&](const Node& one) { return one.text == where || one.text == "*"; };
    return (among.items.empty() || std::any_of(among.items.begin(), among.items.end(), is_it)) &&
           std::none_of(without.begin(), without.end(), is_it);
}

/// One schedule for each claim that has any, asked once for each namespace.
void relate_schedules(const Scope& scope, Facts& facts) {
    const auto schedules = facts.of("Schedule", scope);
    Allowance allowance(schedules.size() + facts.of("claim", scope).size());
    std::map<std::string_view, std::pair<std::string_view, const Subject*>> known;
    for (const auto* claim : facts.of("claim", scope)) {
        const auto where = namespace_of(claim_object(*claim));
        const auto [found, is_new] = known.try_emplace(where, relation::backups, nullptr);
        auto& [as, schedule] = found->second;
        for (std::size_t at = 0; is_new && schedule == nullptr && at < schedules.size(); ++at) {
            const auto& lists = schedules[at]->node->at("spec/template");
            const bool is_paid = allowance.pay(
                1 + lists.at("includedNamespaces").items.size() +
                lists.at("excludedNamespaces").items.size()
            );
            if (!is_paid || covers(*schedules[at]->node, where)) {
                as = is_paid ? relation::backups : relation::left_out;
                schedule = schedules[at];
            }
        }
        if (schedule != nullptr) {
            facts.relate(*claim, as, *schedule);
        }
    }
}

}  // namespace

bool is_peer_of_own_namespace(const Node& peer) {
    const auto& selector = peer.at("podSelector");
    return selector.exists() && !peer.at("namespaceSelector").exists() &&
           !is_empty_selector(selector);
}

void relate_objects(const Scope& scope, Facts& facts) {
    const PodIndex pods(facts.of("pod", scope));
    relate_pods(scope, facts);
    relate_services(scope, pods, facts);
    relate_policies(scope, pods, facts);
    relate_budgets(scope, pods, facts);
    relate_autoscalers(scope, facts);
    relate_copies(scope, facts);
    relate_schedules(scope, facts);
}

}  // namespace deployctl::readiness
