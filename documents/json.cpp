// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"

#include "model/error.hpp"
#include "model/object_of.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdint>
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

    bool start_object(std::size_t) override { return open(); }

    bool start_array(std::size_t) override { return open(); }

    bool end_object() override {
        auto members = std::move(open_.back().members);
        open_.pop_back();
        std::ranges::reverse(members);  // of two with one key the last counts
        return put(object_of(std::move(members)));
    }

    bool end_array() override {
        auto items = std::move(open_.back().items);
        open_.pop_back();
        return put(std::move(items));
    }

    bool key(string_t& value) override {
        open_.back().members.emplace_back(std::move(value), Value());
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
        failure_ = "no JSON at byte " + std::to_string(position);
        return false;
    }

private:
    /// A list or a map that has not ended: one of both stays empty.
    struct Open {
        Value::Array items = {};
        Members members = {};
    };

    bool put(Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (auto& parent = open_.back(); parent.members.empty()) {
            parent.items.push_back(std::move(value));
        } else {
            parent.members.back().second = std::move(value);
        }
        return true;
    }

    bool open() {
        if (open_.size() == deepest) {
            failure_ = "JSON nested deeper than " + std::to_string(deepest);
            return false;
        }
        open_.emplace_back();
        return true;
    }

    Value root_;
    std::vector<Open> open_;
    std::string failure_;
};

/// Hands everything on but the member at a pointer, which is only walked over.
class Omission final : public nlohmann::json_sax<Json> {
public:
    Omission(ValueBuilder& builder, std::string_view pointer)
        : builder_(builder), way_(split_pointer(pointer)) {}

    bool null() override { return passes() || builder_.null(); }

    bool boolean(bool value) override { return passes() || builder_.boolean(value); }

    bool number_integer(number_integer_t value) override {
        return passes() || builder_.number_integer(value);
    }

    bool number_unsigned(number_unsigned_t value) override {
        return passes() || builder_.number_unsigned(value);
    }

    bool number_float(number_float_t value, const string_t& text) override {
        return passes() || builder_.number_float(value, text);
    }

    bool string(string_t& value) override { return passes() || builder_.string(value); }

    bool binary(binary_t& value) override { return builder_.binary(value); }

    bool start_object(std::size_t count) override {
        ++depth_;
        return omitted_from_ || builder_.start_object(count);
    }

    bool start_array(std::size_t count) override {
        ++depth_;
        return omitted_from_ || builder_.start_array(count);
    }

    bool end_object() override {
        --depth_;
        return passes() || builder_.end_object();
    }

    bool end_array() override {
        --depth_;
        return passes() || builder_.end_array();
    }

    bool key(string_t& value) override {
        if (omitted_from_) {
            return true;
        }
        matched_ = std::min(matched_, depth_ - 1);
        const bool is_next = matched_ == depth_ - 1 && value == way_[matched_];
        if (is_next && ++matched_ == way_.size()) {
            omitted_from_ = depth_;
            return true;
        }
        return builder_.key(value);
    }

    bool parse_error(std::size_t position, const std::string& token, const Json::exception& why)
        override {
        return builder_.parse_error(position, token, why);
    }

private:
    /// Whether a value that ends here is of what is omitted; with the value of the member that
    /// ends.
    bool passes() {
        if (!omitted_from_) {
            return false;
        }
        if (depth_ == *omitted_from_) {
            omitted_from_.reset();
            matched_ = way_.size() - 1;  // its map goes on
        }
        return true;
    }

    ValueBuilder& builder_;
    std::vector<std::string> way_;
    std::size_t depth_ = 0;
    std::size_t matched_ = 0;  ///< keys of the way, from its begin, that lead here
    std::optional<std::size_t> omitted_from_;
};

/// Hands on what is wanted; the value of another member is only walked over.
class Choice final : public nlohmann::json_sax<Json> {
public:
    Choice(ValueBuilder& builder, const WantedMembers& wanted)
        : builder_(builder), wanted_(wanted) {}

    bool null() override { return passes() || (has_room() && builder_.null()); }

    bool boolean(bool value) override {
        return passes() || (has_room() && builder_.boolean(value));
    }

    bool number_integer(number_integer_t value) override {
        return passes() || (has_room() && builder_.number_integer(value));
    }

    bool number_unsigned(number_unsigned_t value) override {
        return passes() || (has_room() && builder_.number_unsigned(value));
    }

    bool number_float(number_float_t value, const string_t& text) override {
        return passes() || (has_room() && builder_.number_float(value, text));
    }

    bool string(string_t& value) override {
        return passes() || (has_room() && builder_.string(value));
    }

    bool binary(binary_t& value) override { return builder_.binary(value); }

    bool start_object(std::size_t count) override {
        return is_passing_ ? ++passed_depth_ <= deepest
                           : has_room() && builder_.start_object(count);
    }

    bool start_array(std::size_t count) override {
        return is_passing_ ? ++passed_depth_ <= deepest : has_room() && builder_.start_array(count);
    }

    bool end_object() override { return ends_passed() || builder_.end_object(); }

    bool end_array() override { return ends_passed() || builder_.end_array(); }

    bool key(string_t& value) override {
        if (is_passing_) {
            return true;
        }
        is_passing_ = !wanted_.names.contains(value);
        return is_passing_ || builder_.key(value);
    }

    bool parse_error(std::size_t position, const std::string& token, const Json::exception& why)
        override {
        return builder_.parse_error(position, token, why);
    }

private:
    bool has_room() { return ++values_ <= wanted_.most_values; }

    /// Whether this value is of what is walked over; by itself it is all of it.
    bool passes() {
        const bool was_passing = is_passing_;
        is_passing_ = is_passing_ && passed_depth_ > 0;
        return was_passing;
    }

    bool ends_passed() {
        if (!is_passing_) {
            return false;
        }
        is_passing_ = --passed_depth_ > 0;
        return true;
    }

    ValueBuilder& builder_;
    const WantedMembers& wanted_;
    bool is_passing_ = false;
    std::size_t passed_depth_ = 0;  ///< lists and maps of it that have not ended
    std::size_t values_ = 0;
};

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

std::optional<Value> try_read_json_without(std::string_view pointer, std::string_view text) {
    ValueBuilder builder;
    Omission omission(builder, pointer);
    if (!Json::sax_parse(text, &omission)) {
        return std::nullopt;
    }
    return builder.take();
}

std::optional<Value> try_read_json_only(const WantedMembers& wanted, std::string_view text) {
    ValueBuilder builder;
    Choice choice(builder, wanted);
    if (!Json::sax_parse(text, &choice)) {
        return std::nullopt;
    }
    return builder.take();
}

std::string sha256_hex(std::string_view bytes) {
    // To look the algorithm up takes longer than to hash a small file.
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm, nullptr) != 1) {
        SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    }
    std::string text;
    for (const auto byte : digest) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace deployctl::documents
