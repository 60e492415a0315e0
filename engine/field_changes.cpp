// SPDX-License-Identifier: Apache-2.0
#include "engine/field_changes.hpp"

#include "engine/changes.hpp"

#include <algorithm>
#include <array>

namespace deployctl::engine {

namespace {

/// Of the server, or what tells objects apart.
constexpr std::array<std::string_view, 9> not_said{
    "/apiVersion",
    "/kind",
    "/status",
    "/metadata/name",
    "/metadata/namespace",
    "/metadata/uid",
    "/metadata/resourceVersion",
    "/metadata/creationTimestamp",
    "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
};

/// A write makes the map where there is none: its keys are changes of their own.
constexpr std::string_view annotations = "/metadata/annotations";

bool is_said(std::string_view pointer) {
    return std::ranges::count(not_said, pointer) == 0;
}

std::string below(const std::string& pointer, std::string_view key) {
    return pointer + "/" + escape_pointer(key);
}

class Comparison {
public:
    explicit Comparison(const Value& live) : live_(live) {}

    void compare(const std::string& pointer, const Value& said) {
        const auto& present = live_.at(pointer);
        if (said.is_object() && (present.is_object() || pointer == annotations)) {
            for (const auto& [key, value] : said.members()) {
                if (const auto place = below(pointer, key); is_said(place)) {
                    compare(place, value);
                }
            }
        } else if (said.is_array() && said.items().size() == present.items().size()) {
            for (std::size_t each = 0; each < said.items().size(); ++each) {
                compare(pointer + "/" + std::to_string(each), said.items()[each]);
            }
        } else if (!(said == present)) {
            found.push_back({pointer, present, said});
        }
    }

    std::vector<FieldChange> found;

private:
    const Value& live_;
};

void find_gone(
    const std::string& pointer,
    const Value& before,
    const Value& now,
    std::vector<std::string>& gone
) {
    for (const auto& [key, value] : before.members()) {
        const auto place = below(pointer, key);
        const auto& left = now.at("/" + escape_pointer(key));
        if (!is_said(place)) {
            continue;
        }
        if (left.is_null()) {
            gone.push_back(place);
        } else if (value.is_object() && left.is_object()) {
            find_gone(place, value, left, gone);
        }
    }
}

const Value& wanted(const FieldChange& change, Side side) {
    return side == Side::after ? change.after : change.before;
}

}  // namespace

std::vector<std::string> places_gone(const Value& said_before, const Value& said) {
    std::vector<std::string> gone;
    find_gone("", said_before, said, gone);
    return gone;
}

std::vector<FieldChange> field_changes(
    const Value& live, const Value& said, const std::vector<std::string>& gone
) {
    Comparison comparison(live);
    comparison.compare("", said);
    for (const auto& place : gone) {
        if (live.has(place)) {
            comparison.found.push_back({place, live.at(place), nullptr});
        }
    }
    return std::move(comparison.found);
}

JsonPatch patch_to(const Value& object, const std::vector<FieldChange>& changes, Side side) {
    JsonPatch patch;
    for (const auto& change : changes) {
        const auto part = set_field(object, change.pointer, wanted(change, side));
        patch.insert(patch.end(), part.begin(), part.end());
    }
    return patch;
}

bool is_at(const Value& object, const std::vector<FieldChange>& changes, Side side) {
    return std::ranges::all_of(changes, [&](const FieldChange& change) {
        return object.at(change.pointer) == wanted(change, side);
    });
}

}  // namespace deployctl::engine
