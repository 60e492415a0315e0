// SPDX-License-Identifier: Apache-2.0
#include "engine/fence.hpp"

#include "model/kubernetes/object.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

Labels claim_of(const Value& seen, const Signature& signature) {
    return {
        {std::string(mark::app), signature.fence.app},
        {std::string(mark::fence), to_text(signature.fence)},
        {std::string(mark::written), std::string(written_text_of(seen))},
    };
}

}  // namespace

std::string to_text(const Fence& fence) {
    return fence.app + "/" + fence.lease + "/" + std::to_string(fence.epoch) + "." +
           std::to_string(fence.seq);
}

std::optional<Fence> read_fence(std::string_view text) {
    const auto first = text.find('/');
    const auto second = first == std::string_view::npos ? first : text.find('/', first + 1);
    const auto dot = second == std::string_view::npos ? second : text.find('.', second);
    if (dot == std::string_view::npos) {
        return std::nullopt;
    }
    const auto epoch = whole_number(text.substr(second + 1, dot - second - 1));
    const auto seq = whole_number(text.substr(dot + 1));
    if (!epoch || !seq) {
        return std::nullopt;
    }
    return Fence{
        std::string(text.substr(0, first)),
        std::string(text.substr(first + 1, second - first - 1)),
        *epoch,
        *seq,
    };
}

bool is_of_newer_runner(const Value& object, const Term& own) {
    const auto fence = read_fence(fence_text_of(object));
    return fence &&
           (fence->epoch > own.epoch || (fence->epoch == own.epoch && fence->lease != own.lease));
}

std::string_view fence_text_of(const Value& object) {
    return annotation_of(object, mark::fence).view("");
}

std::string_view written_text_of(const Value& object) {
    const auto& written = annotation_of(object, mark::written);
    return written.is_null() ? fence_text_of(object) : written.view("");
}

Labels annotations_of(const Signature& signature) {
    return {
        {std::string(mark::written), to_text(signature.fence)},
        {std::string(mark::app), signature.fence.app},
        {std::string(mark::fence), to_text(signature.fence)},
        {std::string(mark::rollout), signature.rollout},
        {std::string(mark::step), std::to_string(signature.step)},
        {std::string(mark::direction), to_text(signature.direction)},
    };
}

JsonPatch fenced(const Value& seen, const Signature& signature, const JsonPatch& changes) {
    const bool is_claim = std::ranges::all_of(changes, [](const PatchOperation& one) {
        return one.verb == PatchVerb::test;
    });
    const auto annotations = is_claim ? claim_of(seen, signature) : annotations_of(signature);
    JsonPatch patch;
    patch.push_back({PatchVerb::test, "/metadata/uid", seen.at("/metadata/uid")});
    if (!seen.has("/metadata/annotations")) {
        // Without a map the test of a key fails with "missing path": test that there is no map, and
        // bring one.
        patch.push_back({PatchVerb::test, "/metadata/annotations", nullptr});
        patch.push_back({PatchVerb::add, "/metadata/annotations", to_value(annotations)});
    } else {
        const auto pointer = annotation_pointer(mark::fence);
        patch.push_back({PatchVerb::test, pointer, seen.at(pointer)});
        for (const auto& [key, value] : annotations) {
            patch.push_back({PatchVerb::add, annotation_pointer(key), value});
        }
    }
    patch.insert(patch.end(), changes.begin(), changes.end());
    return patch;
}

}  // namespace deployctl::engine
