// SPDX-License-Identifier: Apache-2.0
#include "model/value.hpp"

#include <charconv>
#include <optional>
#include <stdexcept>

namespace deployctl {

namespace {

const Value nothing;
const Value::Array no_items;
const Value::Object no_members;
constexpr std::string_view past_the_end = "-";

std::string unescape(std::string_view key) {
    std::string plain;
    for (std::size_t at = 0; at < key.size(); ++at) {
        if (key[at] == '~' && at + 1 < key.size()) {
            plain += key[++at] == '1' ? '/' : '~';
        } else {
            plain += key[at];
        }
    }
    return plain;
}

std::optional<std::size_t> list_index(std::string_view key, std::size_t size) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
    if (error != std::errc{} || end != key.data() + key.size() || index >= size) {
        return std::nullopt;
    }
    return index;
}

const Value* child(const Value& parent, std::string_view key) {
    if (const auto* members = std::get_if<Shared<Value::Object>>(&parent.data())) {
        const auto found = members->read().find(key);
        return found == members->read().end() ? nullptr : &found->second;
    }
    if (const auto* items = std::get_if<Shared<Value::Array>>(&parent.data())) {
        const auto index = list_index(key, items->read().size());
        return index ? &items->read()[*index] : nullptr;
    }
    return nullptr;
}

const Value* find(const Value& root, std::string_view pointer) {
    const Value* here = &root;
    while (here != nullptr && !pointer.empty()) {
        const auto end = pointer.find('/', 1);
        const auto key = pointer.substr(1, end == std::string_view::npos ? end : end - 1);
        here = key.find('~') == std::string_view::npos ? child(*here, key)
                                                       : child(*here, unescape(key));
        pointer = end == std::string_view::npos ? std::string_view{} : pointer.substr(end);
    }
    return here;
}

Value& step_into(Value& parent, const std::string& key) {
    if (parent.is_array()) {
        auto& items = parent.make_array();
        if (key == past_the_end) {
            return items.emplace_back();
        }
        const auto index = list_index(key, items.size());
        if (!index) {
            throw std::logic_error(
                "no item " + key + " in a list of " + std::to_string(items.size())
            );
        }
        return items[*index];
    }
    if (!parent.is_object() && !parent.is_null()) {
        throw std::logic_error("cannot write member " + key + " of something that is no map");
    }
    return parent.make_object()[key];
}

void collect_differences(
    const Value& before, const Value& after, const std::string& path, std::vector<std::string>& out
) {
    if (before == after) {
        return;
    }
    if (before.is_object() && after.is_object()) {
        Value::Object keys = before.members();
        keys.insert(after.members().begin(), after.members().end());
        for (const auto& [key, unused] : keys) {
            const auto place = "/" + escape_pointer(key);
            collect_differences(before.at(place), after.at(place), path + place, out);
        }
        return;
    }
    if (before.is_array() && after.is_array() && before.items().size() == after.items().size()) {
        for (std::size_t index = 0; index < before.items().size(); ++index) {
            collect_differences(
                before.items()[index], after.items()[index], path + "/" + std::to_string(index), out
            );
        }
        return;
    }
    out.push_back(path);
}

}  // namespace

Value Value::map(std::initializer_list<Object::value_type> members) {
    return Value(Object(members));
}

Value Value::list(std::initializer_list<Value> items) {
    return Value(Array(items));
}

const Value& Value::at(std::string_view pointer) const {
    const Value* found = find(*this, pointer);
    return found == nullptr ? nothing : *found;
}

bool Value::has(std::string_view pointer) const {
    return find(*this, pointer) != nullptr;
}

std::string Value::text(std::string_view pointer, std::string_view fallback) const {
    const auto* text = std::get_if<std::string>(&at(pointer).data_);
    return text == nullptr ? std::string(fallback) : *text;
}

std::int64_t Value::number(std::string_view pointer, std::int64_t fallback) const {
    const auto& found = at(pointer).data_;
    if (const auto* whole = std::get_if<std::int64_t>(&found)) {
        return *whole;
    }
    const auto* real = std::get_if<double>(&found);
    return real == nullptr ? fallback : static_cast<std::int64_t>(*real);
}

double Value::real(std::string_view pointer, double fallback) const {
    const auto& found = at(pointer).data_;
    if (const auto* real = std::get_if<double>(&found)) {
        return *real;
    }
    const auto* whole = std::get_if<std::int64_t>(&found);
    return whole == nullptr ? fallback : static_cast<double>(*whole);
}

bool Value::flag(std::string_view pointer) const {
    const auto* flag = std::get_if<bool>(&at(pointer).data_);
    return flag != nullptr && *flag;
}

const Value::Array& Value::items(std::string_view pointer) const {
    const auto* items = std::get_if<Shared<Array>>(&at(pointer).data_);
    return items == nullptr ? no_items : items->read();
}

const Value::Object& Value::members(std::string_view pointer) const {
    const auto* members = std::get_if<Shared<Object>>(&at(pointer).data_);
    return members == nullptr ? no_members : members->read();
}

void Value::set(std::string_view pointer, Value value) {
    Value* here = this;
    for (const auto& key : split_pointer(pointer)) {
        here = &step_into(*here, key);
    }
    *here = std::move(value);
}

void Value::erase(std::string_view pointer) {
    if (!has(pointer)) {
        return;
    }
    auto keys = split_pointer(pointer);
    if (keys.empty()) {
        data_ = {};
        return;
    }
    const auto last = std::move(keys.back());
    keys.pop_back();
    Value* parent = this;
    for (const auto& key : keys) {
        parent = &step_into(*parent, key);
    }
    if (parent->is_object()) {
        parent->make_object().erase(last);
        return;
    }
    auto& items = parent->make_array();
    if (const auto index = list_index(last, items.size())) {
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(*index));
    }
}

Value::Array& Value::make_array() {
    if (!is_array()) {
        data_ = Shared<Array>();
    }
    return std::get<Shared<Array>>(data_).write();
}

Value::Object& Value::make_object() {
    if (!is_object()) {
        data_ = Shared<Object>();
    }
    return std::get<Shared<Object>>(data_).write();
}

std::string escape_pointer(std::string_view key) {
    std::string escaped;
    for (const char c : key) {
        if (c == '~') {
            escaped += "~0";
        } else if (c == '/') {
            escaped += "~1";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

std::vector<std::string> split_pointer(std::string_view pointer) {
    std::vector<std::string> keys;
    while (!pointer.empty()) {
        const auto end = pointer.find('/', 1);
        keys.push_back(unescape(pointer.substr(1, end == std::string_view::npos ? end : end - 1)));
        pointer = end == std::string_view::npos ? std::string_view{} : pointer.substr(end);
    }
    return keys;
}

Value lines_value(const std::vector<std::string>& lines) {
    return Value::Array(lines.begin(), lines.end());
}

std::vector<std::string> read_lines(const Value& list) {
    std::vector<std::string> lines;
    for (const auto& line : list.items()) {
        lines.push_back(line.text(""));
    }
    return lines;
}

int read_int(const Value& value, std::string_view pointer, int fallback) {
    return static_cast<int>(value.number(pointer, fallback));
}

std::vector<std::string> differing_paths(const Value& before, const Value& after) {
    std::vector<std::string> paths;
    collect_differences(before, after, "", paths);
    return paths;
}

Labels read_labels(const Value& map) {
    Labels labels;
    for (const auto& [key, value] : map.members()) {
        labels[key] = value.text("");
    }
    return labels;
}

Value to_value(const Labels& labels) {
    Value::Object members;
    for (const auto& [key, value] : labels) {
        members[key] = value;
    }
    return members;
}

bool selects(const Labels& selector, const Labels& labels) {
    for (const auto& [key, value] : selector) {
        const auto found = labels.find(key);
        if (found == labels.end() || found->second != value) {
            return false;
        }
    }
    return !selector.empty();
}

}  // namespace deployctl
