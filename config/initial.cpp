// SPDX-License-Identifier: Apache-2.0
#include "config/initial.hpp"

#include "config/found_app.hpp"
#include "config/scalars.hpp"
#include "documents/yaml.hpp"
#include "model/time.hpp"

#include <algorithm>

namespace deployctl::config {

namespace {

using documents::yaml_text;

std::string value(std::string_view text) {
    return write_yaml_line(yaml_text(text));
}

/// A comment ends with its line, whatever stands in the name of a file.
std::string in_comment(std::string text) {
    std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
    return text;
}

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "" : ", ") + value(name);
    }
    return "[" + text + "]";
}

std::string gates_of(const FoundApp& app) {
    return app.health ? "gates: [health]" : "gates: []";
}

std::string app_lines(const FoundApp& app) {
    const auto name = as_label(app.workload);
    std::string text = "app:\n  name: " + value(name) + "\n";
    if (app.image.empty()) {
        text += "  # The manifest has no name of an image that can be used: write yours.\n";
        text += "  image: " + value("registry.example.com/" + name) + "\n";
    } else {
        text += "  image: " + value(app.image) + " # the tag comes from the command line\n";
    }
    text += "  workload: {kind: Deployment, name: " + value(app.workload) +
            ", container: " + value(app.container) + "}\n";
    if (!app.kustomize.empty()) {
        text += "  manifests: {kustomize: " + value(app.kustomize) + "}\n";
    }
    text += "  # Where a pod says its version, so that a rollout proves which one answers:\n";
    text += "  # version_probe: {port: 8080, path: /version, jsonpath: $.version}\n";
    return text;
}

std::string errors_gate(const InitialTraffic& traffic) {
    return "  errors: # of the new pods, compared with those of the old ones beside them\n"
           "    {type: analysis, errors: " +
           value(traffic.errors) + ", total: " + value(traffic.total) + "}\n";
}

std::string gate_lines(const FoundApp& app, const std::optional<InitialTraffic>& traffic) {
    if (!app.health && traffic) {
        return "# Questions that decide whether a rollout goes on.\ngates:\n" +
               errors_gate(*traffic);
    }
    if (!app.health) {
        return "# Questions that decide whether a rollout goes on. The container has no readiness\n"
               "# probe over HTTP to take one from:\n"
               "# gates:\n"
               "#   health: {type: http, path: /healthz, port: 8080}\n";
    }
    return "# Questions that decide whether a rollout goes on.\n"
           "gates:\n"
           "  health: # what the readiness probe asks\n"
           "    {type: http, path: " +
           value(app.health->path) + ", port: " + std::to_string(app.health->port) + "}\n" +
           (traffic ? errors_gate(*traffic) : "");
}

std::string source_lines(const std::optional<InitialTraffic>& traffic) {
    return traffic ? "prometheus: {url: " + value(traffic->prometheus) + "}\n" : "";
}

std::string canary_lines(const FoundApp& app, const std::optional<InitialTraffic>& traffic) {
    const CanarySettings usual;
    const bool is_measured = traffic && !traffic->steps.empty();
    std::string steps;
    for (const auto& step : is_measured ? traffic->steps : usual.steps) {
        steps += (steps.empty() ? "" : ", ") + ("{weight: " + std::to_string(step.weight)) +
                 ", hold: " + to_text(step.hold) + "}";
    }
    auto text = traffic ? "    # " + in_comment(traffic->told) + "\n" : std::string();
    text += "    steps: [" + steps + "] # percent of the traffic\n";
    const auto* const both = app.health ? "gates: [health, errors]" : "gates: [errors]";
    return text + "    " + (traffic ? both : gates_of(app)) + "\n";
}

std::string strategy_lines(const FoundApp& app, const std::optional<InitialTraffic>& traffic) {
    std::string text = "strategies:\n";
    if (!app.no_split.empty()) {
        text +=
            "  # Canary and blue-green need room for two versions; here " + app.no_split + ".\n";
    }
    text += "  canary:\n" + canary_lines(app, traffic);
    text += "  blue-green:\n";
    if (app.services.empty()) {
        text += "    # No Service in the manifests selects its pods.\n";
    } else {
        text += "    active_service: " + list(app.services) + " # what switches\n";
    }
    text += "    keep_old: 10m # for a quick way back\n";
    text += "    " + gates_of(app) + "\n";
    return text + "  rolling: {" + gates_of(app) + "}\n";
}

std::string environment_lines(const FoundApp& app) {
    std::string text = "environments:\n";
    const auto* strategy = app.no_split.empty() ? "canary" : "rolling";
    for (const auto& one : app.environments) {
        const bool known = !one.kube_namespace.empty();
        if (!known) {
            text += "  # The manifests do not say the namespace: write yours.\n";
        }
        text += "  " + value(one.name) + ":\n";
        text += "    # context: the one of your kubeconfig; without it, the current one\n";
        text += "    namespace: " + value(known ? one.kube_namespace : "default") + "\n";
        text += std::string("    strategy: ") + strategy + "\n";
    }
    return text;
}

std::string namespace_of_production(const FoundApp& app) {
    const auto found = std::ranges::find(app.environments, "production", &FoundEnvironment::name);
    return found != app.environments.end() ? found->kube_namespace
           : app.environments.empty()      ? ""
                                           : app.environments.front().kube_namespace;
}

}  // namespace

Initial initial_configuration(const InitialRequest& request) {
    Initial initial;
    const auto app = find_app(request, initial);
    if (!app) {
        return initial;
    }
    initial.workload = app->workload;
    initial.kube_namespace = namespace_of_production(*app);
    initial.text =
        "# Written from " + in_comment(app->file) +
        ". Every key: deployctl config explain\n"
        "# For an editor: deployctl config schema > deployctl.schema.json, and on top of this file "
        "write\n"
        "# `# yaml-language-server: $schema=deployctl.schema.json`\n"
        "# A label `deployctl.dev/track: stable` in the pod template lets Services point at the "
        "old\n"
        "# version by name; without it deployctl uses the label that Kubernetes gives each "
        "version.\n"
        "apiVersion: deployctl/v1\n" +
        app_lines(*app) + source_lines(request.traffic) + gate_lines(*app, request.traffic) +
        strategy_lines(*app, request.traffic) + environment_lines(*app);
    return initial;
}

}  // namespace deployctl::config
