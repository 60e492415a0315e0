// SPDX-License-Identifier: Apache-2.0
#include "plugins/registry/registry_client.hpp"

#include "documents/json.hpp"

#include <algorithm>

namespace deployctl::plugins {

namespace {

/// Where the first part of a repository names a host: it has a dot, a port, or is localhost.
std::string host_of(const std::string& repository) {
    const auto slash = repository.find('/');
    const auto first = repository.substr(0, slash);
    const bool is_host =
        slash != std::string::npos &&
        (first.find_first_of(".:") != std::string::npos || first.starts_with("localhost"));
    return is_host ? first : "";
}

std::string parameter(const std::string& challenge, const std::string& name) {
    const auto begin = challenge.find(name + "=\"");
    if (begin == std::string::npos) {
        return "";
    }
    const auto value = begin + name.size() + 2;
    return challenge.substr(value, challenge.find('"', value) - value);
}

std::string header(const HttpAnswer& answer, const std::string& name) {
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? "" : found->second;
}

TagAnswer read_answer(const HttpAnswer& answer) {
    if (answer.kind != HttpAnswer::Kind::answered) {
        return {TagAnswer::Kind::unreachable, "", answer.failure};
    }
    if (answer.status == 404) {
        return {TagAnswer::Kind::no_such_tag, "", "the registry has no such tag"};
    }
    const auto digest = header(answer, "docker-content-digest");
    if (answer.status != 200 || digest.empty()) {
        return {
            TagAnswer::Kind::unreachable,
            "",
            "the registry answered HTTP " + std::to_string(answer.status)
        };
    }
    return {TagAnswer::Kind::found, digest, ""};
}

}  // namespace

std::string token_url(const std::string& challenge) {
    const auto realm = parameter(challenge, "realm");
    if (!challenge.starts_with("Bearer ") || realm.empty()) {
        return "";
    }
    return realm + "?service=" + parameter(challenge, "service") +
           "&scope=" + parameter(challenge, "scope");
}

RegistryClient::RegistryClient(Http& http, std::vector<std::string> insecure_hosts)
    : http_(http), insecure_hosts_(std::move(insecure_hosts)) {}

bool RegistryClient::is_plain(const std::string& host) const {
    const auto name = host.substr(0, host.rfind(':'));
    return name == std::string_view("localhost") || name.starts_with("127.") ||
           name == std::string_view("[::1]") || std::ranges::count(insecure_hosts_, host) > 0;
}

Task<HttpAnswer> RegistryClient::ask(std::string url, std::string token) {
    HttpRequest request;
    request.method = "HEAD";
    request.url = std::move(url);
    request.headers = {
        "Accept: application/vnd.oci.image.index.v1+json",
        "Accept: application/vnd.oci.image.manifest.v1+json",
        "Accept: application/vnd.docker.distribution.manifest.list.v2+json",
        "Accept: application/vnd.docker.distribution.manifest.v2+json",
    };
    if (!token.empty()) {
        request.headers.push_back("Authorization: Bearer " + token);
    }
    auto answer = co_await http_.send(request);
    co_return answer;
}

Task<std::string> RegistryClient::fetch_token(std::string challenge) {
    HttpRequest request;
    request.url = token_url(challenge);
    if (request.url.empty()) {
        co_return "";
    }
    const auto answer = co_await http_.send(request);
    const auto body = documents::try_read_json(answer.body);
    if (!body) {
        co_return "";
    }
    co_return body->text("/token", body->text("/access_token"));
}

Task<TagAnswer> RegistryClient::resolve(ImageRef image) {
    const auto host = host_of(image.repository);
    if (host.empty()) {
        co_return TagAnswer{TagAnswer::Kind::unreachable, "", "the image names no registry host"};
    }
    const auto path = image.repository.substr(host.size() + 1);
    const std::string scheme = is_plain(host) ? "http://" : "https://";
    const auto url = scheme + host + "/v2/" + path + "/manifests/" + image.tag;
    const std::string no_token;
    auto answer = co_await ask(url, no_token);
    if (answer.kind == HttpAnswer::Kind::answered && answer.status == 401) {
        const auto challenge = header(answer, "www-authenticate");
        const auto token = co_await fetch_token(challenge);
        if (!token.empty()) {
            answer = co_await ask(url, token);
        }
    }
    co_return read_answer(answer);
}

}  // namespace deployctl::plugins
