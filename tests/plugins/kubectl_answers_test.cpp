// SPDX-License-Identifier: Apache-2.0
// The bodies are those of a real API server 1.35.
#include "documents/json.hpp"
#include "plugins/kubectl/answers.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::plugins::kubectl;
using Sent = HttpAnswer::Kind;

namespace {

HttpAnswer answer(int status, std::string body) {
    HttpAnswer made;
    made.kind = Sent::answered;
    made.status = status;
    made.body = std::move(body);
    return made;
}

HttpAnswer status(
    int code, const std::string& reason, const std::string& message, const Value& details = nullptr
) {
    auto body = Value::map({{"kind", "Status"}, {"apiVersion", "v1"}, {"status", "Failure"}});
    body.set("/message", message);
    body.set("/reason", reason);
    body.set("/details", details);
    return answer(code, documents::write_json(body));
}

const std::string generic = "the server rejected our request due to an error in our request";
const auto causes =
    Value::map({{"name", "web"}, {"kind", "Deployment"}, {"causes", Value::list({"x"})}});

}  // namespace

TEST_CASE("what the server says to a write becomes one of few answers", "[plugins][kubectl]") {
    struct Row {
        HttpAnswer answer;
        WriteAnswer expected;
    };

    const std::string forbidden =
        "deployments.apps \"web\" is forbidden: User \"x\" cannot patch resource";
    const std::string quota = "pods \"x\" is forbidden: exceeded quota: small, requested: pods=1";
    const std::string going =
        "configmaps \"x\" is forbidden: unable to create new content in namespace";
    const std::vector<Row> rows{
        {answer(200, "{}"), WriteAnswer::done},
        {answer(201, "{}"), WriteAnswer::done},
        {answer(200, "{\"half"), WriteAnswer::unknown},
        {status(422, "Invalid", generic, Value::map()), WriteAnswer::conflict},
        {status(422, "Invalid", "Deployment.apps \"web\" is invalid: spec.replicas", causes),
         WriteAnswer::invalid},
        {status(409, "AlreadyExists", "deployments.apps \"web\" already exists"),
         WriteAnswer::conflict},
        {status(409, "Conflict", "the UID in the precondition does not match"),
         WriteAnswer::conflict},
        {status(404, "NotFound", "deployments.apps \"web\" not found"), WriteAnswer::not_found},
        {status(400, "BadRequest", "error decoding patch"), WriteAnswer::invalid},
        {status(401, "Unauthorized", "Unauthorized"), WriteAnswer::forbidden},
        {status(403, "Forbidden", forbidden), WriteAnswer::forbidden},
        {status(403, "Forbidden", quota), WriteAnswer::invalid},
        {status(403, "Forbidden", going), WriteAnswer::invalid},
        {answer(403, "<html>"), WriteAnswer::forbidden},
        {status(429, "TooManyRequests", "try again"), WriteAnswer::throttled},
        {status(500, "InternalError", "etcdserver: leader changed"), WriteAnswer::unknown},
        {status(503, "ServiceUnavailable", "x"), WriteAnswer::unknown},
        {status(504, "Timeout", "x"), WriteAnswer::unknown},
        {answer(502, "bad gateway"), WriteAnswer::unknown},
        {answer(500, "dial tcp 127.0.0.1:1: connect: connection refused\n"), WriteAnswer::throttled
        },
        {answer(500, "http2: client connection lost\n"), WriteAnswer::unknown},
        {status(500, "InternalError", "dial tcp: failed calling webhook"), WriteAnswer::unknown},
    };
    for (const auto& row : rows) {
        CAPTURE(row.answer.status, row.answer.body);
        CHECK(std::string(to_text(read_write_answer(row.answer).answer)) == to_text(row.expected));
    }
}

TEST_CASE("a write without an answer was not sent, or nobody knows", "[plugins][kubectl]") {
    HttpAnswer none;
    none.failure = "Couldn't connect";
    none.kind = Sent::not_sent;
    CHECK(read_write_answer(none).answer == WriteAnswer::throttled);
    none.kind = Sent::lost;
    CHECK(read_write_answer(none).answer == WriteAnswer::unknown);
    CHECK(read_write_answer(none).message == "Couldn't connect");
}

TEST_CASE("the server's wish to be left alone is honoured, within reason", "[plugins][kubectl]") {
    auto busy = status(429, "TooManyRequests", "x");
    CHECK_FALSE(read_write_answer(busy).retry_after);
    busy.headers["retry-after"] = "7";
    CHECK(read_write_answer(busy).retry_after == Duration(seconds(7)));
    busy.headers["retry-after"] = "100000";
    CHECK(read_write_answer(busy).retry_after == Duration(seconds(60)));
    busy.headers["retry-after"] = "Wed, 21 Oct";
    CHECK(read_write_answer(busy).retry_after == Duration{});
}

TEST_CASE("a refusal that quotes the object does not tell what is in it", "[plugins][kubectl]") {
    const std::string object = "{\"spec\":\"" + std::string(200, 'x') + " password=s3cret\"}";
    const auto refused =
        status(422, "Invalid", "Invalid value: \"" + object + "\": json: cannot unmarshal", causes);
    CHECK(read_write_answer(refused).message == "Invalid value: \"{...}\": json: cannot unmarshal");
}

TEST_CASE("a read gives the object, nothing, or an error that names it", "[plugins][kubectl]") {
    CHECK(read_get_answer(answer(200, "{\"a\":1}"), "x")->number("/a") == 1);
    CHECK_FALSE(read_get_answer(status(404, "NotFound", "x"), "x"));
    CHECK_THROWS_WITH(
        read_get_answer(status(403, "Forbidden", "no"), "Lease/deployctl-web"),
        "no permission to read Lease/deployctl-web: no"
    );
    CHECK_THROWS_WITH(
        read_get_answer(answer(500, "dial tcp: i/o timeout\n"), "Service/web"),
        "cannot read Service/web: HTTP 500: dial tcp: i/o timeout"
    );
    CHECK_THROWS_AS(read_get_answer(answer(200, "{\"ha"), "x"), Error);
}

TEST_CASE(
    "an unusable server is told before anything starts, with the reason", "[plugins][kubectl]"
) {
    const auto message_of_unusable = [](const HttpAnswer& first) {
        try {
            expect_usable_server(first);
        } catch (const Error& error) {
            CHECK(error.exit() == ExitCode::tool_missing);
            CHECK_FALSE(error.help().empty());
            return std::string(error.what());
        }
        return std::string("usable");
    };
    HttpAnswer silent;
    silent.kind = Sent::lost;
    silent.failure = "Operation timed out";
    CHECK(message_of_unusable(answer(200, "{}")) == "usable");
    CHECK(message_of_unusable(status(403, "Forbidden", "x")) == "usable");
    CHECK(message_of_unusable(silent) == "the API server cannot be reached: Operation timed out");
    CHECK(
        message_of_unusable(status(401, "Unauthorized", "Unauthorized")) ==
        "the API server does not accept the credentials of this context: Unauthorized"
    );
    CHECK(
        message_of_unusable(
            answer(500, "tls: failed to verify certificate: x509: certificate has expired\n")
        ) ==
        "the API server's certificate is not accepted: HTTP 500: tls: failed to verify "
        "certificate: x509: "
        "certificate has expired"
    );
}

TEST_CASE(
    "a pod's own error is an answer, the server's word on the pod is none", "[plugins][kubectl]"
) {
    CHECK(read_pod_answer(answer(200, "{\"version\":\"v1\"}")).status == 200);
    CHECK(read_pod_answer(answer(503, "overloaded")).status == 503);
    CHECK(read_pod_answer(answer(500, "{\"kind\":\"Status\",\"code\":500}")).status == 500);

    const auto refused = read_pod_answer(status(
        503,
        "ServiceUnavailable",
        "error trying to reach service: dial tcp 10.0.0.1:80: connect: connection refused"
    ));
    CHECK(refused.status == 0);
    CHECK(refused.failure.starts_with("error trying to reach service"));
    CHECK(
        read_pod_answer(status(404, "NotFound", "pods \"x\" not found")).failure ==
        "pods \"x\" not found"
    );
    CHECK(
        read_pod_answer(answer(500, "dial tcp 10.0.0.1:6443: connect: connection refused"))
            .status == 0
    );
    CHECK(read_pod_answer(answer(200, std::string(100'000, 'x'))).body.size() == 65'536);
}

TEST_CASE("what the pod did not answer is its trouble or the way's", "[plugins][kubectl]") {
    struct Row {
        HttpAnswer answer;
        bool is_lost;
    };

    auto late = answer(0, "");
    late.kind = Sent::lost;
    late.is_late = true;
    auto cut = answer(0, "");
    cut.kind = Sent::lost;
    auto not_sent = answer(0, "");
    not_sent.kind = Sent::not_sent;
    const std::string reach = "error trying to reach service: ";
    const auto row = GENERATE_COPY(values<Row>({
        {status(503, "ServiceUnavailable", reach + "dial tcp 10.0.0.1:80: refused"), false},
        {status(503, "ServiceUnavailable", reach + "EOF"), false},
        {late, false},
        {cut, true},
        {not_sent, true},
        {status(503, "ServiceUnavailable", "the server is currently unable"), true},
        {status(401, "Unauthorized", "Unauthorized"), true},
        {status(403, "Forbidden", "pods \"x\" is forbidden"), true},
        {status(404, "NotFound", "pods \"x\" not found"), true},
        {status(429, "TooManyRequests", "too many"), true},
        {status(500, "InternalError", "etcdserver: request timed out"), true},
        {answer(429, "Too many requests, please try again later.\n"), true},
        {answer(500, "dial tcp 10.0.0.1:6443: connect: connection refused\n"), true},
        {answer(500, "EOF\n"), true},
        {answer(502, "read tcp 10.0.0.2:1->10.0.0.1:6443: connection reset by peer\n"), true},
    }));
    INFO(row.answer.status << " " << row.answer.body);
    const auto read = read_pod_answer(row.answer);
    CHECK(read.status == 0);
    CHECK(read.is_lost() == row.is_lost);
}

TEST_CASE("a pod that cannot dial its own database answers for itself", "[plugins][kubectl]") {
    auto of_pod = answer(500, "dial tcp 10.0.0.9:5432: connect: connection refused\n");
    of_pod.headers["audit-id"] = "0a1b";  // as the API server marks whatever passes through it
    CHECK(read_pod_answer(of_pod).status == 500);
}

TEST_CASE("lists say only once of what kind they are", "[plugins][kubectl]") {
    const auto list =
        documents::read_json(R"({"kind":"PodList","items":[{"metadata":{"name":"a"}}]})");
    const auto items = take_items(list, deployctl::Kind::pod);
    REQUIRE(items.size() == 1);
    CHECK(items[0].text("/kind") == "Pod");
    CHECK(items[0].text("/apiVersion") == "v1");
}

TEST_CASE("a list with an item that is no object is no list", "[plugins][kubectl]") {
    for (const auto* item : {"null", "5", "[]", "\"pod\""}) {
        CAPTURE(item);
        auto list =
            deployctl::documents::try_read_json(std::string("{\"items\": [{}, ") + item + "]}");
        REQUIRE(list);
        CHECK_THROWS_WITH(
            take_items(*list, deployctl::Kind::pod),
            "the API server's list of pods has an item that is no object"
        );
    }
}

TEST_CASE("lines of strangers are printable", "[plugins][kubectl]") {
    CHECK(
        printable_line("plain \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80") ==
        "plain \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"
    );
    CHECK(printable_line("\x1b[31;1mred\x1b[0m\x1b]0;title") == "red0;title");
    CHECK(printable_line("a\tb\rc\x07\x7f") == "a bc");
    CHECK(
        printable_line("\xc2\x9b"
                       "31m") == "31m"
    );
    CHECK(printable_line("\xff\xc0\xaf\xed\xa0\x80\xe2\x82") == "????????");
    CHECK(printable_line("\x1b") == "");
    CHECK(printable_line("\x1b[12") == "");
    CHECK(printable_line(std::string(5000, 'x')).size() == 1024);
    CHECK(printable_line(std::string(1023, 'x') + "\xc3\xa4") == std::string(1023, 'x'));
    CHECK(printable_lines("a\n\nb\n") == std::vector<std::string>{"a", "", "b"});
    CHECK(printable_lines("").empty());
}
