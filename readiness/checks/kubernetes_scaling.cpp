// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/kubernetes_scaling.hpp"

#include "readiness/checks/left_out.hpp"
#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"
#include "readiness/instances.hpp"
#include "readiness/scalar.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// What share of its request a resource is to be used to.
struct Aim {
    std::string_view resource;
    std::string_view container;  ///< empty: all of the pod
    const Node* where = nullptr;
    std::optional<double> share;  ///< of a hundred; nothing: it aims at an amount
};

const Node& first_of(const Node& one, const Node& other) {
    return one.exists() ? one : other;
}

/// Of any version of the API; the first one scales by cpu to 80 % where it says nothing.
std::vector<Aim> aims_of(const Node& scaler) {
    std::vector<Aim> aims;
    const auto& spec = scaler.at("spec");
    for (const auto& metric : spec.at("metrics").items) {
        const bool of_one = metric.text_at("type") == "ContainerResource";
        const auto& asked = metric.at(of_one ? "containerResource" : "resource");
        if (!asked.exists()) {
            continue;
        }
        const auto& aim =
            first_of(asked.at("target/averageUtilization"), asked.at("targetAverageUtilization"));
        aims.push_back({asked.text_at("name"), asked.text_at("container"), &asked, {}});
        aims.back().where = aim.exists() ? &aim : &asked;
        aims.back().share = number_at(aim, {});
    }
    const auto& oldest = spec.at("targetCPUUtilizationPercentage");
    if (oldest.exists() || !spec.at("metrics").exists()) {
        aims.push_back({"cpu", {}, oldest.exists() ? &oldest : &spec, number_at(oldest, {})});
        aims.back().share = aims.back().share.value_or(80);
    }
    return aims;
}

const Subject* target_of(const Subject& scaler, const Facts& facts) {
    const auto found = facts.related(scaler, relation::target);
    return found.empty() ? nullptr : found.front();
}

std::optional<Answer> target_exists(const Subject& scaler, const Facts& facts) {
    const auto& target = scaler.node->at("spec/scaleTargetRef");
    return target_of(scaler, facts) != nullptr
               ? holds()
               : fails_at(
                     target,
                     std::string(target.text_at("kind", "Deployment")) + " " +
                         std::string(target.text_at("name")) + " is not here",
                     "what it scales"
                 );
}

std::optional<Answer> is_alone(const Subject& scaler, const Facts& facts) {
    const auto* const target = target_of(scaler, facts);
    if (target == nullptr) {
        return std::nullopt;
    }
    const auto all = facts.related(*target, relation::autoscalers);
    return all.size() == 1 ? holds()
                           : fails_at(
                                 scaler.node->at("spec/scaleTargetRef"),
                                 std::to_string(all.size()) + " autoscalers scale it",
                                 "one"
                             );
}

std::optional<Answer> can_grow(const Subject& scaler, const Facts& /*facts*/) {
    const auto& most = scaler.node->at("spec/maxReplicas");
    const auto least = number_at(*scaler.node, "spec/minReplicas").value_or(1);
    const auto number = number_at(most, {});
    if (!number) {
        return most.exists() ? not_known("maxReplicas is no number") : fails("no maxReplicas", "");
    }
    return *number > least
               ? holds()
               : fails_at(most, "maxReplicas: " + std::string(most.text), "more than minReplicas");
}

std::optional<Answer> replicas_are_left(const Subject& workload, const Facts& facts) {
    if (facts.related(workload, relation::autoscalers).empty()) {
        return std::nullopt;
    }
    const auto& given = workload.node->at("spec/replicas");
    return given.exists()
               ? fails_at(
                     given,
                     "replicas: " + std::string(given.text) + ", which each apply sets back",
                     "left to its autoscaler"
                 )
               : holds();
}

/// The container that has neither a request nor a limit, which would be taken for one.
const Node* without_request(const Node& pods, const Aim& aim) {
    for (const auto& container : pods.at("spec/containers").items) {
        const auto& resources = container.at("resources");
        const bool is_asked = aim.container.empty() || container.text_at("name") == aim.container;
        if (is_asked && !resources.at("requests").at(aim.resource).exists() &&
            !resources.at("limits").at(aim.resource).exists()) {
            return &container;
        }
    }
    return nullptr;
}

std::optional<Answer> requests_are_there(const Subject& scaler, const Facts& facts) {
    const auto* const target = target_of(scaler, facts);
    bool any = false;
    for (const auto& aim : aims_of(*scaler.node)) {
        if (target == nullptr || !aim.share) {
            continue;
        }
        any = true;
        const auto* const poor = without_request(pod_template(*target->node), aim);
        if (poor != nullptr) {
            return fails_at(
                *aim.where,
                "container " + std::string(poor->text_at("name")) + " has no request of " +
                    std::string(aim.resource),
                "a request, of which it is a share"
            );
        }
    }
    return any ? holds() : std::optional<Answer>();
}

std::optional<Answer> aims_are_sane(const Subject& scaler, const Facts& /*facts*/) {
    constexpr double least = 40;
    constexpr double most = 90;
    bool any = false;
    for (const auto& aim : aims_of(*scaler.node)) {
        if (!aim.share) {
            continue;
        }
        any = true;
        if (*aim.share < least || *aim.share > most) {
            return fails_at(
                *aim.where,
                std::string(aim.resource) + " at " + std::string(aim.where->text) + " %",
                "40 to 90"
            );
        }
    }
    return any ? holds() : std::optional<Answer>();
}

std::optional<Answer> scales_by_both(const Subject& scaler, const Facts& /*facts*/) {
    const auto aims = aims_of(*scaler.node);
    const auto has = [&](std::string_view resource) {
        return std::any_of(aims.begin(), aims.end(), [&](const Aim& aim) {
            return aim.resource == resource;
        });
    };
    if (aims.empty()) {
        return std::nullopt;  // by metrics of its own
    }
    return has("cpu") && has("memory")
               ? holds()
               : fails_at(
                     first_of(scaler.node->at("spec/metrics"), *scaler.node),
                     has("cpu") ? "by cpu alone" : "by memory alone",
                     "by cpu and memory"
                 );
}

/// What all pods at the most ask for, of "requests.cpu", "limits.memory" or "pods".
std::optional<double> most_asked(const Node& pods, std::string_view hard) {
    const auto dot = hard.find('.');
    if (hard == "pods") {
        return 1;
    }
    const bool has_group = dot != hard.npos;
    const auto group = has_group ? hard.substr(0, dot) : std::string_view("requests");
    const auto resource = has_group ? hard.substr(dot + 1) : hard;
    const bool is_known =
        (group == "requests" || group == "limits") && (resource == "cpu" || resource == "memory");
    if (!is_known) {
        return std::nullopt;
    }
    double sum = 0;
    for (const auto& container : pods.at("spec/containers").items) {
        const auto& resources = container.at("resources");
        const auto& own = resources.at(group).at(resource);
        const auto& given =
            own.exists() || group == "limits" ? own : resources.at("limits").at(resource);
        const auto amount = read_amount(given);
        if (!amount) {
            return std::nullopt;
        }
        sum += *amount;
    }
    return sum;
}

/// Of one namespace; nobody has as many.
constexpr std::size_t most_quotas = 100;

std::optional<Answer> most_fits_quota(const Subject& scaler, const Facts& facts) {
    const auto* const target = target_of(scaler, facts);
    const auto most = number_at(*scaler.node, "spec/maxReplicas");
    if (target == nullptr || !most) {
        return std::nullopt;
    }
    std::optional<Answer> answer;
    const auto where = namespace_of(*scaler.node);
    const auto quotas = all_in("ResourceQuota", where, *scaler.scope, facts);
    if (quotas.size() > most_quotas) {
        return not_known("too many quotas are in its namespace");
    }
    for (const auto* quota : quotas) {
        for (const auto& hard : quota->node->at("spec/hard").entries) {
            const auto each = most_asked(pod_template(*target->node), hard.key);
            const auto limit = read_amount(hard.value);
            if (!each || !limit) {
                continue;
            }
            answer = holds();
            if (*each * *most > *limit) {
                return fails_at(
                    scaler.node->at("spec/maxReplicas"),
                    std::string(hard.key) + " of ResourceQuota " + quota->name + " is " +
                        std::string(hard.value.text) + ", fewer than its pods need",
                    "room for all"
                );
            }
        }
    }
    return answer;
}

std::optional<Answer> claims_can_spread(const Subject& scaler, const Facts& facts) {
    const auto* const target = target_of(scaler, facts);
    if (target == nullptr) {
        return std::nullopt;
    }
    const auto claims = claims_of_one_node(*target, facts);
    return claims.empty() ? holds()
                          : fails_at(
                                scaler.node->at("spec/scaleTargetRef"),
                                "its pods share claim " + claims.front()->name + " of one node",
                                "a claim each, or one of many nodes"
                            );
}

std::optional<Answer> request_is_within_limit(const Subject& container, const Facts& /*facts*/) {
    const auto& resources = container.node->at("resources");
    bool any = false;
    for (const auto& request : resources.at("requests").entries) {
        const auto asked = read_amount(request.value);
        const auto limit = read_amount(resources.at("limits").at(request.key));
        if (!asked || !limit) {
            continue;
        }
        any = true;
        if (*asked > *limit) {
            return fails_at(
                request.value, "more " + std::string(request.key) + " than its limit", ""
            );
        }
    }
    return any ? holds() : std::optional<Answer>();
}

/// A node that is full of promises kills whoever takes what it was promised.
std::optional<Answer> memory_is_near(const Subject& container, const Facts& /*facts*/) {
    constexpr double most = 2;
    const auto& resources = container.node->at("resources");
    const auto& limit = resources.at("limits/memory");
    const auto asked = read_amount(resources.at("requests/memory"));
    const auto given = read_amount(limit);
    if (!asked || !given || *asked <= 0) {
        return std::nullopt;
    }
    return *given <= most * *asked
               ? holds()
               : fails_at(limit, "memory: " + std::string(limit.text), "at most twice its request");
}

/// A request that is not given is taken from the limit.
std::optional<Answer> memory_is_guaranteed(const Subject& container, const Facts& /*facts*/) {
    const auto& resources = container.node->at("resources");
    const auto limit = read_amount(resources.at("limits/memory"));
    const auto& request = resources.at("requests/memory");
    const auto asked = request.exists() ? read_amount(request) : limit;
    if (!limit || !asked) {
        return not_known("its memory is no quantity");
    }
    return *asked == *limit
               ? holds()
               : fails_at(request, "memory: " + std::string(request.text), "as much as its limit");
}

std::optional<Answer> served_has_autoscaler(const Subject& workload, const Facts& facts) {
    const auto own = facts.related(workload, relation::own_pod);
    if (own.empty() || facts.related(*own.front(), relation::services).empty()) {
        return own.empty() ? std::nullopt : ask_left_out("Service", *own.front(), facts);
    }
    return facts.related(workload, relation::autoscalers).empty()
               ? fails("nothing scales it with its load", "a HorizontalPodAutoscaler")
               : holds();
}

template <const char* const& kind>
std::optional<Answer> namespace_has(const Subject& name_space, const Facts& facts) {
    if (!all_in(kind, name_space.name, *name_space.scope, facts).empty()) {
        return holds();
    }
    return fails(std::string("no ") + kind + " is in it", kind);
}

constexpr const char* quota_kind = "ResourceQuota";
constexpr const char* range_kind = "LimitRange";

constexpr std::array<NamedCheck, 15> checks = {{
    {"autoscaler-target-exists", target_exists},
    {"autoscaler-is-alone", is_alone},
    {"autoscaler-can-grow", can_grow},
    {"replicas-are-left-to-autoscaler", replicas_are_left},
    {"requests-of-metrics-are-there", requests_are_there},
    {"autoscaler-aims-are-sane", aims_are_sane},
    {"autoscaler-scales-by-both", scales_by_both},
    {"most-replicas-fit-quota", most_fits_quota},
    {"autoscaled-claims-can-spread", claims_can_spread},
    {"request-is-within-limit", request_is_within_limit},
    {"memory-limit-is-near-request", memory_is_near},
    {"memory-request-is-limit", memory_is_guaranteed},
    {"served-workload-has-autoscaler", served_has_autoscaler},
    {"namespace-has-quota", namespace_has<quota_kind>},
    {"namespace-has-limit-range", namespace_has<range_kind>},
}};

}  // namespace

std::span<const NamedCheck> kubernetes_scaling_checks() {
    return checks;
}

}  // namespace deployctl::readiness
