// SPDX-License-Identifier: Apache-2.0
// A map of very many members, made at once: sorted one time, where adding them one by one in the
// order of their coming would move the others aside for each. Pure.
#pragma once

#include "model/value.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace deployctl {

using Members = std::vector<Value::Object::value_type>;

/// Of two members with one key the first counts.
inline Value::Object object_of(Members members) {
    std::ranges::stable_sort(members, {}, &Value::Object::value_type::first);
    Value::Object made;
    made.reserve(members.size());
    for (auto& [key, value] : members) {
        made.emplace(std::move(key), std::move(value));
    }
    return made;
}

}  // namespace deployctl
