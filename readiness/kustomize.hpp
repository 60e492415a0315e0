// SPDX-License-Identifier: Apache-2.0
// The kustomizations of a tree of files: which build on which, which are roots, and which files
// each of them reaches, the outermost first. Read from their text alone; nothing is run or fetched.
// Pure, values with pointers into the files that were given.
#pragma once

#include "readiness/facts.hpp"
#include "readiness/inputs/paths.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

struct PatchFile {
    std::string path;
    const documents::Node* target = nullptr;  ///< whom it is for, where that is said
};

struct Kustomization {
    const AssessedFile* file = nullptr;
    const documents::Node* root = nullptr;
    std::string folder;  ///< "" is the top
    bool is_component = false;
    std::vector<std::string> uses;       ///< files and folders, from the top, in order
    std::vector<PatchFile> patches;      ///< in order
    std::vector<std::string> elsewhere;  ///< what would have to be fetched, or lies outside
};

using Kustomizations = std::map<std::string, Kustomization, std::less<>>;  ///< by folder

/// By its name.
bool is_kustomization(std::string_view path);

Kustomizations read_kustomizations(const std::deque<AssessedFile>& files);

/// Folders that are rendered by themselves: no components; not used by another, or named after an
/// environment; and one of each ring of which nobody outside uses any.
std::vector<std::string> render_roots(const Kustomizations& all);

/// A kustomization on the way from a root, with what it and those above it add to names.
struct Layer {
    const Kustomization* kustomization = nullptr;
    std::string prefix;
    std::string suffix;
};

struct Reach {
    std::vector<Layer> layers;      ///< the root first, then what it uses, in order
    std::vector<std::string> ring;  ///< folders that use each other, where some do
};

Reach reach_of(const Kustomizations& all, std::string_view root);

/// True of what kustomize would ask the network for, or give to git.
bool is_remote(std::string_view path);

}  // namespace deployctl::readiness
