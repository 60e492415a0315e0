// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"

#include "model/error.hpp"

#include <nlohmann/json.hpp>
#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace deployctl::documents {

namespace {

using Json = nlohmann::json;

constexpr std::size_t deepest = 200;

/// Builds a Value while nlohmann's parser walks the text, so that no second tree is made.
class ValueBuilder final : public nlohmann::json_sax<Json> {
public:
    Value take() { return std::move(root_); }

    const std::string& failure() const { return failure_; }

    bool null() override { return put(Value()); }

    bool boolean(bool value) override { return put(Value(value)); }

    bool number_integer(number_integer_t value) override { return put(Value(value)); }

    bool number_unsigned(number_unsigned_t value) override {
        const bool fits = std::in_range<std::int64_t>(value);
        return put(fits ? Value(value) : Value(static_cast<double>(value)));
    }

    bool number_float(number_float_t value, const string_t&) override { return put(Value(value)); }

    bool string(string_t& value) override { return put(Value(std::move(value))); }

    bool binary(binary_t&) override { return false; }

    bool start_object(std::size_t) override { return open(Value(Value::Object{})); }

    bool start_array(std::size_t) override { return open(Value(Value::Array{})); }

    bool end_object() override { return close(); }

    bool end_array() override { return close(); }

    bool key(string_t& value) override {
        key_ = std::move(value);
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
        failure_ = "no JSON at byte " + std::to_string(position);
        return false;
    }

private:
    Value& place() {
        if (open_.empty()) {
            return root_;
        }
        Value& parent = *open_.back();
        return parent.is_array() ? parent.make_array().emplace_back() : parent.make_object()[key_];
    }

    bool put(Value value) {
        place() = std::move(value);
        return true;
    }

    bool open(Value empty) {
        if (open_.size() == deepest) {
            failure_ = "JSON nested deeper than " + std::to_string(deepest);
            return false;
        }
        Value& here = place();
        here = std::move(empty);
        open_.push_back(&here);
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    Value root_;
    std::vector<Value*>
        open_;  // parents of the place being read; stable, since only the innermost grows
    std::string key_;
    std::string failure_;
};

Json to_library(const Value& value) {
    return std::visit(
        [](const auto& data) -> Json {
            using Data = std::decay_t<decltype(data)>;
            if constexpr (std::is_same_v<Data, std::monostate>) {
                return nullptr;
            } else if constexpr (std::is_same_v<Data, Shared<Value::Array>>) {
                Json list = Json::array();
                for (const auto& item : data.read()) {
                    list.push_back(to_library(item));
                }
                return list;
            } else if constexpr (std::is_same_v<Data, Shared<Value::Object>>) {
                Json map = Json::object();
                for (const auto& [key, member] : data.read()) {
                    map[key] = to_library(member);
                }
                return map;
            } else {
                return data;
            }
        },
        value.data()
    );
}

std::string dump(const Value& value, int indent) {
    return to_library(value).dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Value read_json(std::string_view text) {
    ValueBuilder builder;
    if (!Json::sax_parse(text, &builder)) {
        throw Error(ExitCode::usage, builder.failure().empty() ? "no JSON" : builder.failure());
    }
    return builder.take();
}

std::optional<Value> try_read_json(std::string_view text) {
    ValueBuilder builder;
    if (!Json::sax_parse(text, &builder)) {
        return std::nullopt;
    }
    return builder.take();
}

std::string write_json(const Value& value) {
    return dump(value, -1);
}

std::string write_json_indented(const Value& value) {
    return dump(value, 2);
}

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    std::string text;
    for (const auto byte : digest) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace deployctl::documents
