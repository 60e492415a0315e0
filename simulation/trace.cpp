// SPDX-License-Identifier: Apache-2.0
#include "simulation/trace.hpp"

#include <algorithm>

namespace deployctl::simulation {

bool has_measured(const std::vector<SampleSeen>& samples, const std::string& version) {
    return std::ranges::any_of(samples, [&](const SampleSeen& sample) {
        return sample.by == SampleSeen::By::metrics && sample.is_answered &&
               sample.version == version;
    });
}

bool is_change(const WriteSeen& write) {
    return write.answer == WriteAnswer::done && write.before != write.after;
}

std::string to_text(const WriteSeen& write) {
    auto text = std::string(deployctl::to_text(write.verb)) + " " + deployctl::to_text(write.ref);
    if (!write.fence.empty()) {
        text += " as " + write.fence;
    }
    if (write.answer != WriteAnswer::done) {
        text += std::string(" (") + deployctl::to_text(write.answer) + ")";
    }
    return text;
}

std::string fence_in(const JsonPatch& patch) {
    const auto pointer = annotation_pointer(mark::fence);
    const std::string whole_map = "/metadata/annotations";
    for (const auto& operation : patch) {
        if (operation.verb == PatchVerb::test) {
            continue;
        }
        if (operation.path == pointer) {
            return operation.value.text("");
        }
        if (operation.path == whole_map) {
            const auto fence = operation.value.text("/" + escape_pointer(mark::fence));
            if (!fence.empty()) {
                return fence;
            }
        }
    }
    return "";
}

}  // namespace deployctl::simulation
