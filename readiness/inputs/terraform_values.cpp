// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform_values.hpp"

#include <vector>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;

constexpr int deepest = 8;  // locals that are made of locals

/// A list or a map of the same things, each made by `made`.
template <class Made>
Node rebuilt(const Node& written, documents::Tree& tree, const Made& made) {
    Node node = written;
    if (written.is_list()) {
        std::vector<Node> items;
        items.reserve(written.items.size());
        for (const auto& item : written.items) {
            items.push_back(made(item));
        }
        node = tree.list(written.spot, items);
    } else if (written.is_map()) {
        std::vector<NodeEntry> entries;
        entries.reserve(written.entries.size());
        for (const auto& entry : written.entries) {
            entries.push_back({entry.key, entry.spot, made(entry.value)});
        }
        node = tree.map(written.spot, entries);
    }
    return node;
}

/// Terraform takes "true" and "8080" for what they look like wherever that is wanted.
NodeKind typed(const Node& node) {
    const bool is_number = !node.text.empty() && node.text.size() < 16 &&
                           node.text.find_first_not_of("0123456789") == node.text.npos;
    const bool is_typed = node.text == "true" || node.text == "false" || is_number;
    return node.kind == NodeKind::quoted && is_typed ? NodeKind::plain : node.kind;
}

}  // namespace

Node placed(const Node& written, std::uint32_t source, documents::Tree& tree) {
    Node node =
        rebuilt(written, tree, [&](const Node& part) { return placed(part, source, tree); });
    node.source = source;
    return node;
}

void TerraformValues::set_variable(std::string_view name, const Node& value) {
    variables_[name] = value;
}

void TerraformValues::set_local(std::string_view name, const Node& written, std::uint32_t source) {
    locals_[name] = {&written, source};
}

Node TerraformValues::resolved(const Node& written, std::uint32_t source) {
    return copy(written, source);
}

Node TerraformValues::copy(const Node& written, std::uint32_t source) {
    if (*nodes_left_ == 0) {
        Node node = tree_->scalar(written.spot, written.text, NodeKind::unknown);
        node.source = source;
        return node;
    }
    --*nodes_left_;
    Node node =
        written.is_unknown()
            ? computed(written)
            : rebuilt(written, *tree_, [&](const Node& part) { return copy(part, source); });
    node.kind = typed(node);
    node.spot = written.spot;
    node.source = source;
    return node;
}

Node TerraformValues::computed(const Node& written) {
    if (depth_ >= deepest) {
        return written;
    }
    ++depth_;
    const auto value = evaluate_terraform(
        written.text,
        [this](std::string_view of, std::string_view name) { return look_up(of, name); },
        *tree_
    );
    --depth_;
    return value && (!value->is_unknown() || !value->text.empty()) ? *value : written;
}

std::optional<Node> TerraformValues::look_up(std::string_view of, std::string_view name) {
    if (of == "var") {
        const auto found = variables_.find(name);
        return found == variables_.end() ? std::nullopt : std::optional(found->second);
    }
    if (of == "module" && modules_) {
        return modules_(name);
    }
    const auto found = of == "local" ? locals_.find(name) : locals_.end();
    if (found == locals_.end()) {
        return std::nullopt;
    }
    return copy(*found->second.written, found->second.source);
}

}  // namespace deployctl::readiness
