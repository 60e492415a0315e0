// SPDX-License-Identifier: Apache-2.0
#include "readiness/shown_value.hpp"

#include "readiness/checks/secrets.hpp"
#include "readiness/redaction.hpp"

namespace deployctl::readiness {

namespace {

/// By one of the names on the way to it, and as a value that could be one.
bool may_be_secret(std::string_view path, std::string_view value) {
    bool is_named = false;
    while (!path.empty() && !is_named) {
        const auto slash = path.find('/');
        is_named = names_a_secret(path.substr(0, slash));
        path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
    }
    return is_named && may_be_a_secret(value);
}

}  // namespace

std::string shown_value(std::string_view path, const documents::Node& node) {
    constexpr std::size_t most = 60;  // of what is redacted: half a secret is not known as one
    const auto slash = path.rfind('/');
    const std::string key(slash == path.npos ? path : path.substr(slash + 1));
    if (!node.is_scalar() && !node.is_unknown()) {
        return key;
    }
    if (may_be_secret(path, node.text)) {
        return key + ": (not shown)";
    }
    const auto text = node.text.size() > most ? redacted(node.text).substr(0, most) + "..."
                                              : std::string(node.text);
    return key == "." ? text : key + ": " + text;
}

}  // namespace deployctl::readiness
