// SPDX-License-Identifier: Apache-2.0
#include "ports/cluster.hpp"

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

}  // namespace deployctl
