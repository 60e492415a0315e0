// SPDX-License-Identifier: Apache-2.0
// A Dockerfile as a tree (docs/formats/dockerfile-tree.md): stages with their instructions, and the
// image that the last one makes with what it inherits. As BuildKit reads it: `# escape=`, comments
// in continuations, heredocs, JSON forms, flags, ARGs before FROM. Values that a build would have
// to be told are unknown. Any thread; never throws; time and memory are linear in the text.
#pragma once

#include "documents/tree.hpp"

#include <string>
#include <string_view>

namespace deployctl::documents {

struct DockerfileText {
    Tree tree;            ///< one root, or none where there is trouble
    std::string trouble;  ///< empty: there is none
    Spot spot;            ///< of the trouble
};

DockerfileText read_dockerfile(std::string text);

/// Dockerfile, Dockerfile.web, web.Dockerfile, Containerfile, in any case; no source of a program.
bool is_dockerfile_name(std::string_view path);

}  // namespace deployctl::documents
