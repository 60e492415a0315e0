// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml.hpp"

#include <algorithm>

namespace deployctl::documents {

namespace {

constexpr std::size_t widest_flow = 100;

void add_byte(std::string& out, unsigned byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\x";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

void add_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += text[i];
        } else if (byte == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            add_byte(out, byte);
        } else if (byte == 0xC2 && next < 0xA0) {
            add_byte(out, next);  // U+0080 to U+009F, of which a terminal may obey some
            ++i;
        } else {
            out += text[i];
        }
    }
    out += '"';
}

void add_scalar(std::string& out, const YamlNode& node) {
    if (node.kind == YamlKind::quoted) {
        add_quoted(out, node.text);
    } else {
        out += node.kind == YamlKind::null ? "null" : node.text;
    }
}

void add_key(std::string& out, const std::string& key) {
    add_scalar(out, yaml_text(key));
    out += ": ";
}

void add_flow(std::string& out, const YamlNode& node);

template <class Range, class Add>
void add_separated(std::string& out, const Range& range, Add add) {
    const char* separator = "";
    for (const auto& one : range) {
        out += separator;
        add(one);
        separator = ", ";
    }
}

void add_flow(std::string& out, const YamlNode& node) {
    if (node.kind == YamlKind::list) {
        out += '[';
        add_separated(out, node.items, [&](const YamlNode& item) { add_flow(out, item); });
        out += ']';
    } else if (node.kind == YamlKind::map) {
        out += '{';
        add_separated(out, node.entries, [&](const YamlEntry& entry) {
            add_key(out, entry.key);
            add_flow(out, entry.value);
        });
        out += '}';
    } else {
        add_scalar(out, node);
    }
}

bool is_leaf(const YamlNode& node) {
    return node.items.empty() && node.entries.empty();
}

/// In one line: scalars; whatever has only scalars in it, and lists of such, if it is short.
bool fits_one_line(const YamlNode& node, std::size_t indent) {
    if (is_leaf(node)) {
        return true;
    }
    const bool flat = std::ranges::all_of(
                          node.entries, [](const YamlEntry& entry) { return is_leaf(entry.value); }
                      ) &&
                      std::ranges::all_of(node.items, [](const YamlNode& item) {
                          return std::ranges::all_of(item.entries, [](const YamlEntry& entry) {
                              return is_leaf(entry.value);
                          });
                      });
    std::string text;
    if (flat) {
        add_flow(text, node);
    }
    return flat && text.size() + indent < widest_flow;
}

void add_block(std::string& out, const YamlNode& node, std::size_t indent) {
    for (const auto& entry : node.entries) {
        out.append(indent, ' ');
        add_key(out, entry.key);
        if (fits_one_line(entry.value, indent + entry.key.size() + 2)) {
            add_flow(out, entry.value);
            out += '\n';
        } else {
            out.back() = '\n';
            add_block(out, entry.value, indent + 2);
        }
    }
    for (const auto& item : node.items) {
        out.append(indent, ' ');
        out += "- ";
        add_flow(out, item);
        out += '\n';
    }
}

}  // namespace

std::string write_yaml(const YamlNode& node) {
    std::string out;
    if (is_leaf(node)) {
        add_flow(out, node);
        out += '\n';
    } else {
        add_block(out, node, 0);
    }
    return out;
}

std::string write_yaml_line(const YamlNode& node) {
    std::string out;
    add_flow(out, node);
    return out;
}

YamlNode yaml_text(std::string_view text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view words[] = {
        "true", "false", "null", "yes", "no", "on", "off", "y", "n"
    };
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    });
    // A colon is safe inside of a word: "host:5000/image".
    const bool plain =
        !text.empty() &&
        (letters.find(text[0]) != std::string_view::npos || text[0] == '/' || text[0] == '$') &&
        text.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:$"
        ) == std::string_view::npos &&
        !text.ends_with(':') && std::ranges::find(words, lower) == std::end(words);
    YamlNode node;
    node.kind = plain ? YamlKind::plain : YamlKind::quoted;
    node.text = text;
    return node;
}

YamlNode yaml_plain(std::string_view text) {
    YamlNode node;
    node.kind = YamlKind::plain;
    node.text = text;
    return node;
}

}  // namespace deployctl::documents
