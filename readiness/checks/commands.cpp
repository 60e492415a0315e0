// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/commands.hpp"

#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

using Visit = std::function<bool(const CommandLine&)>;

bool visit_scalars(const Subject& origin, const Node& node, const Visit& visit) {
    return look_through(node, [&](const Node& one) {
        return !one.is_scalar() || visit({&origin, &one, one.text});
    });
}

bool visit_recipes(const Subject& makefile, const Visit& visit) {
    return std::ranges::all_of(makefile.node->at("targets").entries, [&](const auto& target) {
        return visit_scalars(makefile, target.value.at("recipe"), visit);
    });
}

bool visit_keys(const Subject& origin, std::span<const std::string_view> keys, const Visit& visit) {
    return std::ranges::all_of(keys, [&](std::string_view key) {
        return visit_scalars(origin, origin.node->at(key), visit);
    });
}

bool visit_all(const Facts& facts, const Visit& visit) {
    constexpr std::array<std::string_view, 1> of_script = {"lines"};
    constexpr std::array<std::string_view, 2> of_step = {"run", "uses"};
    constexpr std::array<std::string_view, 1> of_pipeline = {"include"};
    constexpr std::array<std::string_view, 4> of_job = {
        "before_script", "script", "after_script", "image"
    };
    return std::ranges::all_of(
               facts.of("script"),
               [&](const Subject* one) { return visit_keys(*one, of_script, visit); }
           ) &&
           std::ranges::all_of(
               facts.of("makefile"), [&](const Subject* one) { return visit_recipes(*one, visit); }
           ) &&
           std::ranges::all_of(
               facts.of("workflow-step"),
               [&](const Subject* one) { return visit_keys(*one, of_step, visit); }
           ) &&
           std::ranges::all_of(
               facts.of("gitlab-ci"),
               [&](const Subject* one) { return visit_keys(*one, of_pipeline, visit); }
           ) &&
           std::ranges::all_of(facts.of("gitlab-job"), [&](const Subject* one) {
               return visit_keys(*one, of_job, visit);
           });
}

bool look_at(const Node& node, int depth, const std::function<bool(const Node&)>& visit) {
    constexpr int deepest = 60;
    if (depth > deepest) {
        return true;
    }
    return visit(node) &&
           std::ranges::all_of(
               node.items, [&](const Node& item) { return look_at(item, depth + 1, visit); }
           ) &&
           std::ranges::all_of(node.entries, [&](const auto& entry) {
               return look_at(entry.value, depth + 1, visit);
           });
}

}  // namespace

bool look_through(const Node& node, const std::function<bool(const Node&)>& visit) {
    return look_at(node, 0, visit);
}

void look_through_commands(const Facts& facts, const Visit& visit) {
    visit_all(facts, visit);
}

std::string place_text(const Subject& subject, const Node& node) {
    return subject.file->path + ":" + std::to_string(node.spot.line);
}

std::string first_command(const Facts& facts, const RE2& pattern) {
    std::string place;
    visit_all(facts, [&](const CommandLine& line) {
        if (is_found(pattern, line.text)) {
            place = place_text(*line.origin, *line.node);
        }
        return place.empty();
    });
    return place;
}

SaidLine first_said(const Facts& facts, const RE2& pattern) {
    for (const auto* document : facts.of("document")) {
        for (const auto& line : document->node->at("lines").items) {
            if (is_found(pattern, line.text)) {
                return {document, &line};
            }
        }
    }
    return {};
}

}  // namespace deployctl::readiness
