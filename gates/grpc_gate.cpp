// SPDX-License-Identifier: Apache-2.0
#include "gates/grpc_gate.hpp"

#include "gates/grpc_health.hpp"
#include "model/text.hpp"
#include "ports/one_line.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

constexpr std::size_t most_bytes = 64UL << 10U;
constexpr int serving = 1;
constexpr int not_serving = 2;
constexpr int unreadable = -1;

std::string header_of(const HttpAnswer& answer, const char* name) {
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? "" : found->second;
}

/// What a grpc-status says that is not OK: "UNIMPLEMENTED (12): unknown method".
std::string trouble_of(int status, const HttpAnswer& answer) {
    const auto said = one_line(percent_decoded(header_of(answer, "grpc-message")));
    return std::string(name_of_grpc_status(status)) + " (" + std::to_string(status) + ")" +
           (said.empty() ? "" : ": " + said);
}

/// Why nobody knows how the server is; empty where its body says it.
std::string failure_of(const HttpAnswer& answer) {
    if (answer.kind != HttpAnswer::Kind::answered) {
        return one_line(answer.failure);
    }
    if (answer.status != 200) {
        return "HTTP " + std::to_string(answer.status) + ", which is no gRPC";
    }
    const auto status = header_of(answer, "grpc-status");
    const auto number = whole_number<int>(status);
    if (!number || *number < 0 ||
        !header_of(answer, "content-type").starts_with("application/grpc")) {
        return "its answer is no gRPC";
    }
    return *number == 0 ? "" : trouble_of(*number, answer);
}

}  // namespace

HttpRequest request_to(const GrpcQuestion& question, const std::string& address) {
    HttpRequest request;
    request.method = "POST";
    request.url =
        (question.tls ? "https://" : "http://") + address + "/grpc.health.v1.Health/Check";
    request.version = HttpRequest::Version::two;
    request.headers = {"Content-Type: application/grpc", "TE: trailers"};
    request.tls.ca_file = question.ca_file;
    request.body = health_request(question.service);
    request.timeout = std::min(question.timeout, longest_gate_sample);
    request.connect_timeout = request.timeout;
    request.most_bytes = most_bytes;
    return request;
}

Verdict judge(const GrpcQuestion& question, const std::string& address, const HttpAnswer& answer) {
    const auto failure = failure_of(answer);
    const int health = failure.empty() ? read_health(answer.body).value_or(unreadable) : unreadable;
    const auto whom = address + (question.service.empty() ? "" : ", service " + question.service);
    Verdict verdict{Answer::error, whom, "no answer that can be read", "SERVING", {}};
    verdict.evidence = Value::map({
        {"address", address},
        {"service", question.service},
        {"failure", failure},
    });
    if (!failure.empty()) {
        verdict.measured = "nobody knows";
        verdict.reason = whom + ": " + failure;
    } else if (health != unreadable) {
        verdict.answer = health == serving       ? Answer::pass
                         : health == not_serving ? Answer::fail
                                                 : Answer::error;
        verdict.measured = name_of_health(health);
    }
    return verdict;
}

}  // namespace deployctl::gates
