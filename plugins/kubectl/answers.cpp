// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/answers.hpp"

#include <array>
#include <charconv>

#include "documents/json.hpp"

namespace deployctl::plugins::kubectl {

namespace {

constexpr std::size_t longest_line = 1024;
constexpr std::size_t longest_body = 64UL * 1024;

std::optional<Duration> retry_after(const HttpAnswer& answer) {
    const auto header = answer.headers.find("retry-after");
    if (header == answer.headers.end()) {
        return std::nullopt;
    }
    int count = 0;
    const auto& text = header->second;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return Duration(seconds(std::min(count, 60)));
}

/// A JSON patch whose test fails, or whose path is missing, is answered with 422 and one generic sentence; a
/// validation error says which field of which object "is invalid".
WriteAnswer read_unprocessable(const std::string& message) {
    return message.find(" is invalid: ") == std::string::npos ? WriteAnswer::conflict : WriteAnswer::invalid;
}

WriteAnswer read_status(int status, const std::string& message) {
    switch (status) {
        case 200:
        case 201:
        case 202: return WriteAnswer::done;
        case 404: return WriteAnswer::not_found;
        case 409: return WriteAnswer::conflict;
        case 422: return read_unprocessable(message);
        case 429: return WriteAnswer::throttled;
        case 401:
        case 403: return message.find("exceeded quota") == std::string::npos ? WriteAnswer::forbidden
                                                                             : WriteAnswer::invalid;
        default: return status >= 500 ? WriteAnswer::unknown : WriteAnswer::invalid;
    }
}

}  // namespace

std::string printable_line(std::string line) {
    std::string clean;
    for (const char c : line.substr(0, longest_line)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == '\t') {
            clean += ' ';
        } else if (byte >= 0x20 && byte != 0x7f) {
            clean += c;
        }
    }
    return clean;
}

std::string message_of(const HttpAnswer& answer) {
    if (answer.kind != HttpAnswer::Kind::answered) {
        return answer.failure;
    }
    const auto status = documents::try_read_json(answer.body);
    if (status && status->has("/message")) {
        return printable_line(status->text("/message"));
    }
    const auto line = answer.body.substr(0, answer.body.find('\n'));
    return "HTTP " + std::to_string(answer.status) + (line.empty() ? "" : ": " + printable_line(line));
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
    const auto message = answer.status < 300 ? std::string() : message_of(answer);
    reply.answer = read_status(answer.status, message);
    reply.message = message;
    reply.retry_after = retry_after(answer);
    if (reply.answer == WriteAnswer::done) {
        reply.object = documents::read_json(answer.body);
    }
    return reply;
}

std::optional<Value> read_get_answer(const HttpAnswer& answer, const std::string& what) {
    if (answer.kind == HttpAnswer::Kind::answered && answer.status == 200) {
        return documents::read_json(answer.body);
    }
    if (answer.kind == HttpAnswer::Kind::answered && answer.status == 404) {
        return std::nullopt;
    }
    const auto message = message_of(answer);
    if (answer.status == 401 || answer.status == 403) {
        throw Error(ExitCode::blocked, "no permission to read " + what + ": " + message, "a Role has to grant it");
    }
    throw Error(
        ExitCode::stopped_watching,
        "cannot read " + what + ": " + message,
        "`deployctl doctor` checks the way to the API server"
    );
}

PodAnswer read_pod_answer(const HttpAnswer& answer) {
    PodAnswer read;
    read.took = answer.took;
    if (answer.kind != HttpAnswer::Kind::answered) {
        read.failure = answer.failure;
        return read;
    }
    const bool by_server = answer.status >= 500 && answer.body.find("\"kind\":\"Status\"") != std::string::npos;
    if (by_server) {
        read.failure = message_of(answer);
        return read;
    }
    read.status = answer.status;
    read.body = answer.body.substr(0, longest_body);
    return read;
}

std::string url_encode(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            encoded += c;
        } else {
            constexpr std::string_view digits = "0123456789ABCDEF";
            encoded += '%';
            encoded += digits[byte >> 4];
            encoded += digits[byte & 15];
        }
    }
    return encoded;
}

}  // namespace deployctl::plugins::kubectl
