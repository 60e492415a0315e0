// SPDX-License-Identifier: Apache-2.0
#include "gates/grpc_health.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace deployctl::gates {

namespace {

constexpr std::size_t frame_head = 5;  // a flag (compressed), and the length in four bytes
constexpr unsigned first_field = 1;

enum class WireType : unsigned { varint = 0, eight_bytes = 1, text = 2, four_bytes = 5 };

std::string varint(std::uint64_t number) {
    std::string bytes;
    for (; number >= 0x80; number >>= 7) {
        bytes += static_cast<char>((number & 0x7f) | 0x80);
    }
    return bytes + static_cast<char>(number);
}

/// Takes bytes of a message from its front; what is not there makes all that follows nothing.
class Message {
public:
    explicit Message(std::string_view bytes) : bytes_(bytes) {}

    bool is_at_end() const { return bytes_.empty(); }

    std::optional<std::uint64_t> take_varint() {
        std::uint64_t number = 0;
        for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes_.front());
            bytes_.remove_prefix(1);
            number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80) {
                return number;
            }
        }
        return std::nullopt;
    }

    /// Of a field that nobody here knows: a newer server may send more.
    bool skip(std::uint64_t type) {
        switch (static_cast<WireType>(type)) {
            case WireType::varint: return take_varint().has_value();
            case WireType::eight_bytes: return drop(8);
            case WireType::four_bytes: return drop(4);
            case WireType::text: {
                const auto size = take_varint();
                return size && drop(*size);
            }
        }
        return false;
    }

private:
    bool drop(std::uint64_t count) {
        if (count > bytes_.size()) {
            return false;
        }
        bytes_.remove_prefix(count);
        return true;
    }

    std::string_view bytes_;
};

std::optional<std::string_view> message_in(std::string_view body) {
    if (body.size() < frame_head || body.front() != 0) {
        return std::nullopt;
    }
    std::size_t length = 0;
    for (std::size_t at = 1; at < frame_head; ++at) {
        length = length << 8U | static_cast<unsigned char>(body[at]);
    }
    const auto message = body.substr(frame_head);
    return message.size() == length ? std::optional(message) : std::nullopt;
}

}  // namespace

std::string health_request(const std::string& service) {
    constexpr char service_field = first_field << 3U | static_cast<unsigned>(WireType::text);
    const auto message = service.empty() ? "" : service_field + varint(service.size()) + service;
    std::string frame(1, '\0');
    for (int shift = 24; shift >= 0; shift -= 8) {
        frame += static_cast<char>(message.size() >> static_cast<unsigned>(shift) & 0xffU);
    }
    return frame + message;
}

std::optional<int> read_health(std::string_view body) {
    const auto bytes = message_in(body);
    if (!bytes) {
        return std::nullopt;
    }
    constexpr std::uint64_t status_field =
        first_field << 3U | static_cast<unsigned>(WireType::varint);
    constexpr std::uint64_t most = 1000;
    std::uint64_t status = 0;  // what is not written is 0
    Message message(*bytes);
    while (!message.is_at_end()) {
        const auto tag = message.take_varint();
        if (tag == status_field) {
            const auto number = message.take_varint();
            if (!number || *number > most) {
                return std::nullopt;
            }
            status = *number;
        } else if (!tag || !message.skip(*tag & 7U)) {
            return std::nullopt;
        }
    }
    return static_cast<int>(status);
}

const char* name_of_health(int status) {
    constexpr std::array names{"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
    const auto index = static_cast<std::size_t>(status);
    return index < names.size() ? names.at(index) : "a status that nobody knows";
}

const char* name_of_grpc_status(int status) {
    constexpr std::array names{
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    };
    const auto index = static_cast<std::size_t>(status);
    return index < names.size() ? names.at(index) : "a status that nobody knows";
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    while (!text.empty()) {
        unsigned byte = 0;
        const auto* digits = text.data() + 1;
        const bool is_escape = text.front() == '%' && text.size() >= 3 &&
                               std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
        decoded += is_escape ? static_cast<char>(byte) : text.front();
        text.remove_prefix(is_escape ? 3 : 1);
    }
    return decoded;
}

}  // namespace deployctl::gates
