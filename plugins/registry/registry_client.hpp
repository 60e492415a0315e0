// SPDX-License-Identifier: Apache-2.0
// The registry API (OCI distribution): which digest a tag has. Plain HTTP only to loopback hosts
// and to those that are named as insecure; anonymous bearer tokens where the registry asks for one.
// Engine's thread.
#pragma once

#include "ports/http.hpp"
#include "ports/registry.hpp"

#include <string>
#include <vector>

namespace deployctl::plugins {

class RegistryClient final : public Registry {
public:
    RegistryClient(Http& http, std::vector<std::string> insecure_hosts);

    Task<TagAnswer> resolve(ImageRef image) override;

private:
    Task<HttpAnswer> ask(std::string url, std::string token);
    Task<std::string> fetch_token(std::string challenge);
    bool is_plain(const std::string& host) const;

    Http& http_;
    std::vector<std::string> insecure_hosts_;
};

/// `Bearer realm="...",service="...",scope="..."` as the URL to fetch a token from; empty where it
/// is no such.
std::string token_url(const std::string& challenge);

}  // namespace deployctl::plugins
