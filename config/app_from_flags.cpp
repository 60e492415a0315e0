// SPDX-License-Identifier: Apache-2.0
#include "config/app_from_flags.hpp"

#include "config/scalars.hpp"

#include <algorithm>

namespace deployctl::config {

namespace {

void add(Diagnostics& diagnostics, const char* flag, const Wrong& wrong) {
    Diagnostic diagnostic;
    diagnostic.code = wrong.code;
    diagnostic.message = wrong.message;
    diagnostic.place.file = flag;
    diagnostic.note = wrong.note;
    diagnostic.help = wrong.help;
    diagnostics.push_back(std::move(diagnostic));
}

std::string workload_name(const std::string& text, Diagnostics& diagnostics) {
    constexpr std::string_view kinds[] = {"deploy", "deployment", "deployments", "Deployment"};
    const auto slash = text.find('/');
    const auto kind = slash == std::string::npos ? std::string("deploy") : text.substr(0, slash);
    const auto name = slash == std::string::npos ? text : text.substr(slash + 1);
    if (std::ranges::find(kinds, kind) == std::end(kinds)) {
        add(diagnostics,
            "--workload",
            {"C1008",
             "`" + text + "` is no Deployment, and this version brings out nothing else",
             "",
             "write `deploy/NAME`"});
    } else if (const auto wrong = check_object_name(name)) {
        add(diagnostics, "--workload", *wrong);
    }
    return name;
}

}  // namespace

Loaded app_from_flags(const AppFlags& flags) {
    Loaded loaded;
    auto& configuration = loaded.configuration;
    auto& app = configuration.app;
    app.workload.name = workload_name(flags.workload, loaded.diagnostics);
    app.workload.container = flags.container;
    app.image = flags.image;
    app.name = flags.app.empty() ? as_label(app.workload.name) : flags.app;
    if (const auto wrong = check_label(flags.kube_namespace);
        wrong && !flags.kube_namespace.empty()) {
        add(loaded.diagnostics, "--namespace", *wrong);
    }
    if (const auto wrong = check_label(app.name); wrong && !flags.app.empty()) {
        add(loaded.diagnostics, "--app", *wrong);
    }
    if (const auto wrong = check_image_name(app.image); wrong && !app.image.empty()) {
        add(loaded.diagnostics, "--image", *wrong);
    }
    configuration.gates["health"] = {};
    configuration.strategies.rolling.gates = {"health"};
    configuration.strategies.blue_green.gates = {"health"};
    configuration.strategies.canary.gates = {"health"};
    return loaded;
}

}  // namespace deployctl::config
