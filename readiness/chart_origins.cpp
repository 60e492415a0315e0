// SPDX-License-Identifier: Apache-2.0
#include "readiness/chart_origins.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/patched_places.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::Tree;

constexpr std::string_view source_comment = "# Source: ";
/// Each field is looked for among those of the template: a map of many is only begun.
constexpr std::size_t most_compared = 500;

/// The template of what begins behind a line of the rendering.
using Sources = std::map<std::uint32_t, std::string_view>;

Sources sources_of(std::string_view text) {
    Sources sources;
    for (std::uint32_t number = 1; !text.empty(); ++number) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.starts_with(source_comment)) {
            line.remove_prefix(source_comment.size());
            sources.emplace(number, line.substr(0, line.find_last_not_of(" \r") + 1));
        }
    }
    return sources;
}

/// "web/charts/db/templates/db.yaml" begins with the chart's name, not with its folder.
std::string path_of(std::string_view source, std::string_view chart_folder) {
    const auto slash = source.find('/');
    const auto inner = slash == source.npos ? std::string_view() : source.substr(slash + 1);
    return std::string(chart_folder) + (chart_folder.empty() ? "" : "/") + std::string(inner);
}

/// What of a name is written in the template: of "{{ .Release.Name }}-db" what is behind it.
std::string_view written_end(std::string_view name) {
    const auto shut = name.rfind("}}");
    auto end = shut == name.npos ? name : name.substr(shut + 2);
    while (!end.empty() && (end.back() == '"' || end.back() == '\'')) {
        end.remove_suffix(1);
    }
    return end;
}

/// How much of the object's name the document of a template has, or -1: it makes another.
int likeness(const Node& document, const Node& object) {
    const auto& kind = document.at("kind");
    const auto& name = document.at("metadata/name");
    if (kind.is_scalar() && kind.text != object.text_at("kind")) {
        return -1;
    }
    const auto end = written_end(name.text);
    return name_of(object).ends_with(end) ? static_cast<int>(end.size()) : -1;
}

const Node* document_of(const AssessedFile& file, const Node& object) {
    const Node* best = nullptr;
    int most = -1;
    for (const auto& root : file.tree.roots()) {
        const auto found = likeness(root, object);
        if (found > most) {
            most = found;
            best = &root;
        }
    }
    return best;
}

/// Of several branches that say it the one with this text, else the first.
const NodeEntry* entry_like(const Node& map, const NodeEntry& entry) {
    const NodeEntry* first = nullptr;
    for (const auto& one : map.entries.first(std::min(map.entries.size(), most_compared))) {
        if (one.key != entry.key) {
            continue;
        }
        if (one.value.is_scalar() && one.value.text == entry.value.text) {
            return &one;
        }
        first = first == nullptr ? &one : first;
    }
    return first;
}

/// A scalar of its own: what is filled in may be any.
bool is_named(const Node& item) {
    return item.is_map() ? item.at("name").is_scalar() : item.is_scalar();
}

std::string_view name_in(const Node& item) {
    return item.is_map() ? item.text_at("name") : item.text;
}

/// How many fields both have, less those that only the template has.
int fields_alike(const Node& written, const Node& made) {
    int count = 0;
    for (const auto& entry : written.entries) {
        count += made.find(entry.key) == nullptr ? -1 : 1;
    }
    return count;
}

/// By what is written of its name; else the one most like it, since a loop makes many of one.
const Node* item_like(const Node& list, const Node& item, std::size_t number) {
    const Node* best = nullptr;
    std::pair<int, bool> most;
    const auto items = list.items.first(std::min(list.items.size(), most_compared));
    for (std::size_t at = 0; at < items.size(); ++at) {
        if (is_named(items[at])) {
            if (name_in(items[at]) == name_in(item)) {
                return &items[at];
            }
            continue;
        }
        const std::pair<int, bool> likeness{fields_alike(items[at], item), at == number};
        if (best == nullptr || most <= likeness) {
            best = &items[at];
            most = likeness;
        }
    }
    return best;
}

class Copying {
public:
    explicit Copying(Tree& into) : into_(into) {}

    /// `above` is the place of what the template does not have in its own lines.
    Node copy(const Node& node, const Node* origin, SourcePlace above) {
        if (origin != nullptr) {
            above.spot = origin->spot;
        }
        Node made;
        if (node.is_map()) {
            made = into_.map({}, copy_entries(node, origin, above));
        } else if (node.is_list()) {
            made = into_.list({}, copy_items(node, origin, above));
        } else {
            made = into_.scalar({}, into_.keep(node.text), node.kind);
        }
        made.source = above.source;
        made.spot = above.spot;
        return made;
    }

private:
    std::vector<NodeEntry> copy_entries(const Node& node, const Node* origin, SourcePlace above) {
        std::vector<NodeEntry> entries;
        for (const auto& entry : node.entries) {
            const auto* const same = origin == nullptr ? nullptr : entry_like(*origin, entry);
            const auto spot = same == nullptr ? above.spot : same->spot;
            const auto* const inner = same == nullptr ? nullptr : &same->value;
            auto value = copy(entry.value, inner, {above.source, spot});
            entries.push_back({into_.keep(entry.key), spot, value});
        }
        return entries;
    }

    std::vector<Node> copy_items(const Node& node, const Node* origin, SourcePlace above) {
        std::vector<Node> items;
        for (std::size_t number = 0; number < node.items.size(); ++number) {
            const auto& item = node.items[number];
            const auto* const same = origin == nullptr ? nullptr : item_like(*origin, item, number);
            items.push_back(copy(item, same, above));
        }
        return items;
    }

    Tree& into_;
};

using ByPath = std::map<std::string_view, const AssessedFile*, std::less<>>;

const AssessedFile* find_file(const ByPath& files, std::string_view path) {
    const auto found = files.find(path);
    return found == files.end() ? nullptr : found->second;
}

SourcePlace place_of_chart(const AssessedFile* chart) {
    return chart == nullptr ? SourcePlace() : SourcePlace{chart->number, {1, 1}};
}

}  // namespace

Tree with_template_places(
    const Tree& rendered, std::string_view chart_folder, const std::deque<AssessedFile>& files
) {
    ByPath by_path;
    for (const auto& file : files) {
        if (file.rendering.empty()) {
            by_path.emplace(file.path, &file);
        }
    }
    const auto chart = place_of_chart(find_file(by_path, path_of("/Chart.yaml", chart_folder)));
    const auto sources = sources_of(rendered.source());
    Tree made;
    Copying copying(made);
    for (const auto& root : rendered.roots()) {
        auto source = sources.lower_bound(root.spot.line);
        const bool is_said = source != sources.begin();
        const auto* const file =
            is_said ? find_file(by_path, path_of((--source)->second, chart_folder)) : nullptr;
        const auto* const origin = file == nullptr ? nullptr : document_of(*file, root);
        const auto above = file == nullptr ? chart : SourcePlace{file->number, {1, 1}};
        made.add_root(copying.copy(root, origin, above));
    }
    return made;
}

}  // namespace deployctl::readiness
