// SPDX-License-Identifier: Apache-2.0
// An image as the registry API addresses it, and the challenge with which a registry asks who we
// are. Pure.
#pragma once

#include "model/image.hpp"

#include <string>

namespace deployctl::plugins {

/// "nginx" is library/nginx at registry-1.docker.io.
struct Reference {
    std::string host;     ///< "localhost:5000"
    std::string path;     ///< "shop/web"
    std::string version;  ///< tag or digest; "latest" where the image has neither
};

Reference reference_of(const ImageRef& image);
/// Docker's names for its own registry become the one that answers.
std::string api_host(const std::string& host);
bool is_loopback(const std::string& host);

/// `Bearer realm="...",service="..."` or `Basic realm="..."`.
struct Challenge {
    enum class Scheme { none, basic, bearer } scheme{};
    std::string realm;
    std::string service;
    std::string scope;
};

Challenge read_challenge(const std::string& header);
/// Where to ask for a token to pull `path`.
std::string token_url(const Challenge& challenge, const std::string& path);

}  // namespace deployctl::plugins
