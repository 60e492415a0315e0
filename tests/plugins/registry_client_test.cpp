// SPDX-License-Identifier: Apache-2.0
#include "plugins/registry/registry_client.hpp"

#include "documents/json.hpp"
#include "plugins/http/curl_http.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/scripted_server.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::plugins;
using simcluster::run;
using tests::Exchange;
using tests::ScriptedServer;
using Kind = TagAnswer::Kind;

namespace {

const std::string digest = "sha256:" + std::string(64, 'a');
const std::string digest_header = "Docker-Content-Digest: " + digest + "\r\n";

TagAnswer resolved(const std::string& image, const RegistryAccess& access = {}) {
    CurlHttp http;
    RegistryClient client(http, access);
    return run(client.resolve(read_image(image)));
}

}  // namespace

TEST_CASE("a tag becomes its digest by one HEAD", "[plugins][registry]") {
    std::string accepted;
    ScriptedServer server([&](Exchange& exchange) {
        accepted = exchange.header("accept");
        exchange.answer(200, "{}", digest_header);
    });
    const auto answer = resolved(server.host() + "/shop/web:v2");
    CHECK(answer.kind == Kind::found);
    CHECK(answer.digest == digest);
    CHECK(server.requests() == std::vector<std::string>{"HEAD /v2/shop/web/manifests/v2"});
    CHECK(accepted == "application/vnd.oci.image.index.v1+json");
}

TEST_CASE(
    "a registry that does not tell the digest is asked for the manifest", "[plugins][registry]"
) {
    ScriptedServer server([](Exchange& exchange) { exchange.answer(200, R"({"schemaVersion":2})"); }
    );
    CHECK(
        resolved(server.host() + "/web:v2").digest ==
        "sha256:" + documents::sha256_hex(R"({"schemaVersion":2})")
    );
}

TEST_CASE(
    "a tag that is not there is told from a registry that cannot be asked", "[plugins][registry]"
) {
    ScriptedServer server([](Exchange& exchange) {
        const int status =
            exchange.target().find("manifests/none") != std::string::npos ? 404 : 500;
        exchange.answer(status, "");
    });
    const auto none = resolved(server.host() + "/shop/web:none");
    CHECK(none.kind == Kind::no_such_tag);
    CHECK(none.message == server.host() + " has no shop/web:none");
    const auto broken = resolved(server.host() + "/shop/web:v1");
    CHECK(broken.kind == Kind::unreachable);
    CHECK(broken.message == server.host() + ": HTTP 500");
    const auto away = resolved("127.0.0.1:1/shop/web:v1");
    CHECK(away.kind == Kind::unreachable);
    CHECK(away.message.starts_with("127.0.0.1:1: Failed to connect"));
}

TEST_CASE("a bearer token is fetched where the registry asks for one", "[plugins][registry]") {
    std::string host;
    std::string basic;
    ScriptedServer server([&](Exchange& exchange) {
        if (exchange.target().starts_with("/token")) {
            basic = exchange.header("authorization");
            exchange.answer(200, R"({"token":"t0ken"})");
        } else if (exchange.header("authorization") == "Bearer t0ken") {
            exchange.answer(200, "", digest_header);
        } else {
            exchange.answer(
                401,
                "",
                "WWW-Authenticate: Bearer realm=\"http://" + host +
                    "/token\",service=\"My registry\"\r\n"
            );
        }
    });
    host = server.host();
    SECTION("anonymous") {
        CHECK(resolved(host + "/shop/web:v1").digest == digest);
        CHECK(basic.empty());
        CHECK(
            server.requests().at(1) ==
            "GET /token?service=My%20registry&scope=repository%3Ashop%2Fweb%3Apull"
        );
    }
    SECTION("with Docker's credentials") {
        CHECK(resolved(host + "/shop/web:v1", {{}, {{host, "dXNlcjpwYXNz"}}}).digest == digest);
        CHECK(basic == "Basic dXNlcjpwYXNz");
    }
}

TEST_CASE("basic credentials are given where they are asked for", "[plugins][registry]") {
    ScriptedServer server([](Exchange& exchange) {
        const bool known = exchange.header("authorization") == "Basic dXNlcjpwYXNz";
        exchange.answer(
            known ? 200 : 401, "", known ? digest_header : "WWW-Authenticate: Basic realm=\"x\"\r\n"
        );
    });
    CHECK(
        resolved(server.host() + "/web:v1", {{}, {{server.host(), "dXNlcjpwYXNz"}}}).kind ==
        Kind::found
    );
    const auto stranger = resolved(server.host() + "/web:v1", {{}, {{server.host(), "c2VjcmV0"}}});
    CHECK(stranger.kind == Kind::unreachable);
    CHECK(stranger.message == server.host() + ": no permission to read web, HTTP 401");
}

TEST_CASE(
    "no credentials go in the clear to a token server that is not trusted so", "[plugins][registry]"
) {
    ScriptedServer server([](Exchange& exchange) {
        exchange.answer(
            401, "", "WWW-Authenticate: Bearer realm=\"http://token.invalid/\",service=\"x\"\r\n"
        );
    });
    const auto answer =
        resolved(server.host() + "/web:v1", {{}, {{server.host(), "dXNlcjpwYXNz"}}});
    CHECK(answer.kind == Kind::unreachable);
    CHECK(answer.message.find("dXNlcjpwYXNz") == std::string::npos);
}

TEST_CASE("plain HTTP is for loopback and for hosts that are named", "[plugins][registry]") {
    CHECK(is_loopback("localhost:5000"));
    CHECK(is_loopback("127.0.0.1:5000"));
    CHECK(is_loopback("[::1]:5000"));
    CHECK_FALSE(is_loopback("127.0.0.1.example.com"));
    CHECK_FALSE(is_loopback("localhost.example.com:80"));
    CHECK_FALSE(is_loopback("10.0.0.1:5000"));
    CHECK(read_host_list("a:1, b,,c") == std::vector<std::string>{"a:1", "b", "c"});
    CHECK(read_host_list("").empty());
}

TEST_CASE("images are addressed as Docker does", "[plugins][registry]") {
    const auto text = [](const std::string& image) {
        const auto reference = reference_of(read_image(image));
        return reference.host + " " + reference.path + " " + reference.version;
    };
    CHECK(text("nginx") == "registry-1.docker.io library/nginx latest");
    CHECK(text("acme/web:v1") == "registry-1.docker.io acme/web v1");
    CHECK(text("docker.io/nginx:1") == "registry-1.docker.io library/nginx 1");
    CHECK(text("localhost:5000/shop/web:v2") == "localhost:5000 shop/web v2");
    CHECK(text("ghcr.io/a/b/c:d") == "ghcr.io a/b/c d");
    CHECK(text("ghcr.io/a/b@" + digest) == "ghcr.io a/b " + digest);
}

TEST_CASE(
    "Docker's credentials are read, helpers and nonsense passed over", "[plugins][registry]"
) {
    const auto credentials =
        read_docker_auths(R"({"auths": {"https://index.docker.io/v1/": {"auth": "YQ=="},
        "ghcr.io": {"auth": "Yg=="}, "helped.example.com": {}}, "credsStore": "desktop"})");
    CHECK(credentials.size() == 2);
    CHECK(credentials.at("registry-1.docker.io") == "YQ==");
    CHECK(credentials.at("ghcr.io") == "Yg==");
    CHECK(read_docker_auths("nonsense").empty());
    CHECK(read_docker_auths("").empty());
}
