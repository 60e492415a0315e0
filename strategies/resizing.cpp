// SPDX-License-Identifier: Apache-2.0
#include "strategies/resizing.hpp"

#include <algorithm>

namespace deployctl::strategies {

namespace {

bool is_candidates_size(const Step& step) {
    const auto* scale = std::get_if<Scale>(&step.action);
    return scale != nullptr && scale->slot == Slot::candidate;
}

/// While both share the Services, fewer pods would be less traffic: the candidate only grows,
/// before all of it is its own.
void grow_candidate(Course& course, int size) {
    auto& steps = course.steps;
    const auto last = std::find_if(steps.rbegin(), steps.rend(), is_candidates_size);
    if (last == steps.rend() || course.weights.back().candidate >= size) {
        return;
    }
    const auto whole = std::prev(last.base());
    std::get<Scale>(whole->action).replicas = size;
    for (auto step = whole; step != steps.end(); ++step) {
        auto* wait = std::get_if<AwaitReady>(&step->action);
        if (wait != nullptr && wait->slot == Slot::candidate && wait->replicas != 0) {
            wait->replicas = size;
        }
    }
    course.weights.back().candidate = size;
}

/// Where stable gets `version`, it gets `size` with it, and that many are waited for.
void end_with(std::vector<Step>& steps, Version version, int size) {
    const auto written = std::ranges::find_if(steps, [&](const Step& step) {
        const auto* write = std::get_if<WriteTemplate>(&step.action);
        return write != nullptr && write->version == version;
    });
    for (auto step = written; step != steps.end(); ++step) {
        if (auto* write = std::get_if<WriteTemplate>(&step->action)) {
            write->replicas = size;
        } else if (auto* wait = std::get_if<AwaitReady>(&step->action)) {
            wait->replicas = wait->slot == Slot::stable ? size : wait->replicas;
        }
    }
}

}  // namespace

void resize(Course& course, std::vector<Step>& way_back, const Scene& scene, int size) {
    if (size == scene.replicas) {
        return;
    }
    grow_candidate(course, size);
    end_with(course.steps, Version::next, size);
    end_with(way_back, Version::previous, scene.replicas);
}

}  // namespace deployctl::strategies
