// SPDX-License-Identifier: Apache-2.0
#include "config/entries.hpp"

#include "config/spelling.hpp"

#include <algorithm>
#include <set>

namespace deployctl::config {

using documents::YamlEntry;
using documents::YamlKind;
using documents::YamlNode;

const YamlEntry* entry_at(const YamlNode& root, std::initializer_list<std::string_view> path) {
    const auto* node = &root;
    const YamlEntry* entry = nullptr;
    for (const auto name : path) {
        entry = node->find(name);
        if (entry == nullptr) {
            return nullptr;
        }
        node = &entry->value;
    }
    return entry;
}

const std::vector<YamlEntry>& entries_at(
    const YamlNode& root, std::initializer_list<std::string_view> path
) {
    static const std::vector<YamlEntry> none;
    const auto* entry = entry_at(root, path);
    return entry == nullptr ? none : entry->value.entries;
}

const std::vector<YamlNode>& items_at(
    const YamlNode& root, std::initializer_list<std::string_view> path
) {
    static const std::vector<YamlNode> none;
    const auto* entry = entry_at(root, path);
    return entry == nullptr ? none : entry->value.items;
}

namespace {

bool is_name(const YamlNode& node) {
    return node.is_scalar() && !node.text.empty();
}

bool is_known(const YamlNode& name, const Known& known) {
    return std::ranges::binary_search(known.names, std::string_view(name.text));
}

void add_unknown(
    const YamlNode& name, const Known& known, const std::string& docs, Report& report
) {
    auto& wrong =
        report.add(known.code, "there is no " + known.what + " `" + name.text + "`", name.place);
    const auto meant = closest(name.text, known.names);
    wrong.help = meant ? "write `" + std::string(*meant) + "`"
                       : "name one of `" + known.where + "`, or write it there";
    wrong.docs = docs;
}

}  // namespace

void check_known(
    const YamlNode& name, const Known& known, const std::string& docs, Report& report
) {
    if (is_name(name) && !report.is_full() && !is_known(name, known)) {
        add_unknown(name, known, docs, report);
    }
}

void check_known_list(
    const YamlNode& list, const Known& known, const std::string& docs, Report& report
) {
    std::set<std::string_view> seen;
    for (const auto& item : list.items) {
        if (report.is_full()) {
            return;
        }
        if (!is_name(item)) {
            continue;  // said already
        }
        if (!seen.insert(item.text).second) {
            auto& wrong = report.add(
                "C1026", known.what + " `" + item.text + "` stands here twice", item.place
            );
            wrong.help = "take one of them out";
            wrong.docs = docs;
        } else if (!is_known(item, known)) {
            add_unknown(item, known, docs, report);
        }
    }
}

void check_not_empty(const YamlEntry& list, const std::string& docs, Report& report) {
    if (list.value.kind == YamlKind::list && list.value.items.empty()) {
        auto& wrong = report.add("C1111", "`" + list.key + "` names no environment", list.place);
        wrong.note = "it is for none, then";
        wrong.help = "name one, or leave `" + list.key + "` out: then it is for all";
        wrong.docs = docs;
    }
}

}  // namespace deployctl::config
