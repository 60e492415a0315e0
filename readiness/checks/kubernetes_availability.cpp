// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/kubernetes_availability.hpp"

#include "readiness/checks/left_out.hpp"
#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"
#include "readiness/instances.hpp"
#include "readiness/selectors.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>

namespace deployctl::readiness {

namespace {

using documents::Node;

constexpr std::string_view budget_kind = "PodDisruptionBudget";

std::optional<Answer> has_a_second(const Subject& workload, const Facts& facts) {
    const auto instances = instances_of(workload, facts);
    if (!instances) {
        return std::nullopt;
    }
    auto answer = instances->count >= 2
                      ? holds(instances->words)
                      : fails_at(*instances->where, instances->words, "2 or more");
    answer.confidence = instances->confidence;
    return answer;
}

/// Of a pod whose workload has several instances; nothing of others.
const Subject* workload_of_many(const Subject& pod, const Facts& facts) {
    const auto* const workload = pod.nearest("workload");
    const auto instances = instances_of(*workload, facts);
    return instances && instances->count >= 2 ? workload : nullptr;
}

std::optional<Answer> has_budget(const Subject& pod, const Facts& facts) {
    const auto* const workload = workload_of_many(pod, facts);
    if (workload == nullptr) {
        return std::nullopt;
    }
    if (!facts.related(pod, relation::budgets).empty()) {
        return holds();
    }
    if (auto unknown = ask_left_out(budget_kind, pod, facts)) {
        return unknown;
    }
    return fails_at(*workload->node, "no PodDisruptionBudget selects its pods", "one that does");
}

std::optional<Answer> has_one_budget(const Subject& pod, const Facts& facts) {
    const auto budgets = facts.related(pod, relation::budgets);
    if (budgets.size() >= 2) {
        return fails(
            budgets[0]->name + " and " + budgets[1]->name + " both select it: it cannot be evicted",
            "one budget"
        );
    }
    if (auto unknown = ask_left_out(budget_kind, pod, facts)) {
        return unknown;
    }
    return budgets.empty() ? std::optional<Answer>() : holds();
}

std::optional<Answer> budget_selects(const Subject& budget, const Facts& facts) {
    if (!facts.related(budget, relation::pods).empty()) {
        return holds();
    }
    if (auto unknown = ask_left_out(budget_kind, budget, facts)) {
        return unknown;
    }
    const auto& selector = budget.node->at("spec/selector");
    return fails_at(selector, "no pod of its namespace has these labels", "one");
}

/// How many pods it selects, where that is known of all of them.
std::optional<double> selected_by(const Subject& budget, const Facts& facts) {
    double sum = 0;
    for (const auto* pod : facts.related(budget, relation::pods)) {
        const auto instances = instances_of(*pod->nearest("workload"), facts);
        if (!instances) {
            return std::nullopt;
        }
        sum += instances->count;
    }
    return sum > 0 ? std::optional(sum) : std::nullopt;
}

/// A drain waits for ever where no pod may go.
std::optional<Answer> budget_lets_go(const Subject& budget, const Facts& facts) {
    const auto& least = budget.node->at("spec/minAvailable");
    const auto& most = budget.node->at("spec/maxUnavailable");
    if (most.exists()) {
        const auto may_go = part_of(most, 100);
        return may_go && *may_go <= 0
                   ? fails_at(most, "maxUnavailable: " + std::string(most.text), "1 or more")
                   : holds();
    }
    if (auto unknown = ask_left_out(budget_kind, budget, facts)) {
        return unknown;
    }
    const auto whole = selected_by(budget, facts);
    if (!least.exists() || (!whole && !least.text.ends_with('%'))) {
        return std::nullopt;
    }
    const auto stays = part_of(least, whole.value_or(100));
    return stays && *stays >= whole.value_or(100)
               ? fails_at(
                     least,
                     "minAvailable: " + std::string(least.text) + " of so many pods",
                     "fewer than there are"
                 )
               : holds();
}

std::optional<Answer> budget_keeps_any(const Subject& budget, const Facts& /*facts*/) {
    const auto& least = budget.node->at("spec/minAvailable");
    const auto& most = budget.node->at("spec/maxUnavailable");
    if (!least.exists() && !most.exists()) {
        return fails_at(budget.node->at("spec"), "neither minAvailable nor maxUnavailable", "one");
    }
    const bool keeps_none = (least.exists() && part_of(least, 100) == 0.0) || most.text == "100%";
    return keeps_none ? fails_at(least.exists() ? least : most, "it keeps no pod", "some")
                      : holds();
}

/// At the least that the autoscaler leaves, one has to be free to go.
std::optional<Answer> budget_is_below_autoscaler(const Subject& budget, const Facts& facts) {
    const auto& least = budget.node->at("spec/minAvailable");
    auto answer = ask_left_out(budget_kind, budget, facts);
    for (const auto* pod : facts.related(budget, relation::pods)) {
        const auto* const workload = pod->nearest("workload");
        const auto instances = instances_of(*workload, facts);
        if (facts.related(*workload, relation::autoscalers).empty() || !instances ||
            !least.exists()) {
            continue;
        }
        if (!answer) {
            answer = holds();
        }
        const auto stays = part_of(least, instances->count);
        if (stays && *stays >= instances->count) {
            return fails_at(
                least,
                "minAvailable: " + std::string(least.text) + ", " + instances->words,
                "fewer than minReplicas"
            );
        }
    }
    return answer;
}

struct Spread {
    std::string_view key;
    std::string_view older;
};

bool is_key(const Node& term, const Spread& spread) {
    const auto key = term.text_at("topologyKey");
    return key == spread.key || key == spread.older;
}

/// Anti-affinity, wanted or required, or a constraint, that counts the pod's own kind.
bool is_spread(const Subject& pod, const Spread& over) {
    const auto& labels = pod_metadata(pod).at("labels");
    const auto& away = pod.node->at("affinity/podAntiAffinity");
    const auto fits = [&](const Node& term) {
        const auto& selector = term.at("labelSelector");
        return is_key(term, over) && selector.exists() && selects(selector, labels);
    };
    const auto& required = away.at("requiredDuringSchedulingIgnoredDuringExecution").items;
    const auto& preferred = away.at("preferredDuringSchedulingIgnoredDuringExecution").items;
    const auto& constraints = pod.node->at("topologySpreadConstraints").items;
    return std::any_of(required.begin(), required.end(), fits) ||
           std::any_of(constraints.begin(), constraints.end(), fits) ||
           std::any_of(preferred.begin(), preferred.end(), [&](const Node& term) {
               return fits(term.at("podAffinityTerm"));
           });
}

std::optional<Answer> ask_spread(const Subject& pod, const Facts& facts, const Spread& over) {
    if (workload_of_many(pod, facts) == nullptr) {
        return std::nullopt;
    }
    return is_spread(pod, over) ? holds()
                                : fails(
                                      "nothing keeps its pods apart by " + std::string(over.key),
                                      "anti-affinity or a spread constraint that selects them"
                                  );
}

std::optional<Answer> is_spread_over_nodes(const Subject& pod, const Facts& facts) {
    return ask_spread(pod, facts, {"kubernetes.io/hostname", "kubernetes.io/hostname"});
}

std::optional<Answer> is_spread_over_zones(const Subject& pod, const Facts& facts) {
    return ask_spread(
        pod, facts, {"topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"}
    );
}

std::optional<Answer> headless_service_exists(const Subject& set, const Facts& facts) {
    const auto& name = set.node->at("spec/serviceName");
    if (!name.exists() || name.text.empty()) {
        return fails_at(set.node->at("spec"), "there is no serviceName", "a headless Service");
    }
    const ObjectName wanted{namespace_of(*set.node), name.text};
    const auto* const service = named("Service", wanted, *set.scope, facts);
    if (service == nullptr) {
        return fails_at(name, "Service " + std::string(name.text) + " is not here", "one");
    }
    const bool is_headless = service->node->text_at("spec/clusterIP") == "None";
    const bool is_its = selects_by_labels(
        service->node->at("spec/selector"), pod_template(*set.node).at("metadata/labels")
    );
    return is_headless && is_its
               ? holds()
               : fails_at(
                     name,
                     "Service " + service->name +
                         (is_its ? " is not headless" : " does not select its pods"),
                     "clusterIP: None, and its labels"
                 );
}

double seconds_in(std::string_view unit) {
    constexpr double minute = 60;
    constexpr double hour = 60 * minute;
    constexpr double day = 24 * hour;
    return unit.empty() || unit == "s" ? 1 : unit == "m" ? minute : unit == "h" ? hour : day;
}

/// Of "1m 30s", whose parts are slept one after the other.
double sum_of(re2::StringPiece times) {
    static const RE2 one("([0-9]*\\.?[0-9]+)([smhd]?)");
    double sum = 0;
    double number = 0;
    std::string unit;
    while (RE2::FindAndConsume(&times, one, &number, &unit)) {
        sum += number * seconds_in(unit);
    }
    return sum;
}

/// The longest of a command's sleeps: several of them may be branches.
std::optional<double> longest_sleep(const std::string& words) {
    static const RE2 sleep("\\bsleep[ \\t]+(?:((?:[0-9]*\\.?[0-9]+[smhd]?\\b[ \\t]*)+)|(infinity))"
    );
    constexpr double without_end = 1e9;
    re2::StringPiece left(words);
    re2::StringPiece times;
    re2::StringPiece endless;
    std::optional<double> longest;
    while (RE2::FindAndConsume(&left, sleep, &times, &endless)) {
        longest = std::max(longest.value_or(0), endless.empty() ? sum_of(times) : without_end);
    }
    return longest;
}

/// Seconds that a preStop hook sleeps, as far as it says so in plain words.
std::optional<double> sleeps_for(const Node& container) {
    const auto& hook = container.at("lifecycle/preStop");
    if (const auto given = number_at(hook, "sleep/seconds")) {
        return given;
    }
    std::string words;
    for (const auto& word : hook.at("exec/command").items) {
        words += std::string(word.text) + " ";
    }
    return longest_sleep(words);
}

std::optional<Answer> grace_outlasts_hooks(const Subject& pod, const Facts& /*facts*/) {
    constexpr double usual = 30;
    const auto grace = number_at(*pod.node, "terminationGracePeriodSeconds");
    bool any = false;
    for (const auto& container : pod.node->at("containers").items) {
        const auto sleep = sleeps_for(container);
        any = any || sleep.has_value();
        if (sleep && *sleep >= grace.value_or(usual)) {
            auto answer = fails_at(
                container.at("lifecycle/preStop"),
                "it sleeps for as long as the pod has to end",
                "less than terminationGracePeriodSeconds"
            );
            answer.confidence = grace ? Confidence::certain : Confidence::derived;
            return answer;
        }
    }
    return any ? holds() : std::optional<Answer>();
}

/// Its new pod waits for a volume that the old one keeps on its node.
std::optional<Answer> claims_fit_rollout(const Subject& workload, const Facts& facts) {
    const auto claims = claims_of_one_node(workload, facts);
    const auto instances = instances_of(workload, facts);
    if (claims.empty() || !instances || workload.node->text_at("kind") == "StatefulSet") {
        return std::nullopt;
    }
    const auto& spec = workload.node->at("spec");
    const bool one_by_one = spec.text_at("strategy/type") == "Recreate" ||
                            spec.text_at("strategy/rollingUpdate/maxSurge") == "0";
    if (instances->count >= 2) {
        return fails_at(
            *instances->where,
            instances->words + ", on claim " + claims.front()->name + " of one node",
            "a claim each, or one of many nodes"
        );
    }
    return one_by_one ? holds()
                      : fails_at(
                            spec,
                            "claim " + claims.front()->name +
                                " is of one node, and a rollout wants it twice",
                            "strategy Recreate, or a StatefulSet"
                        );
}

/// A rollout that may take all of them down is an outage.
std::optional<Answer> rollout_keeps_some(const Subject& workload, const Facts& facts) {
    const auto& most = workload.node->at("spec/strategy/rollingUpdate/maxUnavailable");
    const auto instances = instances_of(workload, facts);
    if (!instances || instances->count < 2 || !most.exists()) {
        return std::nullopt;
    }
    const bool all = most.text.ends_with('%') ? most.text == "100%"
                                              : number_at(most, {}).value_or(0) >= instances->count;
    return all ? fails_at(most, "maxUnavailable: " + std::string(most.text), "fewer than there are")
               : holds();
}

constexpr std::array<NamedCheck, 13> checks = {{
    {"workload-has-a-second", has_a_second},
    {"pod-has-budget", has_budget},
    {"pod-has-one-budget", has_one_budget},
    {"budget-selects-pods", budget_selects},
    {"budget-lets-go", budget_lets_go},
    {"budget-keeps-any", budget_keeps_any},
    {"budget-is-below-autoscaler", budget_is_below_autoscaler},
    {"pods-are-spread-over-nodes", is_spread_over_nodes},
    {"pods-are-spread-over-zones", is_spread_over_zones},
    {"headless-service-exists", headless_service_exists},
    {"grace-outlasts-hooks", grace_outlasts_hooks},
    {"claims-fit-rollout", claims_fit_rollout},
    {"rollout-keeps-some", rollout_keeps_some},
}};

}  // namespace

std::span<const NamedCheck> kubernetes_availability_checks() {
    return checks;
}

}  // namespace deployctl::readiness
