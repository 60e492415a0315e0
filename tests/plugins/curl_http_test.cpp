// SPDX-License-Identifier: Apache-2.0
#include "plugins/http/curl_http.hpp"

#include "plugins/system/system_clock.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/scripted_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <unistd.h>

using namespace deployctl;
using namespace deployctl::plugins;
using namespace boost::asio::experimental::awaitable_operators;
using simcluster::run;
using tests::Exchange;
using tests::Meeting;
using tests::ScriptedServer;
using tests::soon;
using Kind = HttpAnswer::Kind;

namespace {

HttpRequest get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    return request;
}

struct Streamed {
    HttpAnswer answer;
    std::vector<std::string> lines;
};

Streamed stream_of(CurlHttp& http, const HttpRequest& request) {
    Streamed streamed;
    const std::function<void(std::string)> on_line = [&](std::string line) {
        streamed.lines.push_back(std::move(line));
    };
    streamed.answer = run(http.stream(request, on_line));
    return streamed;
}

}  // namespace

TEST_CASE("an answer has status, body and headers in lower case", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) {
        exchange.answer(404, "not here", "X-Some-Header:  a b \r\n");
    });
    CurlHttp http;
    const auto answer = run(http.send(get(server.url("/thing?x=1"))));
    CHECK(answer.kind == Kind::answered);
    CHECK(answer.status == 404);
    CHECK(answer.body == "not here");
    CHECK(answer.headers.at("x-some-header") == "a b");
    CHECK(answer.took > Duration{});
    CHECK(server.requests() == std::vector<std::string>{"GET /thing?x=1"});
}

TEST_CASE("method, headers and body go out as they were given", "[plugins][http]") {
    std::string seen;
    ScriptedServer server([&](Exchange& exchange) {
        seen = exchange.method() + " " + exchange.header("content-type") + " " + exchange.body();
        exchange.answer(200, "");
    });
    CurlHttp http;
    auto request = get(server.url("/"));
    request.method = "PATCH";
    request.headers = {"Content-Type: application/json-patch+json"};
    request.body = "[]";
    run(http.send(request));
    CHECK(seen == "PATCH application/json-patch+json []");
}

TEST_CASE("a HEAD has headers and no body to wait for", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) { exchange.answer(200, "12345"); });
    CurlHttp http;
    auto request = get(server.url("/"));
    request.method = "HEAD";
    const auto answer = run(http.send(request));
    CHECK(answer.kind == Kind::answered);
    CHECK(answer.headers.at("content-length") == "5");
}

TEST_CASE(
    "requests go over a unix socket, and a connection serves many of them", "[plugins][http]"
) {
    ScriptedServer server([](Exchange& exchange) { exchange.answer(200, exchange.header("host")); }
    );
    CurlHttp http;
    auto request = get("http://localhost/api");
    request.unix_socket = server.socket();
    for (int count = 0; count < 3; ++count) {
        CHECK(run(http.send(request)).body == "localhost");
    }
    CHECK(server.connections() == 1);
}

TEST_CASE(
    "what never reached the server is told from what was lost on the way", "[plugins][http]"
) {
    CurlHttp http;
    SECTION("nobody listens") {
        const auto answer = run(http.send(get("http://127.0.0.1:1/")));
        CHECK(answer.kind == Kind::not_sent);
        CHECK(answer.failure.find("onnect") != std::string::npos);
    }
    SECTION("no such socket") {
        auto request = get("http://localhost/");
        request.unix_socket = "/no/such/socket";
        CHECK(run(http.send(request)).kind == Kind::not_sent);
    }
    SECTION("no URL") {
        CHECK(run(http.send(get("nonsense://x y"))).kind == Kind::not_sent);
    }
    SECTION("a file is not read") {
        CHECK(run(http.send(get("file:///etc/passwd"))).kind == Kind::not_sent);
    }
    SECTION("the connection ends without an answer") {
        ScriptedServer server([](Exchange&) {});
        CHECK(run(http.send(get(server.url("/")))).kind == Kind::lost);
    }
    SECTION("the connection ends within the answer") {
        ScriptedServer server([](Exchange& exchange) {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        });
        const auto answer = run(http.send(get(server.url("/"))));
        CHECK(answer.kind == Kind::lost);
        CHECK(answer.status == 200);
    }
    SECTION("no answer within the timeout") {
        ScriptedServer server([](Exchange& exchange) { exchange.hang(); });
        auto request = get(server.url("/"));
        request.timeout = milliseconds(100);
        const auto answer = run(http.send(request));
        CHECK(answer.kind == Kind::lost);
        CHECK(answer.failure.find("timed out") != std::string::npos);
    }
    SECTION("it speaks no HTTP") {
        ScriptedServer server([](Exchange& exchange) { exchange.raw("hello\r\n"); });
        CHECK(run(http.send(get(server.url("/")))).kind == Kind::lost);
    }
}

TEST_CASE("an answer past the limit is a failure that says so", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) { exchange.answer(200, std::string(2000, 'x')); });
    CurlHttp http;
    auto request = get(server.url("/"));
    request.most_bytes = 1000;
    const auto answer = run(http.send(request));
    CHECK(answer.kind == Kind::lost);
    CHECK(answer.failure == "the answer is larger than 1000 bytes");
}

TEST_CASE("a failure tells nothing of headers and body", "[plugins][http]") {
    ScriptedServer server([](Exchange&) {});
    CurlHttp http;
    auto request = get(server.url("/?token=s3cret"));
    request.headers = {"Authorization: Bearer s3cret"};
    request.body = "s3cret";
    CHECK(run(http.send(request)).failure.find("s3cret") == std::string::npos);
}

TEST_CASE("a stream comes line by line, whatever the pieces it is sent in", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) {
        exchange.begin_stream();
        exchange.chunk("on");
        exchange.chunk("e\ntwo\n\nth");
        exchange.chunk("ree");
        exchange.end();
    });
    CurlHttp http;
    const auto streamed = stream_of(http, get(server.url("/")));
    CHECK(streamed.answer.kind == Kind::answered);
    CHECK(streamed.lines == std::vector<std::string>{"one", "two", "", "three"});
    CHECK(streamed.answer.body.empty());
}

TEST_CASE("half a line of a broken stream is no line", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) {
        exchange.begin_stream();
        exchange.chunk("whole\nha");
    });
    CurlHttp http;
    const auto streamed = stream_of(http, get(server.url("/")));
    CHECK(streamed.answer.kind == Kind::lost);
    CHECK(streamed.lines == std::vector<std::string>{"whole"});
}

TEST_CASE("a refused stream gives no lines but the words of the refusal", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) { exchange.answer(410, "too old\n"); });
    CurlHttp http;
    const auto streamed = stream_of(http, get(server.url("/")));
    CHECK(streamed.answer.status == 410);
    CHECK(streamed.answer.body == "too old\n");
    CHECK(streamed.lines.empty());
}

TEST_CASE("a line without end ends the stream", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) {
        exchange.begin_stream();
        const std::string piece(1 << 20, 'x');
        for (int count = 0; count < 20; ++count) {
            exchange.chunk(piece);
        }
        exchange.hang();
    });
    CurlHttp http;
    const auto streamed = stream_of(http, get(server.url("/")));
    CHECK(streamed.answer.failure.find("a line is longer than") == 0);
    CHECK(streamed.lines.empty());
}

Task<> until_positive(SystemClock* clock, const int* count) {
    while (*count == 0) {
        co_await clock->sleep(milliseconds(5));
    }
}

TEST_CASE("cancelling the task ends the transfer at once", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) {
        exchange.begin_stream();
        exchange.chunk("one\n");
        exchange.hang();
    });
    CurlHttp http;
    SystemClock clock;
    int lines = 0;
    const std::function<void(std::string)> count = [&](const std::string&) { ++lines; };
    auto raced = http.stream(get(server.url("/")), count) || until_positive(&clock, &lines);
    CHECK(run(std::move(raced)).index() == 1);
    CHECK(lines == 1);
    CHECK(soon([&] { return server.open_connections() == 0; }));
}

TEST_CASE("many requests run side by side", "[plugins][http]") {
    Meeting meeting(4);
    ScriptedServer server([&](Exchange& exchange) {
        exchange.answer(meeting.join() ? 200 : 500, "");
    });
    CurlHttp http;
    const auto request = get(server.url("/"));
    auto four =
        http.send(request) && http.send(request) && http.send(request) && http.send(request);
    const auto answers = run(std::move(four));
    CHECK(std::get<0>(answers).status == 200);
    CHECK(std::get<3>(answers).status == 200);
}

TEST_CASE("a client that goes with transfers under way leaves nothing behind", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) { exchange.hang(); });
    boost::asio::io_context loop;
    {
        CurlHttp http;
        boost::asio::co_spawn(
            loop, http.send(get(server.url("/"))), [](std::exception_ptr, const HttpAnswer&) {}
        );
        CHECK(soon([&] {
            loop.run_for(milliseconds(5));
            return server.open_connections() == 1;
        }));
    }
    CHECK(soon([&] { return server.open_connections() == 0; }));
}

TEST_CASE("a connection that is accepted is an answer, and nothing is sent", "[plugins][http]") {
    ScriptedServer server([](Exchange& exchange) { exchange.answer(200, "no"); });
    CurlHttp http;
    auto request = get(server.url("/"));
    request.reach = HttpRequest::Reach::connection;
    const auto answer = run(http.send(request));
    INFO(answer.failure);
    CHECK(answer.kind == HttpAnswer::Kind::answered);
    CHECK(answer.status == 0);
    CHECK(soon([&] { return server.open_connections() == 0; }));
    CHECK(server.requests().empty());
}

TEST_CASE("nobody there, and a host that nobody knows, are told apart", "[plugins][http]") {
    CurlHttp http;
    HttpRequest request;
    request.reach = HttpRequest::Reach::connection;
    request.url = "http://127.0.0.1:1/";
    const auto refused = run(http.send(request));
    CHECK(refused.kind == HttpAnswer::Kind::not_sent);
    CHECK_FALSE(refused.is_unresolved);
    request.url = "http://nobody.invalid:80/";
    const auto unknown = run(http.send(request));
    CHECK(unknown.kind == HttpAnswer::Kind::not_sent);
    CHECK(unknown.is_unresolved);
    CHECK_FALSE(unknown.failure.empty());
}
