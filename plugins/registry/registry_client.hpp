// SPDX-License-Identifier: Apache-2.0
// The registry API (OCI distribution): which digest a tag has. HTTPS, but for hosts that are
// loopback or named as insecure: these are asked by plain HTTP first, since not every server tells
// a TLS client that it speaks none. Logs in as the registry asks: bearer token, anonymous or with
// Docker's credentials, or basic. Credentials go to the registry and its token server by HTTPS, or
// to a host trusted without it; never into a message. Engine's thread.
#pragma once

#include "plugins/registry/reference.hpp"
#include "plugins/registry/registry_access.hpp"
#include "ports/http.hpp"
#include "ports/registry.hpp"

namespace deployctl::plugins {

class RegistryClient final : public Registry {
public:
    RegistryClient(Http& http, RegistryAccess access);

    Task<TagAnswer> resolve(ImageRef image) override;

private:
    Task<HttpAnswer> ask(Reference reference, std::string scheme);
    Task<HttpAnswer> fetch(std::string method, std::string url, std::string authorization);
    Task<std::string> authorize(Reference reference, std::string header);
    bool is_trusted_plain(const std::string& host) const;
    bool may_tell(const std::string& url) const;
    std::string basic_authorization(const std::string& host) const;

    Http& http_;
    RegistryAccess access_;
};

}  // namespace deployctl::plugins
