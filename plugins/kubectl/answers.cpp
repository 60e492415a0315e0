// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/answers.hpp"

#include "documents/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace deployctl::plugins::kubectl {

namespace {

constexpr std::size_t longest_body = 64UL * 1024;
constexpr std::size_t longest_quote = 120;
constexpr int longest_retry_seconds = 60;

/// The Status object with which the API server explains itself; null where the body is none.
Value status_object(const HttpAnswer& answer) {
    if (answer.body.find("\"Status\"") == std::string::npos) {
        return {};
    }
    auto body = documents::try_read_json(answer.body);
    const bool is_status = body && body->text("/kind").compare("Status") == 0 &&
                           body->text("/apiVersion").compare("v1") == 0;
    return is_status ? std::move(*body) : Value();
}

/// A refusal may quote the whole object, with whatever values its environment has: that part is
/// left out.
std::string without_objects(const std::string& message) {
    const auto begin = message.find('{');
    const auto end = message.rfind('}');
    const bool quotes =
        begin != std::string::npos && end != std::string::npos && end > begin + longest_quote;
    return quotes ? message.substr(0, begin) + "{...}" + message.substr(end + 1) : message;
}

std::optional<Duration> retry_after(const HttpAnswer& answer) {
    const auto header = answer.headers.find("retry-after");
    if (header == answer.headers.end()) {
        return std::nullopt;
    }
    int count = 0;
    const auto& text = header->second;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return Duration(seconds(std::clamp(count, 0, longest_retry_seconds)));
}

/// A JSON patch whose test fails, or whose path is missing, is answered with 422 and one generic
/// sentence. A validation error has the kind of the object and its faults in the details.
WriteAnswer read_unprocessable(const Value& status) {
    return status.has("/details/causes") || status.has("/details/kind") ? WriteAnswer::invalid
                                                                        : WriteAnswer::conflict;
}

/// 403 is a missing permission, but also a quota, an admission plugin, a namespace that is going.
WriteAnswer read_forbidden(const Value& status) {
    const auto message = status.text("/message");
    const bool is_permission = message.find(" cannot ") != std::string::npos &&
                               message.find("exceeded quota") == std::string::npos;
    return is_permission || status.is_null() ? WriteAnswer::forbidden : WriteAnswer::invalid;
}

/// kubectl's proxy could not even connect: nothing has reached the server.
bool is_failed_dial(const HttpAnswer& answer) {
    return answer.body.starts_with("dial tcp") || answer.body.starts_with("dial unix");
}

/// kubectl's proxy answers in the server's place where its connection fails: Go's words for it, and
/// not the mark that an API server leaves on every answer, a pod's as well.
bool is_of_proxy(const HttpAnswer& answer) {
    constexpr std::array words{
        "dial ",
        "EOF",
        "unexpected EOF",
        "read ",
        "write ",
        "http: ",
        "http2: ",
        "net/http: ",
        "tls: ",
        "x509: ",
        "remote error: ",
        "stream error: ",
        "context ",
        "getting credentials: "
    };
    return answer.status >= 500 && !answer.headers.contains("audit-id") &&
           std::ranges::any_of(words, [&](const char* word) {
               return answer.body.starts_with(word);
           });
}

/// The API server sheds load in plain text.
bool is_overload(const HttpAnswer& answer) {
    return answer.status == 429 && answer.body.find("please try again later") != std::string::npos;
}

bool is_of_pod(const HttpAnswer& answer) {
    const bool by_server = answer.status >= 400 && !status_object(answer).is_null();
    return answer.kind == HttpAnswer::Kind::answered && !by_server && !is_of_proxy(answer) &&
           !is_overload(answer);
}

/// The API server could not reach the pod, or nobody heard of it in time.
bool is_trouble_of_pod(const HttpAnswer& answer, const std::string& message) {
    return answer.is_late || (answer.status == 503 && message.starts_with("error trying to reach"));
}

WriteAnswer read_status(const HttpAnswer& answer) {
    const auto status = status_object(answer);
    switch (answer.status) {
        case 200:
        case 201:
        case 202: return WriteAnswer::done;
        case 401: return WriteAnswer::forbidden;
        case 403: return read_forbidden(status);
        case 404: return WriteAnswer::not_found;
        case 409: return WriteAnswer::conflict;
        case 422: return read_unprocessable(status);
        case 429: return WriteAnswer::throttled;
        default: break;
    }
    if (answer.status < 500) {
        return WriteAnswer::invalid;
    }
    return status.is_null() && is_failed_dial(answer) ? WriteAnswer::throttled
                                                      : WriteAnswer::unknown;
}

bool names(const Value& list, std::string_view word) {
    return std::ranges::any_of(list.items(), [&](const Value& one) {
        const auto text = one.text("");
        return text.compare("*") == 0 || text.compare(word) == 0;
    });
}

/// "pods/log" by itself, by "*" or by "*/log". A rule for objects by name grants nothing for
/// certain.
bool grants(const Value& rule, const Permission& permission) {
    const auto slash = permission.resource.find('/');
    const auto any_of_sub =
        slash == std::string::npos ? std::string() : "*" + permission.resource.substr(slash);
    const auto& resources = rule.at("/resources");
    return rule.items("/resourceNames").empty() && names(rule.at("/verbs"), permission.verb) &&
           names(rule.at("/apiGroups"), permission.group) &&
           (names(resources, permission.resource) || names(resources, any_of_sub));
}

}  // namespace

bool is_of_server(const HttpAnswer& answer) {
    const bool answered = answer.kind == HttpAnswer::Kind::answered;
    return answered && (answer.status < 500 || !status_object(answer).is_null());
}

std::string message_of(const HttpAnswer& answer) {
    if (answer.kind != HttpAnswer::Kind::answered) {
        return printable_line(answer.failure);
    }
    const auto status = status_object(answer);
    if (status.has("/message")) {
        return printable_line(without_objects(status.text("/message")));
    }
    const auto line = printable_line(answer.body.substr(0, answer.body.find('\n')));
    return "HTTP " + std::to_string(answer.status) + (line.empty() ? "" : ": " + line);
}

WriteReply read_write_answer(const HttpAnswer& answer) {
    WriteReply reply;
    if (answer.kind == HttpAnswer::Kind::not_sent) {
        reply.answer = WriteAnswer::throttled;
        reply.message = answer.failure;
        return reply;
    }
    if (answer.kind == HttpAnswer::Kind::lost) {
        reply.answer = WriteAnswer::unknown;
        reply.message = answer.failure;
        return reply;
    }
    reply.answer = read_status(answer);
    reply.retry_after = retry_after(answer);
    if (reply.answer != WriteAnswer::done) {
        reply.message = message_of(answer);
        return reply;
    }
    auto object = documents::try_read_json(answer.body);
    if (!object) {
        reply.answer = WriteAnswer::unknown;
        reply.message = "the answer is no JSON";
        return reply;
    }
    reply.object = std::move(*object);
    return reply;
}

bool is_not_permitted(const HttpAnswer& answer) {
    return answer.kind == HttpAnswer::Kind::answered &&
           (answer.status == 401 || answer.status == 403);
}

Error read_failure(const HttpAnswer& answer, const std::string& what) {
    const auto message = message_of(answer);
    if (answer.kind == HttpAnswer::Kind::answered && answer.status == 403) {
        return Error(
            ExitCode::blocked,
            "no permission to read " + what + ": " + message,
            "a Role has to grant it"
        );
    }
    return Error(
        ExitCode::stopped_watching,
        "cannot read " + what + ": " + message,
        "`deployctl doctor` checks the way to the API server"
    );
}

std::optional<Value> read_get_answer(const HttpAnswer& answer, const std::string& what) {
    const bool answered = answer.kind == HttpAnswer::Kind::answered;
    if (answered && answer.status == 404) {
        return std::nullopt;
    }
    if (answered && answer.status == 200) {
        if (auto body = documents::try_read_json(answer.body)) {
            return body;
        }
    }
    throw read_failure(answer, what);
}

std::vector<Value> take_items(Value list, Kind kind) {
    const auto& known = info(kind);
    std::vector<Value> items = std::move(list.make_object()["items"].make_array());
    for (auto& item : items) {
        if (!item.is_object()) {
            throw Error(
                ExitCode::stopped_watching,
                "the API server's list of " + std::string(known.plural) +
                    " has an item that is no object",
                "is there a proxy between?"
            );
        }
        item.set("/kind", known.name);
        item.set("/apiVersion", known.api_version);
    }
    return items;
}

void expect_usable_server(const HttpAnswer& answer) {
    if (is_of_server(answer) && answer.status != 401 && answer.status < 500) {
        return;
    }
    const auto message = message_of(answer);
    if (answer.status == 401) {
        throw Error(
            ExitCode::tool_missing,
            "the API server does not accept the credentials of this context: " + message,
            "log in again, or name another context with --context"
        );
    }
    if (message.find("x509") != std::string::npos ||
        message.find("certificate") != std::string::npos) {
        throw Error(
            ExitCode::tool_missing,
            "the API server's certificate is not accepted: " + message,
            "check the clock, and the certificate authority in the kubeconfig"
        );
    }
    throw Error(
        ExitCode::tool_missing,
        "the API server cannot be reached: " + message,
        "try `kubectl get --raw /version` with the same context; `deployctl doctor` says more"
    );
}

PodAnswer read_pod_answer(const HttpAnswer& answer) {
    PodAnswer read;
    read.took = answer.took;
    if (!is_of_pod(answer)) {
        read.failure = message_of(answer);
        const bool is_pods = is_trouble_of_pod(answer, read.failure);
        read.trouble = is_pods ? PodAnswer::Trouble::pod : PodAnswer::Trouble::way;
        return read;
    }
    read.status = answer.status;
    read.body = answer.body.substr(0, longest_body);
    return read;
}

std::vector<Permission> not_granted_by(const WriteReply& rules, std::vector<Permission> wanted) {
    const bool is_whole =
        rules.answer == WriteAnswer::done && !rules.object.flag("/status/incomplete");
    if (is_whole) {
        std::erase_if(wanted, [&](const Permission& permission) {
            return std::ranges::any_of(
                rules.object.items("/status/resourceRules"),
                [&](const Value& rule) { return grants(rule, permission); }
            );
        });
    }
    return wanted;
}

}  // namespace deployctl::plugins::kubectl
