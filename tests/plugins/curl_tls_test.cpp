// SPDX-License-Identifier: Apache-2.0
#include "plugins/http/curl_http.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/process/child.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/scratch_folder.hpp"
#include "tests/plugins/scripted_server.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <memory>

using namespace deployctl;
using namespace deployctl::plugins;
using simcluster::run;
using Kind = HttpAnswer::Kind;

namespace {

enum class Clients { anybody, known };

/// OpenSSL's own server, which tells in its page who the client is.
class TlsServer {
public:
    explicit TlsServer(Clients clients) {
        make_certificate("server");
        make_certificate("client");
        const auto demand = clients == Clients::known
                                ? "-Verify 1 -verify_return_error -CAfile " + file("client.pem")
                                : std::string();
        const auto order = "exec openssl s_server -accept 127.0.0.1:0 -www -cert " +
                           file("server.pem") + " -key " + file("server.key") + " " + demand +
                           " >" + file("out");
        child_ = std::make_unique<Child>(
            loop_.get_executor(), ChildStart{{"/bin/sh", "-c", order}, file("errors")}
        );
        REQUIRE(tests::soon([this] { return !port().empty(); }));
    }

    std::string file(const std::string& name) const { return folder_.path() + "/" + name; }

    HttpAnswer get(const HttpTls& tls, const std::string& host = "127.0.0.1") {
        CurlHttp http;
        HttpRequest request;
        request.url = "https://" + host + ":" + port() + "/";
        request.tls = tls;
        return run(http.send(request));
    }

private:
    void make_certificate(const std::string& name) const {
        BoostProcess process;
        Command command;
        command.argv = {
            find_program("openssl"),
            "req",
            "-x509",
            "-nodes",
            "-days",
            "2",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-keyout",
            file(name + ".key"),
            "-out",
            file(name + ".pem"),
            "-subj",
            "/CN=the-" + name,
            "-addext",
            "subjectAltName=IP:127.0.0.1"
        };
        const auto result = run(process.run(command));
        INFO(result.error_output);
        REQUIRE(result.exit_code == 0);
    }

    /// "ACCEPT 127.0.0.1:41187"; empty before it listens.
    std::string port() const {
        std::ifstream output(file("out"));
        for (std::string line; std::getline(output, line);) {
            if (line.starts_with("ACCEPT ") && !output.eof()) {
                return line.substr(line.rfind(':') + 1);
            }
        }
        return "";
    }

    tests::ScratchFolder folder_;
    boost::asio::io_context loop_;
    std::unique_ptr<Child> child_;
};

}  // namespace

TEST_CASE(
    "a server is trusted by the authority that is named, and by no other", "[plugins][http]"
) {
    TlsServer server(Clients::anybody);
    CHECK(server.get({.ca_file = server.file("server.pem")}).status == 200);
    const auto stranger = server.get({});
    CHECK(stranger.kind != Kind::answered);
    CHECK(stranger.failure.find("certificate") != std::string::npos);
    const auto other = server.get({.ca_file = server.file("client.pem")});
    CHECK(other.kind != Kind::answered);
    CHECK(other.failure.find("certificate") != std::string::npos);
}

TEST_CASE("a certificate for another name is not taken", "[plugins][http]") {
    TlsServer server(Clients::anybody);
    const auto answer = server.get({.ca_file = server.file("server.pem")}, "localhost");
    CHECK(answer.kind != Kind::answered);
    CHECK(answer.failure.find("localhost") != std::string::npos);
}

TEST_CASE("a server that asks who we are is shown the client's certificate", "[plugins][http]") {
    TlsServer server(Clients::known);
    const HttpTls nobody{.ca_file = server.file("server.pem")};
    CHECK(server.get(nobody).kind != Kind::answered);
    auto known = nobody;
    known.cert_file = server.file("client.pem");
    known.key_file = server.file("client.key");
    const auto answer = server.get(known);
    CHECK(answer.status == 200);
    CHECK(answer.body.find("the-client") != std::string::npos);
    known.key_file = server.file("server.key");
    CHECK(server.get(known).kind != Kind::answered);
}
