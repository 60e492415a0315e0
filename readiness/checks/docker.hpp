// SPDX-License-Identifier: Apache-2.0
// Questions about Dockerfiles that are code: those of a stage's place among the others, and those
// of what its commands do. Pure; see readiness/check.hpp.
#pragma once

#include "readiness/check.hpp"

#include <vector>

namespace deployctl::readiness {

/// Who runs in the image, what its stages are called, what its labels say.
std::span<const NamedCheck> docker_checks();
/// What is installed, fetched, and left in it.
std::span<const NamedCheck> docker_build_checks();
/// What it tells to whoever can pull it, and whom it believes.
std::span<const NamedCheck> docker_secret_checks();

/// The tree's root, of a `dockerfile` or of a `docker-stage`.
const documents::Node& dockerfile_of(const Subject& subject);
/// The stages that this one is built from, itself the last.
std::vector<const documents::Node*> docker_lineage(
    const documents::Node& dockerfile, const documents::Node& stage
);
/// The stages of the image that the file makes.
std::vector<const documents::Node*> docker_image_stages(const documents::Node& dockerfile);

}  // namespace deployctl::readiness
