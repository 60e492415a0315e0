// SPDX-License-Identifier: Apache-2.0
// examples/mcp-server for tests: the good state, or the flawed one laid over it, and what kubectl
// would make of its overlays: they change a namespace, the numbers of the autoscaler, and a host.
#pragma once

#include "readiness/inputs/yaml_language.hpp"
#include "readiness/kustomize.hpp"
#include "readiness/rendering.hpp"
#include "tests/readiness/assessing.hpp"
#include "tests/support/source_dir.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <re2/re2.h>
#include <sstream>
#include <string>

namespace deployctl::readiness {

inline void read_folder(const std::filesystem::path& folder, Texts& texts) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            std::ifstream stream(entry.path(), std::ios::binary);
            const auto name = std::filesystem::relative(entry.path(), folder).generic_string();
            texts[name] = {std::istreambuf_iterator<char>(stream), {}};
        }
    }
}

inline std::filesystem::path mcp_folder() {
    return tests::source_dir() / "examples/mcp-server";
}

inline Texts good_mcp_server() {
    Texts texts;
    read_folder(mcp_folder() / "good", texts);
    return texts;
}

/// As flawed/make.sh lays it out.
inline Texts flawed_mcp_server() {
    auto texts = good_mcp_server();
    read_folder(mcp_folder() / "flawed/files", texts);
    std::ifstream removed(mcp_folder() / "flawed/removed.txt");
    for (std::string path; std::getline(removed, path);) {
        texts.erase(path);
    }
    return texts;
}

inline std::string found_in(const std::string& text, const std::string& pattern) {
    std::string found;
    RE2::PartialMatch(text, pattern, &found);
    return found;
}

/// The base's objects in the overlay's namespace, with what its patches say.
inline std::string rendered_overlay(const Texts& texts, const std::string& folder) {
    const auto all = "k8s/base/kustomization.yaml";
    std::string text;
    std::istringstream lines(texts.at(all));
    for (std::string line; std::getline(lines, line);) {
        const auto file = found_in(line, "^  - (\\S+\\.yaml)$");
        text += file.empty() ? "" : "---\n" + texts.at("k8s/base/" + file);
    }
    text += "---\n" + texts.at(folder + "/settings.yaml");
    const auto overlay = texts.at(folder + "/kustomization.yaml");
    const auto name = found_in(overlay, "namespace: (\\S+)");
    const auto scale = texts.at(folder + "/scale.yaml");
    const auto host = found_in(texts.at(folder + "/host.yaml"), "host: (\\S+)");
    RE2::GlobalReplace(&text, "namespace: mcp\\b", "namespace: " + name);
    RE2::GlobalReplace(&text, "(kind: Namespace\nmetadata:\n  name: )mcp\\b", "\\1" + name);
    for (const std::string key : {"minReplicas", "maxReplicas"}) {
        RE2::GlobalReplace(&text, key + ": \\d+", key + ": " + found_in(scale, key + ": (\\d+)"));
    }
    RE2::GlobalReplace(&text, "mcp\\.example\\.com", host);
    return text;
}

inline Assessment assess_mcp_server(const Texts& texts, Settings settings = {}) {
    auto facts = std::make_shared<Facts>(std::move(settings));
    for (const auto& [path, text] : texts) {
        facts->add(read_file(path, text));
    }
    RenderTools tools;
    tools.base = "/mcp";
    tools.kubectl = "kubectl";
    tools.read = yaml_language().read;
    const auto plan = plan_renderings(*facts, tools);
    for (const auto& job : plan.jobs) {
        CommandResult result;
        result.output = rendered_overlay(texts, job.folder);
        facts->add(rendered_file(job, result, plan, *facts, tools));
    }
    gather_subjects(*facts);
    auto assessment = ask_rules(facts, own_rules());
    count_points(assessment);
    return assessment;
}

}  // namespace deployctl::readiness
