// SPDX-License-Identifier: Apache-2.0
#include "model/value.hpp"

#include "model/text.hpp"

#include <algorithm>
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
    for (;;) {
        const auto at = key.find('~');
        if (at >= key.size() || at + 1 == key.size()) {
            return plain.append(key);
        }
        plain += key.substr(0, at);
        plain += key[at + 1] == '1' ? '/' : '~';
        key.remove_prefix(at + 2);
    }
}

std::optional<std::size_t> list_index(std::string_view key, std::size_t size) {
    const auto index = whole_number<std::size_t>(key);
    return index && *index < size ? index : std::nullopt;
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

/// The keys of a pointer, one after the other; each holds until the next is taken.
class Way {
public:
    explicit Way(const Pointer& place) : place_(place) {}

    bool is_over() const { return at_ >= place_.text().size(); }

    std::string_view next() {
        const auto begin = at_ + 1;
        at_ = place_.end_of(number_++, at_);
        const auto key = place_.text().substr(begin, at_ - begin);
        if (!place_.has_escapes()) {
            return key;
        }
        unescaped_ = unescape(key);
        return unescaped_;
    }

private:
    const Pointer& place_;
    std::size_t at_ = 0;  ///< of the slash before the next key
    std::size_t number_ = 0;
    std::string unescaped_;
};

/// Most pointers have nothing to unescape, and most of what is done with trees is to look.
const Value* find(const Value& root, const Pointer& place) {
    const Value* here = &root;
    if (place.has_escapes()) {
        for (Way way(place); here != nullptr && !way.is_over();) {
            here = child(*here, way.next());
        }
        return here;
    }
    const auto text = place.text();
    std::size_t number = 0;
    for (std::size_t at = 0; here != nullptr && at < text.size();) {
        const auto end = place.end_of(number++, at);
        here = child(*here, {text.data() + at + 1, end - at - 1});
        at = end;
    }
    return here;
}

Value& step_into(Value& parent, std::string_view key) {
    if (parent.is_array()) {
        auto& items = parent.make_array();
        if (key == past_the_end) {
            return items.emplace_back();
        }
        const auto index = list_index(key, items.size());
        if (!index) {
            throw std::logic_error(
                "no item " + std::string(key) + " in a list of " + std::to_string(items.size())
            );
        }
        return items[*index];
    }
    if (!parent.is_object() && !parent.is_null()) {
        throw std::logic_error(
            "cannot write member " + std::string(key) + " of something that is no map"
        );
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

Value Value::map(std::initializer_list<Member> members) {
    Object object;
    object.reserve(members.size());
    for (const auto& [key, value] : members) {
        object.emplace(key, std::move(value));
    }
    return Value(std::move(object));
}

Value Value::list(std::initializer_list<Value> items) {
    return Value(Array(items));
}

const Value& Value::at(const Pointer& place) const {
    const Value* found = find(*this, place);
    return found == nullptr ? nothing : *found;
}

std::string_view Value::view(const Pointer& place) const {
    const auto* text = std::get_if<std::string>(&at(place).data_);
    return text == nullptr ? std::string_view() : *text;
}

bool Value::has(const Pointer& place) const {
    return find(*this, place) != nullptr;
}

std::string Value::text(const Pointer& place, std::string_view fallback) const {
    const auto* text = std::get_if<std::string>(&at(place).data_);
    return text == nullptr ? std::string(fallback) : *text;
}

std::int64_t Value::number(const Pointer& place, std::int64_t fallback) const {
    const auto& found = at(place).data_;
    if (const auto* whole = std::get_if<std::int64_t>(&found)) {
        return *whole;
    }
    const auto* real = std::get_if<double>(&found);
    return real == nullptr ? fallback : static_cast<std::int64_t>(*real);
}

double Value::real(const Pointer& place, double fallback) const {
    const auto& found = at(place).data_;
    if (const auto* real = std::get_if<double>(&found)) {
        return *real;
    }
    const auto* whole = std::get_if<std::int64_t>(&found);
    return whole == nullptr ? fallback : static_cast<double>(*whole);
}

bool Value::flag(const Pointer& place) const {
    const auto* flag = std::get_if<bool>(&at(place).data_);
    return flag != nullptr && *flag;
}

const Value::Array& Value::items() const {
    const auto* items = std::get_if<Shared<Array>>(&data_);
    return items == nullptr ? no_items : items->read();
}

const Value::Object& Value::members() const {
    const auto* members = std::get_if<Shared<Object>>(&data_);
    return members == nullptr ? no_members : members->read();
}

/// By hand, since the comparison of two variants goes through a table of functions.
bool Value::equals_of_same_type(const Value& other) const {
    const auto is_same = [&]<class T>(const T* own) {
        return own != nullptr && *own == *std::get_if<T>(&other.data_);
    };
    return is_same(std::get_if<std::string>(&data_)) ||
           is_same(std::get_if<Shared<Object>>(&data_)) ||
           is_same(std::get_if<std::int64_t>(&data_)) || is_same(std::get_if<bool>(&data_)) ||
           is_same(std::get_if<Shared<Array>>(&data_)) || is_same(std::get_if<double>(&data_)) ||
           is_null();
}

void Value::set(const Pointer& place, Value value) {
    Value* here = this;
    for (Way way(place); !way.is_over();) {
        here = &step_into(*here, way.next());
    }
    *here = std::move(value);
}

void Value::erase(const Pointer& place) {
    if (!has(place)) {
        return;
    }
    if (place.text().empty()) {
        data_ = {};
        return;
    }
    Value* parent = this;
    Way way(place);
    auto last = way.next();
    while (!way.is_over()) {
        parent = &step_into(*parent, last);
        last = way.next();
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
    const Pointer place = pointer;
    for (Way way(place); !way.is_over();) {
        keys.emplace_back(way.next());
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

int read_int(const Value& value, const Pointer& place, int fallback) {
    return static_cast<int>(value.number(place, fallback));
}

Value number_or_null(const std::optional<double>& number) {
    return number ? Value(*number) : Value();
}

Value count_or_null(const std::optional<int>& count) {
    return count ? Value(*count) : Value();
}

std::vector<std::string> differing_paths(const Value& before, const Value& after) {
    std::vector<std::string> paths;
    collect_differences(before, after, "", paths);
    return paths;
}

Labels read_labels(const Value& map) {
    Labels labels;
    labels.reserve(map.members().size());
    for (const auto& [key, value] : map.members()) {
        labels.emplace(key, value.text(""));
    }
    return labels;
}

Value to_value(const Labels& labels) {
    Value::Object members;
    members.reserve(labels.size());
    for (const auto& [key, value] : labels) {
        members.emplace(key, value);
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

Value texts_value(const std::map<std::string, std::string>& texts) {
    Value::Object map;
    for (const auto& [name, text] : texts) {
        map[name] = text;
    }
    return map;
}

std::map<std::string, std::string> read_texts(const Value& map) {
    std::map<std::string, std::string> texts;
    for (const auto& [name, text] : map.members()) {
        texts[name] = text.text("");
    }
    return texts;
}

}  // namespace deployctl
