// SPDX-License-Identifier: Apache-2.0
#include "ports/cluster.hpp"

#include <algorithm>
#include <iterator>

namespace deployctl {

const char* to_text(WriteAnswer answer) {
    switch (answer) {
        case WriteAnswer::done: return "done";
        case WriteAnswer::conflict: return "conflict";
        case WriteAnswer::not_found: return "not found";
        case WriteAnswer::forbidden: return "forbidden";
        case WriteAnswer::invalid: return "invalid";
        case WriteAnswer::throttled: return "throttled";
        case WriteAnswer::unknown: return "unknown";
    }
    return "";
}

Task<std::vector<Value>> list_all(Cluster& cluster, Kind kind) {
    std::vector<Value> items;
    ListQuery query{kind};
    do {
        auto page = co_await cluster.list(query);
        std::ranges::move(page.items, std::back_inserter(items));
        query.after = page.next;
    } while (!query.after.empty());
    co_return items;
}

}  // namespace deployctl
