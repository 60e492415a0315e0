// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/fingerprint.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"

#include <boost/algorithm/string/split.hpp>

#include <algorithm>

namespace deployctl::plugins::terraform {

namespace {

constexpr std::size_t hash_letters = 8;
constexpr const char* not_known = "(not known yet)";

/// `marks` has the shape of `value`, with `true` where something is sensitive.
Value masked(const Value& value, const Value& marks) {
    if (marks.data() == Value(true).data()) {
        return "(sensitive)";
    }
    if (value.is_object() && marks.is_object()) {
        auto members = Value::map();
        for (const auto& [name, member] : value.members()) {
            const auto place = "/" + escape_pointer(name);
            members.set(place, masked(member, marks.at(place)));
        }
        return members;
    }
    if (value.is_array() && marks.is_array()) {
        Value::Array items;
        const auto& all = marks.items();
        for (std::size_t i = 0; i < value.items().size(); ++i) {
            items.push_back(masked(value.items()[i], i < all.size() ? all[i] : Value()));
        }
        return items;
    }
    return value;
}

bool has_a_mark(const Value& marks) {
    if (marks.is_array()) {
        return std::ranges::any_of(marks.items(), has_a_mark);
    }
    if (marks.is_object()) {
        return std::ranges::any_of(marks.members(), [](const auto& member) {
            return has_a_mark(member.second);
        });
    }
    return marks.data() == Value(true).data();
}

/// A key that stands in a list of places, in a line of text, without being taken for more.
bool is_plain(std::string_view key) {
    return !key.empty() && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

void collect(const Value& marks, const std::string& place, std::vector<std::string>& places) {
    if (!has_a_mark(marks)) {
        return;
    }
    const bool goes_on =
        marks.is_object() && std::ranges::all_of(marks.members(), [](const auto& member) {
            return is_plain(member.first);
        });
    if (!goes_on) {
        places.push_back(place);
        return;
    }
    for (const auto& [name, member] : marks.members()) {
        collect(member, place + "/" + std::string(name), places);
    }
}

bool leads_through_maps(const Value& tree, const std::vector<std::string>& keys) {
    const auto* at = &tree;
    for (const auto& key : keys) {
        if (!at->is_object() && !at->is_null()) {
            return false;
        }
        at = &at->at("/" + escape_pointer(key));
    }
    return true;
}

std::string hash_without(const Value& after, const std::vector<std::string>& places) {
    auto rest = after;
    for (const auto& place : places) {
        if (place.empty()) {
            rest = not_known;
        } else if (leads_through_maps(rest, split_pointer(place))) {
            rest.set(place, not_known);
        }
    }
    return documents::sha256_hex(documents::write_json(rest)).substr(0, hash_letters);
}

}  // namespace

WantedValue wanted_value(const Value& change) {
    WantedValue wanted;
    wanted.after = masked(change.at("/after"), change.at("/after_sensitive"));
    collect(change.at("/after_unknown"), "", wanted.unknown);
    return wanted;
}

std::string fingerprint_of(const WantedValue& wanted) {
    const auto hash = hash_without(wanted.after, wanted.unknown);
    return wanted.unknown.empty() ? hash : hash + "?" + join(wanted.unknown, ",");
}

bool is_still(std::string_view fingerprint, const WantedValue& wanted) {
    const auto mark = std::min(fingerprint.find('?'), fingerprint.size());
    auto hidden = wanted.unknown;
    if (mark < fingerprint.size()) {
        std::vector<std::string> were_unknown;
        const auto places = fingerprint.substr(mark + 1);
        boost::algorithm::split(were_unknown, places, [](char c) { return c == ','; });
        hidden.insert(hidden.end(), were_unknown.begin(), were_unknown.end());
    }
    return hash_without(wanted.after, hidden) == fingerprint.substr(0, mark);
}

}  // namespace deployctl::plugins::terraform
