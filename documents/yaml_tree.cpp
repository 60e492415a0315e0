// SPDX-License-Identifier: Apache-2.0
#include "documents/tree.hpp"
#include "documents/yaml.hpp"
#include "documents/yaml_documents.hpp"
#include "model/object_of.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace deployctl::documents {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text, int base) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

std::optional<std::int64_t> read_integer(std::string_view text) {
    if (text.starts_with("0x")) {
        return whole_number(text.substr(2), 16);
    }
    if (text.starts_with("0o")) {
        return whole_number(text.substr(2), 8);
    }
    if (text.size() > 1 && text[0] == '0') {
        return whole_number(text, 8);  // defaultMode: 0644
    }
    return whole_number(text.starts_with('+') ? text.substr(1) : text, 10);
}

/// kubectl takes `1e3` for a text and `1e+3` for a number.
std::optional<double> read_real(std::string_view text) {
    const auto exponent = text.find_first_of("eE");
    const bool signless =
        exponent != std::string_view::npos && text.substr(exponent + 1).find_first_of("+-") != 0;
    if (signless || text.ends_with('.') ||
        text.find_first_not_of("+-.0123456789eE") != std::string_view::npos) {
        return std::nullopt;
    }
    double number = 0;
    const auto digits = text.starts_with('+') ? text.substr(1) : text;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc{} && end == digits.data() + digits.size() ? std::optional(number)
                                                                        : std::nullopt;
}

Value plain_value(const std::string& text) {
    if (const auto flag = read_flag(text)) {
        return *flag;
    }
    if (const auto integer = read_integer(text)) {
        return *integer;
    }
    if (const auto real = read_real(text)) {
        return *real;
    }
    return text;
}

void add_object(const YamlNode& node, const YamlSource& source, YamlObjects& into) {
    const auto* kind = node.find("kind");
    const auto* api_version = node.find("apiVersion");
    const auto* items = node.find("items");
    if (kind == nullptr || api_version == nullptr) {
        if (into.diagnostics.size() < YamlLimits::mistakes) {
            const char* missing = kind == nullptr ? "`kind`" : "`apiVersion`";
            into.diagnostics.push_back(source.mistake(
                "C1040", std::string("no object of Kubernetes: it has no ") + missing, node.place
            ));
            into.diagnostics.back().help = "write it, or keep the file out of this folder";
        }
        return;
    }
    if (items == nullptr || items->value.kind != YamlKind::list ||
        !kind->value.text.ends_with("List")) {
        into.objects.push_back(to_value(node));
        return;
    }
    for (const auto& item : items->value.items) {
        add_object(item, source, into);
    }
}

}  // namespace

Value to_value(const YamlNode& node) {
    switch (node.kind) {
        case YamlKind::null: return {};
        case YamlKind::plain: return plain_value(node.text);
        case YamlKind::quoted: return node.text;
        case YamlKind::list: {
            Value::Array items;
            for (const auto& item : node.items) {
                items.push_back(to_value(item));
            }
            return items;
        }
        case YamlKind::map: {
            Members members;
            members.reserve(node.entries.size());
            for (const auto& entry : node.entries) {
                members.emplace_back(entry.key, to_value(entry.value));
            }
            return object_of(std::move(members));
        }
    }
    return {};
}

const YamlEntry* YamlNode::find(std::string_view key) const {
    const auto found = std::ranges::find(entries, key, &YamlEntry::key);
    return found == entries.end() ? nullptr : &*found;
}

YamlTree read_yaml(const YamlSource& source) {
    auto documents = read_documents(source, 2);
    YamlTree tree;
    tree.diagnostics = std::move(documents.diagnostics);
    if (documents.roots.size() > 1) {
        tree.diagnostics.push_back(source.mistake(
            "C1004", "a second document: this file takes one", documents.roots[1].place
        ));
        tree.diagnostics.back().help = "keep one, without `---`";
    }
    if (!documents.roots.empty()) {
        tree.root = std::move(documents.roots.front());
    }
    return tree;
}

YamlObjects read_objects(std::string_view text, const std::string& file) {
    const YamlSource source(text, file);
    auto documents = read_documents(source, YamlLimits::nodes);
    YamlObjects objects;
    objects.diagnostics = std::move(documents.diagnostics);
    for (const auto& root : documents.roots) {
        if (root.kind != YamlKind::null) {
            add_object(root, source, objects);
        }
    }
    return objects;
}

}  // namespace deployctl::documents
