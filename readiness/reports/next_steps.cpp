// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/next_steps.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace deployctl::readiness {

namespace {

constexpr std::string_view live_folder = "live/";

struct Way {
    std::string_view sign;  ///< in the reason, or the beginning of the subject's kind
    std::string_view step;
};

/// What a reason asks for, whatever it is about.
constexpr std::array<Way, 10> by_reason = {{
    {"could not be read", "mend the file that is named as unread"},
    {"too many", "assess a part of it: `deployctl assess FOLDER`"},
    {"more containers", "assess a part of it: `deployctl assess FOLDER`"},
    {"may be included", "put what it includes into the repository, or assess the merged file"},
    {"an operator may make", "assess what runs as well: --live"},
    {"no Service of its namespaces", "add that namespace's manifests, or assess with --live"},
    {"may select it", "assess what runs as well: --live"},
    {"default class", "name the class, or assess what runs as well: --live"},
    {"version of the provider", "pin the provider in `required_providers`"},
    {"no name tells", "name the Dockerfile's folder, or a compose service, after the image"},
}};

/// Where the value itself is missing: whoever has it, by what the subject is.
constexpr std::array<Way, 8> by_kind = {{
    {"tf:",
     "give the value in a .tfvars file, or put the plan beside it: "
     "`terraform show -json PLAN >plan.json`"},
    {"compose", "set the variable in a .env file beside it, or a default: `${NAME:-value}`"},
    {"docker", "give the ARG a default: `ARG NAME=value`"},
    {"gitlab", "write the value out, or assess the merged file"},
    {"workflow", "write the value out, where it is no secret"},
    {"makefile", "write the value out"},
    {"env-file", "write the value out, where it is no secret"},
    {"", "assess what is rendered (kustomize, helm), or what runs: --live"},
}};

}  // namespace

std::string next_step(const Finding& finding) {
    const auto* const reason = std::ranges::find_if(by_reason, [&](const Way& way) {
        return finding.observed.find(way.sign) != std::string::npos;
    });
    if (reason != by_reason.end()) {
        return std::string(reason->step);
    }
    const auto kind =
        finding.subject == nullptr ? std::string_view() : std::string_view(finding.subject->kind);
    const auto* const way =
        std::ranges::find_if(by_kind, [&](const Way& one) { return kind.starts_with(one.sign); });
    return std::string(way->step);
}

std::string next_step(const UnreadFile& file) {
    if (file.path.starts_with(live_folder)) {
        const auto plural = file.path.substr(live_folder.size());
        return "let whoever runs this list them: `kubectl create role assess --verb=list "
               "--resource=" +
               plural + "`, and a RoleBinding";
    }
    for (const auto* const program : {"helm", "kubectl"}) {
        if (file.why.find("there is no " + std::string(program)) != std::string::npos) {
            return "install " + std::string(program) + ", so that it is on $PATH";
        }
    }
    return "mend it, or leave it out with `exclude` in assess.yaml";
}

}  // namespace deployctl::readiness
