// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/commands.hpp"
#include "readiness/checks/left_out.hpp"
#include "readiness/checks/monitoring.hpp"
#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"
#include "readiness/inputs/monitors.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// What the cluster brings itself is in nobody's repository.
bool is_of_cluster(const Subject& monitor) {
    const auto& names = monitor.node->at("spec/namespaceSelector/matchNames").items;
    return std::ranges::any_of(names, [](const Node& name) {
        return name.text == "kube-system" || name.text == "default";
    });
}

std::optional<Answer> service_monitor_selects(const Subject& monitor, const Facts& facts) {
    if (is_of_cluster(monitor)) {
        return std::nullopt;
    }
    if (!facts.related(monitor, relation::monitored).empty()) {
        return holds();
    }
    if (facts.related(monitor, relation::near).empty()) {
        return not_known("no Service of its namespaces is here");
    }
    return fails_at(monitor.node->at("spec/selector"), "selects no Service that is here");
}

std::optional<Answer> pod_monitor_selects(const Subject& monitor, const Facts& facts) {
    return facts.related(monitor, relation::monitored).empty()
               ? fails_at(monitor.node->at("spec/selector"), "selects no pod that is here")
               : holds();
}

bool has_port(const Subject& service, std::string_view name) {
    return std::ranges::any_of(service.node->at("spec/ports").items, [&](const Node& port) {
        return port.text_at("name") == name;
    });
}

std::optional<Answer> monitor_port_exists(const Subject& monitor, const Facts& facts) {
    const auto services = facts.related(monitor, relation::monitored);
    if (services.empty()) {
        return std::nullopt;
    }
    for (const auto& endpoint : monitor.node->at("spec/endpoints").items) {
        const auto& port = endpoint.at("port");
        if (!port.is_scalar()) {
            continue;
        }
        for (const auto* service : services) {
            if (!has_port(*service, port.text)) {
                return fails_at(
                    port, service->path + " has no port of the name " + std::string(port.text)
                );
            }
        }
    }
    return holds();
}

bool is_annotated(const Node& metadata) {
    return metadata.text_at("annotations/prometheus.io~1scrape") == "true";
}

/// Prometheus finds it by itself, or by its name.
bool is_named_by_config(const Subject& pod, const Facts& facts) {
    for (const auto* config : facts.of("prometheus-config")) {
        for (const auto& job : config->node->at("scrape_configs").items) {
            for (const auto& fixed : job.at("static_configs").items) {
                for (const auto& target : fixed.at("targets").items) {
                    const auto host = target.text.substr(0, target.text.find_first_of(".:"));
                    if (host == pod.nearest("workload")->name) {
                        return true;
                    }
                }
            }
        }
    }
    return false;
}

std::optional<Answer> workload_is_scraped(const Subject& pod, const Facts& facts) {
    const auto services = facts.related(pod, relation::services);
    if (services.empty() || pod.nearest("workload") == nullptr) {
        return ask_left_out("Service", pod, facts);
    }
    if (is_annotated(pod_metadata(pod)) || is_named_by_config(pod, facts)) {
        return holds();
    }
    const bool is_monitored = !facts.related(pod, relation::monitors).empty() ||
                              std::ranges::any_of(services, [&](const Subject* service) {
                                  return is_annotated(service->node->at("metadata")) ||
                                         !facts.related(*service, relation::monitors).empty();
                              });
    if (is_monitored) {
        return holds();
    }
    if (auto unknown = ask_left_out("Service", pod, facts)) {
        return unknown;
    }
    return fails("no ServiceMonitor, PodMonitor, annotation or scrape job asks its pods");
}

std::string pattern_of(std::string_view glob) {
    std::string pattern = "(^|/)";
    for (const char byte : glob) {
        pattern += byte == '*' ? std::string("[^/]*") : RE2::QuoteMeta(std::string(1, byte));
    }
    return pattern + "$";
}

/// By their last parts: where Prometheus finds its files is a matter of how it is mounted.
std::optional<Answer> rule_files_found(const Subject& config, const Facts& facts) {
    const auto& patterns = config.node->at("rule_files");
    if (patterns.items.empty()) {
        return std::nullopt;
    }
    const auto files = facts.of("rule-file");
    for (const auto& pattern : patterns.items) {
        const auto wanted = base_name(pattern.text);
        const RE2 name(pattern_of(wanted));
        const bool found = std::ranges::any_of(files, [&](const Subject* file) {
            return is_found(name, file->path);
        });
        if (!found) {
            return fails_at(pattern, "no rule file here is named " + std::string(wanted));
        }
    }
    return holds();
}

constexpr std::array<NamedCheck, 5> checks = {{
    {"service-monitor-selects", service_monitor_selects},
    {"pod-monitor-selects", pod_monitor_selects},
    {"monitor-port-exists", monitor_port_exists},
    {"workload-is-scraped", workload_is_scraped},
    {"rule-files-found", rule_files_found},
}};

}  // namespace

std::span<const NamedCheck> scraping_checks() {
    return checks;
}

}  // namespace deployctl::readiness
