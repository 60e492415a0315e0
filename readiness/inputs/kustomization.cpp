// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/kustomization.hpp"

#include "readiness/inputs/paths.hpp"
#include "readiness/kustomize.hpp"
#include "readiness/patched_places.hpp"

namespace deployctl::readiness {

namespace {

void gather_nothing(FileList /*files*/, Facts& /*facts*/) {}

/// What it would have been rendered to is judged raw then.
std::vector<Lost> lose_nothing(const AssessedFile& /*file*/) {
    return {};
}

}  // namespace

Input kustomization_input() {
    const auto takes = [](const AssessedFile& file) { return is_kustomization(file.path); };
    return {"kustomization", "yaml", takes, gather_nothing, lose_nothing};
}

Input json_patch_input() {
    const auto takes = [](const AssessedFile& file) {
        const auto& roots = file.tree.roots();
        return !roots.empty() && is_json_patch(roots.front());
    };
    return {"json-patch", "yaml", takes, gather_nothing, lose_nothing};
}

Input helm_chart_input() {
    const auto takes = [](const AssessedFile& file) {
        return base_name(file.path) == "Chart.yaml";
    };
    return {"helm-chart", "yaml", takes, gather_nothing, lose_nothing};
}

}  // namespace deployctl::readiness
