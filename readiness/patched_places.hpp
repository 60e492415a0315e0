// SPDX-License-Identifier: Apache-2.0
// Where a value or an object of a rendering is made that no manifest has: by a patch that stands in
// a kustomization or a file of JSON patches, by `images`, `replicas`, a generator. Found by the
// name of the field, the outermost layer first. Pure; any thread.
#pragma once

#include "readiness/kustomize.hpp"

#include <map>
#include <string>

namespace deployctl::readiness {

/// A spot, and the number of its file.
struct SourcePlace {
    std::uint32_t source = 0;
    documents::Spot spot;
};

class PatchedPlaces {
public:
    PatchedPlaces(const Reach& reach, const std::deque<AssessedFile>& files);

    std::optional<SourcePlace> of_field(std::string_view key) const;
    /// A generator, or the kustomization that has to be said for all the rest.
    std::optional<SourcePlace> of_object(const documents::Node& object) const;

private:
    void note_kustomization(const Kustomization& here);
    void note_patches(const documents::Node& patches, std::uint32_t source);
    void note_text(const documents::Node& text, std::uint32_t source);
    void note_operations(const documents::Node& list, std::uint32_t source);
    void note(std::string_view key, const SourcePlace& place);

    const Reach& reach_;
    std::map<std::string, SourcePlace, std::less<>> by_key_;
};

/// A list of JSON patches, as `patches` may name one.
bool is_json_patch(const documents::Node& root);

}  // namespace deployctl::readiness
