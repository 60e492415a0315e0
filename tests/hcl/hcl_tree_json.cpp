// SPDX-License-Identifier: Apache-2.0
// For hcl_test.py: texts on standard input, each behind a line with its length, to a line of JSON
// each: {"error": ...}, or the tree, with {"plain": ...}, {"unknown": ...} and {"map": [[key,
// value]]}.
#include "documents/hcl.hpp"

#include <iostream>
#include <string>

namespace {

using deployctl::documents::Node;
using deployctl::documents::NodeKind;

std::string text_of(std::string_view text) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string json = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x20) {
            json += "\\u00";
            json += digits[code >> 4U];
            json += digits[code & 15U];
        } else {
            json += c == '"' || c == '\\' ? "\\" : "";
            json += c;
        }
    }
    return json + "\"";
}

std::string json_of(const Node& node) {
    std::string parts;
    for (const auto& item : node.items) {
        parts += (parts.empty() ? "" : ",") + json_of(item);
    }
    for (const auto& entry : node.entries) {
        parts +=
            (parts.empty() ? "[" : ",[") + text_of(entry.key) + "," + json_of(entry.value) + "]";
    }
    switch (node.kind) {
        case NodeKind::null: return "null";
        case NodeKind::plain: return "{\"plain\":" + text_of(node.text) + "}";
        case NodeKind::quoted: return text_of(node.text);
        case NodeKind::unknown: return "{\"unknown\":" + text_of(node.text) + "}";
        case NodeKind::list: return "[" + parts + "]";
        case NodeKind::map: return "{\"map\":[" + parts + "]}";
    }
    return {};
}

}  // namespace

int main() {
    std::string line;
    while (std::getline(std::cin, line)) {
        std::string text(std::stoul(line), '\0');
        std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
        const auto read = deployctl::documents::read_hcl(text);
        std::cout << (read.mistake.empty() ? json_of(read.tree.roots().front())
                                           : "{\"error\":" + text_of(read.mistake) + "}")
                  << "\n";
    }
}
