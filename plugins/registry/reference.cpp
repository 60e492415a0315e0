// SPDX-License-Identifier: Apache-2.0
#include "plugins/registry/reference.hpp"

#include "model/text.hpp"
#include "model/url.hpp"

#include <algorithm>

namespace deployctl::plugins {

namespace {

constexpr auto docker_registry = "registry-1.docker.io";

/// The first part of a repository names a host where it has a dot or a port, or is localhost.
bool is_host(const std::string& first) {
    return first.find_first_of(".:") != std::string::npos || first.compare("localhost") == 0;
}

std::string parameter(const std::string& header, const std::string& name) {
    const auto begin = header.find(name + "=\"");
    if (begin == std::string::npos) {
        return "";
    }
    const auto value = begin + name.size() + 2;
    return header.substr(value, header.find('"', value) - value);
}

Challenge::Scheme read_scheme(std::string word) {
    const auto scheme = lower(std::move(word));
    if (scheme.compare("bearer") == 0) {
        return Challenge::Scheme::bearer;
    }
    return scheme.compare("basic") == 0 ? Challenge::Scheme::basic : Challenge::Scheme::none;
}

}  // namespace

std::string api_host(const std::string& host) {
    const bool is_docker = host.compare("docker.io") == 0 || host.compare("index.docker.io") == 0;
    return is_docker ? docker_registry : host;
}

Reference reference_of(const ImageRef& image) {
    const auto& repository = image.repository;
    const auto slash = repository.find('/');
    const bool named = slash != std::string::npos && is_host(repository.substr(0, slash));
    Reference reference;
    reference.host = api_host(named ? repository.substr(0, slash) : "docker.io");
    reference.path = named ? repository.substr(slash + 1) : repository;
    const bool is_official = reference.path.find('/') == std::string::npos;
    if (is_official && reference.host.compare(docker_registry) == 0) {
        reference.path = "library/" + reference.path;
    }
    reference.version = !image.tag.empty()      ? image.tag
                        : !image.digest.empty() ? image.digest
                                                : "latest";
    return reference;
}

bool is_loopback(const std::string& host) {
    if (host.starts_with("[::1]")) {
        return true;
    }
    const auto name = host.substr(0, host.rfind(':'));
    const bool is_address = name.find_first_not_of("0123456789.") == std::string::npos;
    return name.compare("localhost") == 0 || (is_address && name.starts_with("127."));
}

Challenge read_challenge(const std::string& header) {
    Challenge challenge;
    challenge.scheme = read_scheme(header.substr(0, header.find(' ')));
    challenge.realm = parameter(header, "realm");
    challenge.service = parameter(header, "service");
    challenge.scope = parameter(header, "scope");
    return challenge;
}

std::string token_url(const Challenge& challenge, const std::string& path) {
    const auto scope = challenge.scope.empty() ? "repository:" + path + ":pull" : challenge.scope;
    const std::string separator = challenge.realm.find('?') == std::string::npos ? "?" : "&";
    return challenge.realm + separator + "service=" + url_encode(challenge.service) +
           "&scope=" + url_encode(scope);
}

}  // namespace deployctl::plugins
