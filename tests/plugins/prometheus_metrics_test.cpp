// SPDX-License-Identifier: Apache-2.0
#include "plugins/prometheus/prometheus_metrics.hpp"

#include "plugins/http/curl_http.hpp"
#include "simcluster/run.hpp"
#include "simcluster/virtual_clock.hpp"
#include "tests/plugins/a_source.hpp"
#include "tests/plugins/scratch_folder.hpp"
#include "tests/plugins/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace deployctl;
using namespace deployctl::plugins;
using simcluster::run;
using tests::a_source;
using tests::Exchange;
using tests::ScriptedServer;
using Kind = MetricAnswer::Kind;

namespace {

const std::string one = R"({"status":"success","data":{"resultType":"scalar","result":[1,"7"]}})";
const std::string broken = R"({"status":"error","errorType":"unavailable","error":"starting"})";

/// A folder with one secret in it, and who asks with it.
struct Asker {
    std::string write(const std::string& text) const {
        std::ofstream(folder.path() + "/secret") << text;
        return folder.path() + "/secret";
    }

    MetricAnswer ask(const MetricsSource& source, const std::string& query = "up") {
        return run(metrics.instant(source, query));
    }

    tests::ScratchFolder folder;
    CurlHttp http;
    simcluster::VirtualClock clock;
    PrometheusMetrics metrics{http, clock};
};

/// Answers `first` so many times, then with a number.
ScriptedServer::Script after(int count, const std::function<void(Exchange&)>& first) {
    return [count, first](Exchange& exchange) mutable {
        if (count-- > 0) {
            first(exchange);
        } else {
            exchange.answer(200, one);
        }
    };
}

}  // namespace

TEST_CASE("a query is posted as a form below the path of the source", "[plugins][prometheus]") {
    std::string type;
    std::string body;
    ScriptedServer server([&](Exchange& exchange) {
        type = exchange.header("content-type");
        body = exchange.body();
        exchange.answer(200, one);
    });
    Asker asker;
    const auto answer = asker.ask(a_source().url(server.url("/tenant/")), "sum(up{a=\"b&c\"}) + 1");
    REQUIRE(answer.kind == Kind::series);
    CHECK(answer.series.at(0).points.at(0).value == 7);
    CHECK(server.requests() == std::vector<std::string>{"POST /tenant/api/v1/query"});
    CHECK(type == "application/x-www-form-urlencoded");
    CHECK(body == "query=sum%28up%7Ba%3D%22b%26c%22%7D%29%20%2B%201");
}

TEST_CASE("a range says from when to when, and how far apart", "[plugins][prometheus]") {
    std::string body;
    ScriptedServer server([&](Exchange& exchange) {
        body = exchange.body();
        exchange.answer(200, one);
    });
    Asker asker;
    const auto from = WallTime(seconds(1'700'000'000));
    const MetricsSource source = a_source().url(server.url(""));
    const std::string query = "up";
    const MetricRange range{from, from + minutes(1), milliseconds(1500)};
    CHECK(run(asker.metrics.range(source, query, range)).kind == Kind::series);
    CHECK(server.requests() == std::vector<std::string>{"POST /api/v1/query_range"});
    CHECK(
        body ==
        "query=up&start=2023-11-14T22%3A13%3A20.000000Z&end=2023-11-14T22%3A14%3A20.000000Z"
        "&step=1.500000"
    );
}

TEST_CASE("a query of any length goes through", "[plugins][prometheus]") {
    std::size_t size = 0;
    ScriptedServer server([&](Exchange& exchange) {
        size = exchange.body().size();
        exchange.answer(200, one);
    });
    Asker asker;
    CHECK(
        asker.ask(a_source().url(server.url("")), std::string(200'000, 'a')).kind == Kind::series
    );
    CHECK(size == 200'006);
}

TEST_CASE("the token is read anew for each query", "[plugins][prometheus]") {
    std::string authorization;
    ScriptedServer server([&](Exchange& exchange) {
        authorization = exchange.header("authorization");
        exchange.answer(200, one);
    });
    Asker asker;
    const MetricsSource source = a_source().url(server.url("")).token_file(asker.write("t0ken\n"));
    CHECK(asker.ask(source).kind == Kind::series);
    CHECK(authorization == "Bearer t0ken");
    asker.write("  renewed\r\n");
    CHECK(asker.ask(source).kind == Kind::series);
    CHECK(authorization == "Bearer renewed");
}

TEST_CASE(
    "a name and its password go as basic credentials, with headers beside", "[plugins][prometheus]"
) {
    std::string authorization;
    std::string tenant;
    ScriptedServer server([&](Exchange& exchange) {
        authorization = exchange.header("authorization");
        tenant = exchange.header("x-scope-orgid");
        exchange.answer(200, one);
    });
    Asker asker;
    MetricsSource source = a_source().url(server.url("")).username("user");
    source.headers["X-Scope-OrgID"] = "shop";
    const auto [password, sent] = GENERATE(table<std::string, std::string>({
        {"pass\n", "Basic dXNlcjpwYXNz"},
        {"passw", "Basic dXNlcjpwYXNzdw=="},
        {"pass word ", "Basic dXNlcjpwYXNzIHdvcmQg"},
        {"\xff\xfe", "Basic dXNlcjr//g=="},
    }));
    source.password_file = asker.write(password);
    CHECK(asker.ask(source).kind == Kind::series);
    CHECK(authorization == sent);
    CHECK(tenant == "shop");
}

TEST_CASE(
    "what is needed to ask and is not there is named, and nobody is asked", "[plugins][prometheus]"
) {
    ScriptedServer server([](Exchange& exchange) { exchange.answer(200, one); });
    Asker asker;
    const auto none = asker.folder.path() + "/none";
    const auto wrong = [&](MetricsSource source) {
        source.url = source.url.empty() ? server.url("") : source.url;
        const auto answer = asker.ask(source);
        CHECK(answer.kind == Kind::failed);
        return answer.failure;
    };
    const auto place = server.host() + ": ";
    const auto missing = " " + none + " cannot be read: No such file or directory";
    CHECK(wrong(a_source().token_file(none)) == place + "token_file" + missing);
    CHECK(wrong(a_source().username("a").password_file(none)) == place + "password_file" + missing);
    CHECK(wrong(a_source().ca_file(none)) == place + "ca_file" + missing);
    CHECK(wrong(a_source().cert_file(none)) == place + "cert_file" + missing);
    CHECK(wrong(a_source().key_file(none)) == place + "key_file" + missing);
    CHECK(
        wrong(a_source().token_file(asker.folder.path())) ==
        place + "token_file " + asker.folder.path() + " cannot be read: Is a directory"
    );
    const auto file = asker.folder.path() + "/secret";
    for (const auto* text : {"", " \n", "two\nlines", "t0ken\r\nX-Other: 1"}) {
        CHECK(
            wrong(a_source().token_file(asker.write(text))) ==
            place + "token_file " + file + " holds no token: one line of text is wanted"
        );
    }
    CHECK(
        wrong(a_source().token_file(asker.write(std::string(70'000, 'x')))) ==
        place + "token_file " + file + " is larger than 64 KiB: it is no secret of a line"
    );
    CHECK(
        wrong(a_source().header("X-Org", "shop\r\nX-Other: 1")) ==
        place + "one of its headers is more than a line of text"
    );
    CHECK(
        wrong(a_source().url("http://me:s3cret@" + server.host())) ==
        place + "its url names a user: write username and password_file instead"
    );
    CHECK(server.requests().empty());
}

TEST_CASE(
    "who is busy or broken for a moment is asked again after a pause", "[plugins][prometheus]"
) {
    const auto trouble = GENERATE(429, 500, 503);
    ScriptedServer server(after(2, [&](Exchange& exchange) { exchange.answer(trouble, broken); }));
    Asker asker;
    const auto answer = asker.ask(a_source().url(server.url("")));
    CHECK(answer.kind == Kind::series);
    CHECK(server.requests().size() == 3);
    CHECK(asker.clock.elapsed() == milliseconds(300));
}

TEST_CASE("a connection that breaks is made again", "[plugins][prometheus]") {
    ScriptedServer server(after(1, [](Exchange&) {}));
    Asker asker;
    CHECK(asker.ask(a_source().url(server.url(""))).kind == Kind::series);
    CHECK(server.requests().size() == 2);
}

TEST_CASE("so many retries and no more", "[plugins][prometheus]") {
    ScriptedServer server([](Exchange& exchange) { exchange.answer(503, broken); });
    Asker asker;
    const auto answer = asker.ask(a_source().url(server.url("")).retries(3));
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.failure == server.host() + ": HTTP 503: starting (asked 4 times)");
    CHECK(server.requests().size() == 4);
}

TEST_CASE("nobody there is said, with how often it was tried", "[plugins][prometheus]") {
    Asker asker;
    const auto answer = asker.ask(a_source().url("http://127.0.0.1:1").retries(1));
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.failure.starts_with("127.0.0.1:1: Failed to connect"));
    CHECK(answer.failure.ends_with("(asked 2 times)"));
}

TEST_CASE("what another try does not mend is asked once", "[plugins][prometheus]") {
    const auto status = GENERATE(302, 400, 401, 403, 404, 405, 422);
    ScriptedServer server([&](Exchange& exchange) { exchange.answer(status, broken); });
    Asker asker;
    CHECK(asker.ask(a_source().url(server.url(""))).kind != Kind::series);
    CHECK(server.requests().size() == 1);
    CHECK(asker.clock.elapsed() == Duration{});
}

TEST_CASE("Retry-After is kept where the timeout leaves room for it", "[plugins][prometheus]") {
    ScriptedServer server(after(1, [](Exchange& exchange) {
        exchange.answer(429, "", "Retry-After: 2\r\n");
    }));
    Asker asker;
    SECTION("it does") {
        CHECK(asker.ask(a_source().url(server.url(""))).kind == Kind::series);
        CHECK(asker.clock.elapsed() == seconds(2));
    }
    SECTION("it does not") {
        const auto answer = asker.ask(a_source().url(server.url("")).timeout(seconds(2)));
        CHECK(answer.kind == Kind::failed);
        CHECK(answer.failure == server.host() + ": HTTP 429 (it wants to be asked again in 2s)");
        CHECK(asker.clock.elapsed() == Duration{});
    }
}

TEST_CASE("a Retry-After that is no count of seconds is passed over", "[plugins][prometheus]") {
    const auto* const wanted = GENERATE("Wed, 21 Oct 2026 07:28:00 GMT", "-1", "99999999999", "");
    ScriptedServer server(after(1, [&](Exchange& exchange) {
        exchange.answer(503, "", "Retry-After: " + std::string(wanted) + "\r\n");
    }));
    Asker asker;
    CHECK(asker.ask(a_source().url(server.url(""))).kind == Kind::series);
    CHECK(asker.clock.elapsed() == milliseconds(100));
}

TEST_CASE("the timeout is for all tries together", "[plugins][prometheus]") {
    Asker asker;
    ScriptedServer server([&](Exchange& exchange) { exchange.answer(500, ""); });
    const auto answer = asker.ask(a_source().url(server.url("")).timeout(seconds(1)).retries(100));
    CHECK(answer.kind == Kind::failed);
    // 100 ms, 200 ms, 400 ms: the next pause would end past it.
    CHECK(asker.clock.elapsed() == milliseconds(700));
    CHECK(server.requests().size() == 4);
}

TEST_CASE("no answer in time is a failure", "[plugins][prometheus]") {
    ScriptedServer server([](Exchange& exchange) { exchange.hang(); });
    Asker asker;
    const auto answer = asker.ask(a_source().url(server.url("")).timeout(milliseconds(100)));
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.failure.find("timed out") != std::string::npos);
    CHECK(server.requests().size() == 1);
}

TEST_CASE(
    "an answer past the limit is given up, and not asked for again", "[plugins][prometheus]"
) {
    ScriptedServer server([](Exchange& exchange) {
        exchange.answer(200, std::string((16UL << 20U) + 1, ' '));
    });
    Asker asker;
    const auto answer = asker.ask(a_source().url(server.url("")));
    CHECK(answer.kind == Kind::failed);
    CHECK(
        answer.failure ==
        server.host() +
            ": the answer is larger than 16777216 bytes: ask for fewer series or a longer step"
    );
    CHECK(server.requests().size() == 1);
}

TEST_CASE("half an answer is none, and asked for again", "[plugins][prometheus]") {
    ScriptedServer server(after(1, [](Exchange& exchange) {
        exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\":\"success\"");
    }));
    Asker asker;
    CHECK(asker.ask(a_source().url(server.url(""))).kind == Kind::series);
    CHECK(server.requests().size() == 2);
}

TEST_CASE("no credentials follow a redirect", "[plugins][prometheus]") {
    ScriptedServer elsewhere([](Exchange& exchange) { exchange.answer(200, one); });
    ScriptedServer server([&](Exchange& exchange) {
        exchange.answer(307, "", "Location: " + elsewhere.url("/login?state=s3cret") + "\r\n");
    });
    Asker asker;
    const auto answer = asker.ask(a_source().url(server.url("")).token_file(asker.write("t0ken")));
    CHECK(answer.kind == Kind::failed);
    CHECK(
        answer.failure == server.host() + ": HTTP 307: it sends us to " + elsewhere.host() +
                              "/login, where we do not follow: write the url that answers"
    );
    CHECK(elsewhere.requests().empty());
}

TEST_CASE("a secret that the other side repeats is not told", "[plugins][prometheus]") {
    ScriptedServer server([](Exchange& exchange) {
        const auto said = R"({"status":"error","error":"no )" + exchange.header("authorization") +
                          R"(, s3cret","warnings":["s3cret!"]})";
        exchange.answer(exchange.target().starts_with("/400") ? 400 : 200, said);
    });
    Asker asker;
    const auto file = asker.write("s3cret");
    const auto token = asker.ask(a_source().url(server.url("/400")).token_file(file));
    CHECK(token.kind == Kind::refused);
    CHECK(token.failure == "no Bearer ***, ***");
    const auto basic = asker.ask(a_source().url(server.url("")).username("me").password_file(file));
    CHECK(basic.kind == Kind::failed);
    CHECK(basic.failure == server.host() + ": it answers without success: no Basic ***, ***");
    CHECK(basic.warnings == std::vector<std::string>{"***!"});
}
