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

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace deployctl {

/// A JSON Pointer as an argument. One that stands in the source is taken apart by the compiler, any
/// other on the way. The text is not copied: it has to last as long.
class Pointer {
public:
    template <std::size_t size>
    consteval Pointer(const char (&text)[size]) : text_(text, size - 1) {
        static_assert(size <= 256, "its keys are to be counted in bytes");
        for (std::size_t at = 1; at <= text_.size(); ++at) {
            if (at == text_.size() || text_[at] == '/') {
                ends_.at(known_++) = static_cast<std::uint8_t>(at);
            }
        }
        has_escapes_ = text_.find('~') != std::string_view::npos;
    }

    template <class Text>
        requires(std::is_convertible_v<const Text&, std::string_view>)
    Pointer(const Text& text)
        : text_(text), has_escapes_(text_.find('~') != std::string_view::npos) {}

    std::string_view text() const { return text_; }

    bool has_escapes() const { return has_escapes_; }

    /// Where the key ends that begins after the slash at `begin` and has so many before it.
    std::size_t end_of(std::size_t number, std::size_t begin) const {
        return number < known_ ? ends_[number] : std::min(text_.find('/', begin + 1), text_.size());
    }

private:
    std::string_view text_;
    std::array<std::uint8_t, 8> ends_{};  ///< of the first keys, as far as they are known
    std::uint8_t known_ = 0;
    bool has_escapes_ = false;
};

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

    /// What stands at the place; a shared null where there is nothing.
    const Value& at(const Pointer& place) const;
    bool has(const Pointer& place) const;
    std::string text(const Pointer& place, std::string_view fallback = "") const;
    /// The same without a copy, for as long as the tree is not written; empty where it is no text.
    std::string_view view(const Pointer& place) const;
    std::int64_t number(const Pointer& place, std::int64_t fallback = 0) const;
    double real(const Pointer& place, double fallback = 0) const;
    bool flag(const Pointer& place) const;
    const Array& items() const;

    const Array& items(const Pointer& place) const { return at(place).items(); }

    const Object& members() const;

    const Object& members(const Pointer& place) const { return at(place).members(); }

    /// Writes at the place and makes the maps on the way; "-" appends to a list.
    /// Throws std::logic_error where the way leads through something that is neither map nor list.
    void set(const Pointer& place, Value value);
    /// Takes away what is at the place; nothing there is no mistake.
    void erase(const Pointer& place);

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
Value texts_value(const std::map<std::string, std::string>& texts);
std::map<std::string, std::string> read_texts(const Value& map);
Value lines_value(const std::vector<std::string>& lines);
std::vector<std::string> read_lines(const Value& list);
int read_int(const Value& value, const Pointer& place, int fallback = 0);
Value number_or_null(const std::optional<double>& number);
Value count_or_null(const std::optional<int>& count);

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
