// SPDX-License-Identifier: Apache-2.0
#include "plugins/registry/registry_client.hpp"

#include "documents/json.hpp"

#include <algorithm>

namespace deployctl::plugins {

namespace {

constexpr int bad_request = 400;
constexpr int unauthorized = 401;
constexpr int not_found = 404;
constexpr int method_not_allowed = 405;
constexpr std::size_t largest_manifest = 8UL * 1024 * 1024;

std::string header(const HttpAnswer& answer, const std::string& name) {
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? "" : found->second;
}

TagAnswer unreachable(const Reference& reference, const std::string& why) {
    return {TagAnswer::Kind::unreachable, "", reference.host + ": " + why};
}

/// The registry's words: {"errors":[{"code":"DENIED","message":"requested access to the resource is
/// denied"}]}.
std::string refusal(const HttpAnswer& answer) {
    const auto body = documents::try_read_json(answer.body).value_or(Value());
    const auto message = body.text("/errors/0/message").substr(0, 200);
    return "HTTP " + std::to_string(answer.status) + (message.empty() ? "" : ": " + message);
}

std::string host_of_url(const std::string& url) {
    const auto begin = url.find("://") + 3;
    return url.substr(begin, url.find_first_of("/?#", begin) - begin);
}

TagAnswer read_answer(const HttpAnswer& answer, const Reference& reference) {
    if (answer.kind != HttpAnswer::Kind::answered) {
        return unreachable(reference, answer.failure);
    }
    if (answer.status == not_found) {
        return {
            TagAnswer::Kind::no_such_tag,
            "",
            reference.host + " has no " + reference.path + ":" + reference.version,
        };
    }
    if (answer.status == unauthorized || answer.status == 403) {
        return unreachable(
            reference, "no permission to read " + reference.path + ", " + refusal(answer)
        );
    }
    if (answer.status != 200) {
        return unreachable(reference, refusal(answer));
    }
    const auto told = header(answer, "docker-content-digest");
    const auto digest = told.empty() ? "sha256:" + documents::sha256_hex(answer.body) : told;
    return {TagAnswer::Kind::found, digest, ""};
}

/// An answer to HEAD from which the digest cannot be known.
bool needs_whole_manifest(const HttpAnswer& answer) {
    const bool is_bare = answer.status == 200 && header(answer, "docker-content-digest").empty();
    return answer.kind == HttpAnswer::Kind::answered &&
           (is_bare || answer.status == method_not_allowed);
}

}  // namespace

RegistryClient::RegistryClient(Http& http, RegistryAccess access)
    : http_(http), access_(std::move(access)) {}

bool RegistryClient::is_trusted_plain(const std::string& host) const {
    return is_loopback(host) || std::ranges::count(access_.insecure_hosts, host) > 0;
}

/// Whether a secret may go there.
bool RegistryClient::may_tell(const std::string& url) const {
    return url.starts_with("https://") ||
           (url.starts_with("http://") && is_trusted_plain(host_of_url(url)));
}

std::string RegistryClient::basic_authorization(const std::string& host) const {
    const auto found = access_.credentials.find(host);
    return found == access_.credentials.end() ? "" : "Basic " + found->second;
}

Task<HttpAnswer> RegistryClient::fetch(
    std::string method, std::string url, std::string authorization
) {
    HttpRequest request;
    request.method = std::move(method);
    request.headers = {
        "Accept: application/vnd.oci.image.index.v1+json",
        "Accept: application/vnd.oci.image.manifest.v1+json",
        "Accept: application/vnd.docker.distribution.manifest.list.v2+json",
        "Accept: application/vnd.docker.distribution.manifest.v2+json",
        "Accept: application/json",
    };
    if (!authorization.empty() && may_tell(url)) {
        request.headers.push_back("Authorization: " + authorization);
    }
    request.url = std::move(url);
    request.most_bytes = largest_manifest;
    auto answer = co_await http_.send(request);
    co_return answer;
}

/// What to put into the Authorization header; empty where there is nothing to try.
Task<std::string> RegistryClient::authorize(Reference reference, std::string header_text) {
    const auto challenge = read_challenge(header_text);
    const auto basic = basic_authorization(reference.host);
    if (challenge.scheme == Challenge::Scheme::basic) {
        co_return basic;
    }
    if (challenge.scheme == Challenge::Scheme::none || challenge.realm.empty()) {
        co_return std::string();
    }
    const auto url = token_url(challenge, reference.path);
    const std::string method = "GET";
    const auto answer = co_await fetch(method, url, basic);
    const auto body = documents::try_read_json(answer.body).value_or(Value());
    const auto token = body.text("/token", body.text("/access_token"));
    co_return token.empty() ? token : "Bearer " + token;
}

Task<HttpAnswer> RegistryClient::ask(Reference reference, std::string scheme) {
    const auto url = scheme + "://" + reference.host + "/v2/" + reference.path + "/manifests/" +
                     reference.version;
    std::string method = "HEAD";
    std::string authorization;
    auto answer = co_await fetch(method, url, authorization);
    if (answer.kind == HttpAnswer::Kind::answered && answer.status == unauthorized) {
        const auto challenge = header(answer, "www-authenticate");
        authorization = co_await authorize(reference, challenge);
        if (!authorization.empty()) {
            answer = co_await fetch(method, url, authorization);
        }
    }
    if (needs_whole_manifest(answer)) {
        method = "GET";
        answer = co_await fetch(method, url, authorization);
    }
    co_return answer;
}

Task<TagAnswer> RegistryClient::resolve(ImageRef image) {
    const auto reference = reference_of(image);
    const std::string secure = "https";
    const bool trusted = is_trusted_plain(reference.host);
    const std::string first = trusted ? "http" : secure;
    auto answer = co_await ask(reference, first);
    const bool speaks_tls =
        answer.kind != HttpAnswer::Kind::answered || answer.status == bad_request;
    if (trusted && speaks_tls) {
        auto again = co_await ask(reference, secure);
        if (again.kind == HttpAnswer::Kind::answered) {
            answer = std::move(again);
        }
    }
    co_return read_answer(answer, reference);
}

}  // namespace deployctl::plugins
