// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"
#include "config/keys.hpp"
#include "config/scalars.hpp"
#include "config/spelling.hpp"
#include "config/tree.hpp"

#include <algorithm>

namespace deployctl::config {

namespace {

constexpr std::string_view title = "Keys of deploy.yaml";

std::string default_text(const Key& key) {
    const auto value = default_of(key.path);
    return value ? write_yaml_line(*value) : "";
}

bool has_chosen_names(KeyType type) {
    return type == KeyType::named || type == KeyType::headers || type == KeyType::queries ||
           type == KeyType::labels || type == KeyType::durations || type == KeyType::texts_by_name;
}

/// With the names that people choose: "gates.<name>.every", "strategies.canary.steps[].weight".
std::string shown_path(const Key& key) {
    std::string shown;
    for (std::size_t start = 0; start <= key.path.size();) {
        const auto dot = std::min(key.path.find('.', start), key.path.size());
        shown += (start == 0 ? "" : ".") + std::string(key.path.substr(start, dot - start));
        const auto* part = find_key(key.path.substr(0, dot));
        if (dot < key.path.size() && part != nullptr) {
            shown += part->type == KeyType::named   ? ".<name>"
                     : part->type == KeyType::items ? "[]"
                                                    : "";
        }
        start = dot + 1;
    }
    return shown;
}

bool is_mistyped(std::string_view part, std::string_view path) {
    std::vector<std::string_view> known;
    for (const auto* key : keys_below(path)) {
        known.push_back(key->name());
    }
    return part.empty() || closest(part, known).has_value();
}

/// "gates.latency.every" is the key "gates.every", and "gates.latency" is one of the "gates".
std::string without_chosen_names(std::string_view path) {
    std::string plain;
    bool name_may_follow = false;
    for (std::size_t start = 0; start <= path.size();) {
        const auto dot = std::min(path.find('.', start), path.size());
        auto part = path.substr(start, dot - start);
        part = part.substr(0, part.find('['));
        const auto longer = plain.empty() ? std::string(part) : plain + "." + std::string(part);
        const auto* key = find_key(longer);
        const bool is_last = dot == path.size();
        const bool is_chosen = name_may_follow && !(is_last && is_mistyped(part, plain));
        if (key != nullptr || !is_chosen || part.empty()) {
            plain = longer;
        }
        name_may_follow = key != nullptr && has_chosen_names(key->type);
        start = dot + 1;
    }
    return plain;
}

std::string padded(std::string text, std::size_t width) {
    text.append(text.size() < width ? width - text.size() : 0, ' ');
    return text;
}

std::string sentence(const Key& key) {
    return std::string(key.says) + ".";
}

std::string facts(const Key& key) {
    std::string text = "  takes    " + describe_type(key) + "\n";
    if (key.presence == Presence::required) {
        text += "  needed   yes\n";
    }
    if (const auto value = default_text(key); !value.empty()) {
        text += "  default  " + value + "\n";
    }
    return text + "  example  " + std::string(key.name()) + ": " + std::string(key.example) + "\n";
}

std::string list_below(std::string_view path) {
    std::size_t widest = 0;
    std::vector<const Key*> usable;
    for (const auto* key : keys_below(path)) {
        if (key->presence != Presence::later) {
            usable.push_back(key);
            widest = std::max(widest, key->name().size());
        }
    }
    std::string text;
    for (const auto* key : usable) {
        text += "  " + padded(std::string(key->name()), widest + 2) + sentence(*key) + "\n";
    }
    return text.empty() ? text : "\nKeys in it:\n" + text;
}

std::string list_all() {
    std::string text = std::string(title) + ", with the value where the file says nothing:\n\n";
    std::string later;
    for (const auto& key : all_keys()) {
        if (key.presence == Presence::later) {
            later += (later.empty() ? "" : ", ") + shown_path(key);
            continue;
        }
        const auto value = default_text(key);
        const auto* needed = key.presence == Presence::required ? " (needed)" : "";
        text += shown_path(key) + needed + (value.empty() ? "" : " = " + value) + "\n";
        text += "    " + sentence(key) + "\n";
    }
    return text + "\nRefused, as this version does not have them: " + later + ".\n";
}

}  // namespace

std::optional<std::string> explain(std::string_view path) {
    if (path.empty()) {
        return list_all();
    }
    const auto* key = find_key(without_chosen_names(path));
    if (key == nullptr) {
        return std::nullopt;
    }
    if (key->presence == Presence::later) {
        return shown_path(*key) + "\n  " + sentence(*key) + " Not supported by this version.\n";
    }
    return shown_path(*key) + "\n  " + sentence(*key) + "\n\n" + facts(*key) +
           list_below(key->path);
}

std::vector<std::string> similar_keys(std::string_view path) {
    const auto plain = without_chosen_names(path);
    const auto last = plain.substr(plain.rfind('.') + 1);
    std::vector<std::string_view> paths;
    std::vector<std::string> similar;
    for (const auto& key : all_keys()) {
        paths.push_back(key.path);
        if (key.name() == last) {
            similar.emplace_back(key.path);
        }
    }
    if (const auto meant = closest(plain, paths); meant && !std::ranges::count(similar, *meant)) {
        similar.insert(similar.begin(), std::string(*meant));
    }
    return similar;
}

}  // namespace deployctl::config
