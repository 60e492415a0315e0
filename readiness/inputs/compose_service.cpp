// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/compose_service.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;

Node port(const Node& written, ComposeTree& tree) {
    if (!written.is_scalar()) {
        return tree.copy(written);
    }
    auto text = written.text;
    std::vector<NodeEntry> entries;
    const auto slash = text.rfind('/');
    if (slash != text.npos && text.find('}', slash) == text.npos) {
        const auto protocol = tree.text(written, text.substr(slash + 1));
        entries.push_back({"protocol", written.spot, protocol});
        text = text.substr(0, slash);
    }
    const auto parts = compose_parts(text);
    static constexpr std::array<std::string_view, 3> names = {"target", "published", "host_ip"};
    for (std::size_t at = 0; at < std::min(parts.size(), names.size()); ++at) {
        const auto part = parts[parts.size() - 1 - at];
        if (!part.empty()) {
            auto node = tree.text(written, part);
            node.kind = node.is_unknown() ? NodeKind::unknown : NodeKind::plain;
            entries.push_back({names.at(at), written.spot, node});
        }
    }
    return tree.map(written, entries);
}

/// `C:\data:/data` has a colon of its own.
std::vector<std::string_view> mount_parts(std::string_view text) {
    auto parts = compose_parts(text);
    const bool is_drive = parts.size() > 1 && parts[0].size() == 1 && parts[1].starts_with('\\');
    if (is_drive) {
        parts[1] = text.substr(0, parts[1].size() + 2);
        parts.erase(parts.begin());
    }
    return parts;
}

bool is_host_path(std::string_view source) {
    return source.starts_with('.') || source.starts_with('/') || source.starts_with('~') ||
           (source.size() > 1 && source[1] == ':');
}

Node mount(const Node& written, ComposeTree& tree) {
    if (!written.is_scalar()) {
        return tree.copy(written);
    }
    const auto parts = mount_parts(written.text);
    const auto spot = written.spot;
    if (parts.size() == 1) {
        return tree.map(
            written,
            {{"type", spot, tree.word(written, "volume")},
             {"target", spot, tree.text(written, parts[0])}}
        );
    }
    const auto source = tree.text(written, parts[0]);
    auto type = tree.word(written, is_host_path(source.text) ? "bind" : "volume");
    type = source.is_unknown() ? tree.unknown(source) : type;
    std::vector<NodeEntry> entries = {
        {"type", spot, type},
        {"source", spot, source},
        {"target", spot, tree.text(written, parts[1])}
    };
    const auto mode = parts.size() > 2 ? "," + std::string(parts[2]) + "," : std::string();
    if (mode.find(",ro,") != std::string::npos) {
        entries.push_back({"read_only", spot, tree.word(written, "true")});
    }
    return tree.map(written, entries);
}

template <class Make>
Node each_of(const Node& written, ComposeTree& tree, const Make& make) {
    std::vector<Node> items;
    for (const auto& item : written.items) {
        items.push_back(make(item, tree));
    }
    return tree.list(written, items);
}

/// `[A=b, C]` as `{A: b, C: null}`.
Node settings(const Node& written, ComposeTree& tree) {
    if (!written.is_list()) {
        return tree.copy(written);
    }
    std::vector<NodeEntry> entries;
    for (const auto& item : written.items) {
        const auto equals = std::min(item.text.find('='), item.text.size());
        auto value = tree.text(item, item.text.substr(std::min(equals + 1, item.text.size())));
        value.kind = equals == item.text.size() ? NodeKind::null
                     : value.is_unknown()       ? NodeKind::unknown
                                                : NodeKind::quoted;
        entries.push_back({item.text.substr(0, equals), item.spot, value});
    }
    return tree.map(written, entries);
}

/// `[a, b]` as `{a: null, b: null}`; a null keeps its place.
Node names(const Node& written, ComposeTree& tree) {
    if (!written.is_list()) {
        return tree.copy(written);
    }
    std::vector<NodeEntry> entries;
    for (const auto& item : written.items) {
        auto nothing = tree.word(item, {});
        nothing.kind = NodeKind::null;
        entries.push_back({item.text, item.spot, nothing});
    }
    return tree.map(written, entries);
}

Node build(const Node& written, ComposeTree& tree) {
    if (!written.is_scalar()) {
        return tree.copy(written);
    }
    return tree.map(written, {{"context", written.spot, tree.text(written, written.text)}});
}

Node one_or_more(const Node& written, ComposeTree& tree) {
    return written.is_scalar() ? tree.list(written, {tree.text(written, written.text)})
                               : tree.copy(written);
}

struct Form {
    std::string_view key;
    Node (*make)(const Node& written, ComposeTree& tree);
};

Node ports(const Node& written, ComposeTree& tree) {
    return each_of(written, tree, port);
}

Node mounts(const Node& written, ComposeTree& tree) {
    return each_of(written, tree, mount);
}

constexpr std::array<Form, 11> forms = {{
    {"ports", ports},
    {"volumes", mounts},
    {"environment", settings},
    {"labels", settings},
    {"networks", names},
    {"depends_on", names},
    {"secrets", one_or_more},
    {"build", build},
    {"env_file", one_or_more},
    {"tmpfs", one_or_more},
    {"dns", one_or_more},
}};

/// The first of the paths that is there, under a new name.
void add_limit(
    std::vector<NodeEntry>& limits,
    const Node& service,
    std::string_view name,
    const std::array<std::string_view, 2>& paths
) {
    for (const auto path : paths) {
        const auto& value = service.at(path);
        if (value.exists()) {
            limits.push_back({name, value.spot, value});
            return;
        }
    }
}

}  // namespace

Node compose_service(const Node& service, ComposeTree& tree) {
    std::vector<NodeEntry> entries;
    for (const auto& entry : service.entries) {
        const auto* const form = std::ranges::find(forms, entry.key, &Form::key);
        const auto value =
            form == forms.end() ? tree.copy(entry.value) : form->make(entry.value, tree);
        entries.push_back({entry.key, entry.spot, value});
    }
    return tree.map(service, entries);
}

Node with_compose_limits(const Node& service, ComposeTree& tree) {
    std::vector<NodeEntry> limits;
    add_limit(limits, service, "memory", {"deploy/resources/limits/memory", "mem_limit"});
    add_limit(limits, service, "cpus", {"deploy/resources/limits/cpus", "cpus"});
    add_limit(limits, service, "pids", {"deploy/resources/limits/pids", "pids_limit"});
    if (limits.empty() || !service.is_map()) {
        return service;
    }
    std::vector<NodeEntry> entries(service.entries.begin(), service.entries.end());
    entries.push_back({"x-limits", limits.front().spot, tree.map(service, limits)});
    return tree.map(service, entries);
}

}  // namespace deployctl::readiness
