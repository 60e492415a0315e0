// SPDX-License-Identifier: Apache-2.0
// A tree of plain data (null, bool, number, text, list, map): what a Kubernetes object, an event
// body or a plan looks like before anybody gives it a type. A value, copied freely: copies share
// what neither has changed; any thread; no library behind it. What `make_object` and `make_array`
// give is to be written before the tree is copied. Places are JSON Pointers (RFC 6901):
// "/spec/template/metadata/labels/deployctl.dev~1track". Look-ups never fail: what is not there is
// null, empty or the fallback. Maps are sorted by key, so two equal trees print the same.
#pragma once

#include "model/shared.hpp"
#include "model/sorted_map.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace deployctl {

class Value {
public:
    using Array = std::vector<Value>;
    using Object = SortedMap<Value>;
    struct Member;
    using Data = std::variant<
        std::monostate,
        bool,
        std::int64_t,
        double,
        std::string,
        Shared<Array>,
        Shared<Object>>;

    Value() = default;

    Value(std::nullptr_t) {}

    template <class T>
        requires(std::is_arithmetic_v<T>)
    Value(T number) : data_(from_number(number)) {}

    Value(const char* text) : data_(std::string(text)) {}

    Value(std::string_view text) : data_(std::string(text)) {}

    Value(std::string text) : data_(std::move(text)) {}

    Value(Array items) : data_(Shared<Array>(std::move(items))) {}

    Value(Object members) : data_(Shared<Object>(std::move(members))) {}

    /// A map from pairs: Value::map({{"kind", "Pod"}, {"replicas", 3}}).
    static Value map(std::initializer_list<Member> members = {});
    static Value list(std::initializer_list<Value> items = {});

    const Data& data() const { return data_; }

    bool is_null() const { return std::holds_alternative<std::monostate>(data_); }

    bool is_object() const { return std::holds_alternative<Shared<Object>>(data_); }

    bool is_array() const { return std::holds_alternative<Shared<Array>>(data_); }

    bool is_string() const { return std::holds_alternative<std::string>(data_); }

    /// What stands at the pointer; a shared null where there is nothing.
    const Value& at(std::string_view pointer) const;
    bool has(std::string_view pointer) const;
    std::string text(std::string_view pointer, std::string_view fallback = "") const;
    /// The same without a copy, for as long as the tree is not written; empty where it is no text.
    std::string_view view(std::string_view pointer) const;
    std::int64_t number(std::string_view pointer, std::int64_t fallback = 0) const;
    double real(std::string_view pointer, double fallback = 0) const;
    bool flag(std::string_view pointer) const;
    const Array& items(std::string_view pointer = "") const;
    const Object& members(std::string_view pointer = "") const;

    /// Writes at the pointer and makes the maps on the way; "-" appends to a list.
    /// Throws std::logic_error where the way leads through something that is neither map nor list.
    void set(std::string_view pointer, Value value);
    /// Takes away what is at the pointer; nothing there is no mistake.
    void erase(std::string_view pointer);

    Array& make_array();
    Object& make_object();

    friend bool operator==(const Value& one, const Value& other) {
        return one.data_.index() == other.data_.index() && one.equals_of_same_type(other);
    }

private:
    bool equals_of_same_type(const Value& other) const;

    template <class T>
    static Data from_number(T number) {
        if constexpr (std::is_same_v<T, bool>) {
            return number;
        } else if constexpr (std::is_floating_point_v<T>) {
            return static_cast<double>(number);
        } else {
            return static_cast<std::int64_t>(number);
        }
    }

    Data data_;
};

/// An entry of `Value::map`, which moves it on: the members of a list in braces are const.
struct Value::Member {
    std::string_view key;
    mutable Value value;
};

/// "/" and "~" in a key as JSON Pointer writes them: "a/b" is "a~1b".
std::string escape_pointer(std::string_view key);
/// The keys of a pointer, unescaped. "" has none.
std::vector<std::string> split_pointer(std::string_view pointer);

/// A list of texts, there and back; what is no text reads as empty.
Value lines_value(const std::vector<std::string>& lines);
std::vector<std::string> read_lines(const Value& list);
int read_int(const Value& value, std::string_view pointer, int fallback = 0);

/// Every place where two trees differ, as pointers into either, in order.
std::vector<std::string> differing_paths(const Value& before, const Value& after);

/// Labels, selectors, annotations: a map of texts.
using Labels = SortedMap<std::string>;
Labels read_labels(const Value& map);
Value to_value(const Labels& labels);
/// True if every entry of `selector` stands in `labels`; an empty selector matches nothing, as a
/// Service's does.
bool selects(const Labels& selector, const Labels& labels);

}  // namespace deployctl
