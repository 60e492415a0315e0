// SPDX-License-Identifier: Apache-2.0
#include "gates/tcp_gate.hpp"

#include <algorithm>

namespace deployctl::gates {

HttpRequest request_to(const TcpQuestion& question, const std::string& address) {
    HttpRequest request;
    request.url = "http://" + address + "/";
    request.reach = HttpRequest::Reach::connection;
    request.timeout = std::min(question.timeout, longest_gate_sample);
    request.connect_timeout = request.timeout;
    return request;
}

Verdict judge(const TcpQuestion& question, const std::string& address, const HttpAnswer& answer) {
    Verdict verdict;
    verdict.limit = "a connection within " + to_text(question.timeout);
    verdict.evidence = Value::map({
        {"address", address},
        {"took_microseconds", answer.took.count()},
        {"failure", answer.failure},
    });
    if (answer.kind == HttpAnswer::Kind::answered) {
        verdict.answer = Answer::pass;
        verdict.measured =
            "accepted after " + to_text(std::chrono::ceil<milliseconds>(answer.took));
        verdict.reason = address;
        return verdict;
    }
    verdict.answer = answer.is_unresolved ? Answer::error : Answer::fail;
    verdict.measured = answer.is_unresolved ? "host not known" : "not accepted";
    verdict.reason = address + ": " + answer.failure;
    return verdict;
}

}  // namespace deployctl::gates
