// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <variant>

namespace deployctl::documents {

namespace {

using Json = nlohmann::json;

/// Writes the tree as nlohmann would write one made of it, without making it: what needs more than
/// copying, a real number or a text with rare characters, is left to the library.
class Writer {
public:
    enum class Layout { dense, indented };

    explicit Writer(Layout layout) : layout_(layout) {}

    std::string take() { return std::move(text_); }

    void write(const Value& value) { std::visit(*this, value.data()); }

    void operator()(std::monostate) { text_ += "null"; }

    void operator()(bool flag) { text_ += flag ? "true" : "false"; }

    void operator()(std::int64_t number) { text_ += std::to_string(number); }

    void operator()(double number) { text_ += Json(number).dump(); }

    void operator()(const std::string& text) { write_text(text); }

    void operator()(const Shared<Value::Array>& items) {
        const auto write_item = [this](const Value& item) { write(item); };
        write_all('[', items.read(), write_item, ']');
    }

    void operator()(const Shared<Value::Object>& members) {
        const auto write_member = [this](const Value::Object::value_type& member) {
            write_text(member.first);
            text_ += layout_ == Layout::dense ? ":" : ": ";
            write(member.second);
        };
        write_all('{', members.read(), write_member, '}');
    }

private:
    template <class All, class WriteOne>
    void write_all(char begin, const All& all, WriteOne write_one, char end) {
        text_ += begin;
        ++depth_;
        bool is_first = true;
        for (const auto& one : all) {
            text_ += is_first ? "" : ",";
            break_line();
            write_one(one);
            is_first = false;
        }
        --depth_;
        if (!is_first) {
            break_line();
        }
        text_ += end;
    }

    void break_line() {
        if (layout_ == Layout::indented) {
            text_ += '\n';
            text_.append(2 * depth_, ' ');
        }
    }

    void write_text(const std::string& text) {
        const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
        if (!std::ranges::all_of(text, is_plain)) {
            text_ += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
            return;
        }
        text_ += '"';
        text_ += text;
        text_ += '"';
    }

    Layout layout_;
    std::size_t depth_ = 0;
    std::string text_;
};

std::string write_as(Writer::Layout layout, const Value& value) {
    Writer writer(layout);
    writer.write(value);
    return writer.take();
}

}  // namespace

std::string write_json(const Value& value) {
    return write_as(Writer::Layout::dense, value);
}

std::string write_json_indented(const Value& value) {
    return write_as(Writer::Layout::indented, value);
}

}  // namespace deployctl::documents
