// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/deliveries.hpp"

#include "readiness/inputs/run_commands.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <string>

namespace deployctl::readiness {

namespace {

/// Programs that name commands of others and run none of them: `git grep "kubectl apply"`.
bool only_mentions(std::string_view command) {
    static const RE2 pattern(
        R"(^(git (grep|log|commit|tag|show)|[ef]?grep|rg|ag|ack|sed|awk|jq|yq|cat|test)\b)"
    );
    return is_found(pattern, command);
}

bool is_delivery(std::string_view command) {
    static const RE2 pattern(
        R"((^|[^\w./-])(kubectl\b[^|;&]*\b(apply|replace|patch|set image|rollout restart)\b|)"
        R"(helm\b[^|;&]*\b(upgrade|install)\b|deployctl\b[^|;&]*\brollout (canary|blue-green|rolling)\b|)"
        R"(docker stack deploy|argocd app sync|aws ecs update-service|gcloud run deploy|)"
        R"(nomad (job )?run|skaffold run|helmfile\b.*\b(apply|sync))\b)"
    );
    // What others deliver upon is no delivery, nor what only looks.
    static const RE2 pretends(
        R"(--dry-run|\bmonitoring\b|\bcrds?\b|\brbac\b|namespaces?\.ya?ml|)"
        R"(\bhelm\s+(diff|plugin|template|lint|repo|history)\b|\bkubectl\s+(diff|krew|explain)\b|)"
        R"(--(kube-?)?context[= ]["']?(kind|k3d|minikube|docker-desktop|rancher-desktop)\b)"
    );
    return is_found(pattern, command) && !is_found(pretends, command);
}

}  // namespace

bool runs_delivery(std::string_view line) {
    if (!is_delivery(line)) {
        return false;
    }
    const auto commands = commands_run(line);
    const bool is_doubtful = says_something(line) || std::ranges::any_of(commands, only_mentions);
    return !is_doubtful || std::ranges::any_of(commands, [](const std::string& command) {
        return is_delivery(command) && !only_mentions(command);
    });
}

bool delivers(std::string_view script) {
    const auto lines = documents::script_lines(script);
    const bool any = std::ranges::any_of(lines, [](const documents::ScriptLine& line) {
        return runs_delivery(line.text);
    });
    return any && !are_for_a_test(lines);
}

bool begins_test_cluster(std::string_view text) {
    static const RE2 pattern(
        R"(\bkind create cluster\b|\bk3d cluster create\b|\bminikube start\b|)"
        R"(\b(helm/kind-action|engineerd/setup-kind|medyagh/setup-minikube|AbsaOSS/k3d-action)\b)"
    );
    return is_found(pattern, text);
}

bool names_cluster(std::string_view text) {
    static const RE2 pattern(
        R"(update-kubeconfig|get-credentials|k8s-set-context|kubeconfig save|use-context|)"
        R"(--(kube-?)?context[= ]|KUBECONFIG=|--kubeconfig)"
    );
    return is_found(pattern, text);
}

bool are_for_a_test(std::span<const documents::ScriptLine> lines) {
    const auto any = [&](bool (*is_one)(std::string_view)) {
        return std::ranges::any_of(lines, [&](const documents::ScriptLine& line) {
            return is_one(line.text);
        });
    };
    return any(begins_test_cluster) && !any(names_cluster);
}

}  // namespace deployctl::readiness
