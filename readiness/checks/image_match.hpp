// SPDX-License-Identifier: Apache-2.0
// Which image is built by which Dockerfile, and which containers run a compose service: by names,
// so all that follows is a guess. Pure; any thread.
#pragma once

#include "readiness/facts.hpp"

#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// "registry:5000/shop/web" of "registry:5000/shop/web:1@sha256:...".
std::string_view image_repository(std::string_view image);
/// "web" of it.
std::string_view image_name(std::string_view image);
/// "1" of it; empty where there is none.
std::string_view image_tag(std::string_view image);

/// An image that nobody builds for one service alone: stores, proxies, tools.
bool is_public_image(std::string_view image);

/// By a compose service that builds this image, by the Dockerfile's folder or name, or because
/// there is only one; null where none fits.
const Subject* dockerfile_of_image(std::string_view image, const Facts& facts);

/// The `container` subjects that run what this compose service runs.
std::vector<const Subject*> containers_of_service(const Subject& service, const Facts& facts);

}  // namespace deployctl::readiness
