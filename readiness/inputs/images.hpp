// SPDX-License-Identifier: Apache-2.0
// Which image is built by which Dockerfile, and which containers run a compose service: by names,
// so all that follows is a guess. Found once, by indexes, after all other inputs; asked by
// `Facts::related`. The functions are pure; any thread.
#pragma once

#include "readiness/input.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// Names of what `Facts::related` answers.
namespace relation {
inline constexpr std::string_view dockerfile = "dockerfile";  ///< of a container, a compose service
inline constexpr std::string_view containers = "containers";  ///< of a compose service
/// Of a compose service to itself: it has more containers than it is related to.
inline constexpr std::string_view more_containers = "more containers";
}  // namespace relation

Input images_input();

/// "web" of "registry:5000/shop/web:1@sha256:...".
std::string image_name(std::string_view image);

/// With the registry that is meant where none is named: "docker.io/nginx:1".
std::string full_image(std::string_view image);
/// Whether it lies below one of these: "registry:5000/shop".
bool is_from(std::string_view image, const std::vector<std::string>& registries);

/// An image that nobody builds for one service alone: stores, proxies, tools.
bool is_public_image(std::string_view image);

/// By which it is built, or null.
const Subject* dockerfile_of(const Subject& container_or_service, const Facts& facts);

}  // namespace deployctl::readiness
