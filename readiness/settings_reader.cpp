// SPDX-License-Identifier: Apache-2.0
#include "readiness/settings_reader.hpp"

#include "documents/yaml.hpp"
#include "model/text.hpp"
#include "readiness/categories.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::YamlEntry;
using documents::YamlKind;
using documents::YamlNode;
using documents::YamlPlace;

constexpr auto unknown_key = "C1007";
constexpr auto missing_key = "C1009";
constexpr auto wrong_type = "C1010";
constexpr auto wrong_value = "C1011";
constexpr std::size_t longest_text = 2'000;
constexpr int greatest_weight = 1'000;

std::vector<std::string> category_ids() {
    std::vector<std::string> ids;
    for (const auto& category : categories) {
        ids.emplace_back(category.id);
    }
    return ids;
}

/// "1.32"
bool is_kubernetes_version(std::string_view text) {
    const auto point = text.find('.');
    const auto is_number = [](std::string_view part) {
        return !part.empty() && part.size() <= 3 &&
               part.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return point != std::string_view::npos && is_number(text.substr(0, point)) &&
           is_number(text.substr(point + 1));
}

/// Below the root of what is assessed.
bool stays_inside(std::string_view path) {
    const auto padded = "/" + std::string(path) + "/";
    return !path.empty() && path.front() != '/' && padded.find("/../") == std::string::npos;
}

class SettingsReader {
public:
    explicit SettingsReader(const documents::YamlSource& source) : source_(source) {}

    LoadedSettings read(const YamlNode& root) {
        if (root.kind != YamlKind::map && root.kind != YamlKind::null) {
            add(wrong_type, "the settings are a map of keys", root.place).help =
                "write `minimum: 85`";
        }
        for (const auto& entry : root.entries) {
            read_key(entry);
        }
        return std::move(loaded_);
    }

private:
    using ReadKey = void (SettingsReader::*)(const YamlEntry& entry);

    static const std::map<std::string, ReadKey, std::less<>>& keys() {
        static const std::map<std::string, ReadKey, std::less<>> all = {
            {"exclude", &SettingsReader::read_exclude},
            {"kubernetes_version", &SettingsReader::read_version},
            {"minimum", &SettingsReader::read_minimum},
            {"registries", &SettingsReader::read_registries},
            {"rules", &SettingsReader::read_rules},
            {"waivers", &SettingsReader::read_waivers},
            {"weights", &SettingsReader::read_weights},
        };
        return all;
    }

    Diagnostic& add(const char* code, std::string message, YamlPlace place) {
        return loaded_.diagnostics.emplace_back(source_.mistake(code, std::move(message), place));
    }

    bool is_full() const { return loaded_.diagnostics.size() >= documents::YamlLimits::mistakes; }

    void read_key(const YamlEntry& entry) {
        const auto found = keys().find(entry.key);
        if (is_full() || entry.key.starts_with("x-")) {
            return;
        }
        if (found != keys().end()) {
            (this->*found->second)(entry);
            return;
        }
        std::vector<std::string> names;
        for (const auto& [name, read] : keys()) {
            names.push_back(name);
        }
        refuse_key(entry, "assess.yaml", names);
    }

    void refuse_key(
        const YamlEntry& entry, const std::string& where, const std::vector<std::string>& known
    ) {
        auto& mistake =
            add(unknown_key, "unknown key `" + entry.key + "` in " + where, entry.place);
        mistake.note = "known here: " + join(known, ", ");
        mistake.help = "take it out; as `x-" + entry.key + "` it is a note that nobody reads";
    }

    std::optional<int> read_number(const YamlEntry& entry, int most) {
        const auto number = entry.value.kind == YamlKind::plain
                                ? whole_number<int>(entry.value.text)
                                : std::nullopt;
        if (number && *number >= 0 && *number <= most) {
            return number;
        }
        add(wrong_value,
            "`" + entry.key + "` takes a whole number from 0 to " + std::to_string(most),
            entry.value.kind == YamlKind::null ? entry.place : entry.value.place);
        return std::nullopt;
    }

    std::string read_text(const YamlEntry& entry) {
        if (entry.value.is_scalar() && !entry.value.text.empty() &&
            entry.value.text.size() <= longest_text) {
            return entry.value.text;
        }
        add(wrong_type, "`" + entry.key + "` takes a text", entry.place);
        return "";
    }

    std::vector<std::pair<std::string, YamlPlace>> read_texts(const YamlEntry& entry) {
        std::vector<std::pair<std::string, YamlPlace>> texts;
        if (entry.value.kind != YamlKind::list) {
            add(wrong_type, "`" + entry.key + "` takes a list of texts", entry.place);
        }
        for (const auto& item : entry.value.items) {
            if (item.is_scalar() && !item.text.empty() && item.text.size() <= longest_text) {
                texts.emplace_back(item.text, item.place);
            } else if (!is_full()) {
                add(wrong_type, "`" + entry.key + "` takes texts", item.place);
            }
        }
        return texts;
    }

    void read_minimum(const YamlEntry& entry) {
        loaded_.settings.minimum = read_number(entry, 100).value_or(loaded_.settings.minimum);
    }

    void read_version(const YamlEntry& entry) {
        const auto version = read_text(entry);
        if (is_kubernetes_version(version)) {
            loaded_.settings.kubernetes_version = version;
        } else if (!version.empty()) {
            add(wrong_value, "`" + version + "` is no version of Kubernetes", entry.value.place)
                .help = "write `kubernetes_version: \"1.32\"`";
        }
    }

    void read_registries(const YamlEntry& entry) {
        for (auto& [text, place] : read_texts(entry)) {
            loaded_.settings.registries.push_back(std::move(text));
        }
    }

    void read_exclude(const YamlEntry& entry) { add_inside(entry, loaded_.settings.exclude); }

    void read_rules(const YamlEntry& entry) { add_inside(entry, loaded_.rule_files); }

    void add_inside(const YamlEntry& entry, std::vector<std::string>& into) {
        for (auto& [text, place] : read_texts(entry)) {
            if (stays_inside(text)) {
                into.push_back(std::move(text));
            } else {
                add(wrong_value, "`" + text + "` leads out of the folder of this file", place);
            }
        }
    }

    void read_weights(const YamlEntry& entry) {
        if (entry.value.kind != YamlKind::map) {
            add(wrong_type, "`weights` takes a map of categories", entry.place).help =
                "write `weights: {containers: 20, network: 10}`";
            return;
        }
        for (const auto& weight : entry.value.entries) {
            const auto ids = category_ids();
            if (std::ranges::find(ids, weight.key) == ids.end()) {
                refuse_key(weight, "`weights`", ids);
            } else if (const auto number = read_number(weight, greatest_weight)) {
                loaded_.settings.weights[weight.key] = *number;
            }
        }
        require_some_weight(entry);
    }

    /// Without any there would be no score, whatever is wrong.
    void require_some_weight(const YamlEntry& entry) {
        const auto& weights = loaded_.settings.weights;
        const auto sum = std::accumulate(
            categories.begin(),
            categories.end(),
            0,
            [&](int all, const Category& category) {
                const auto found = weights.find(std::string(category.id));
                return all + (found == weights.end() ? category.weight : found->second);
            }
        );
        if (sum == 0) {
            add(wrong_value, "every category weighs nothing", entry.place);
        }
    }

    void read_waivers(const YamlEntry& entry) {
        if (entry.value.kind != YamlKind::list) {
            add(wrong_type, "`waivers` takes a list", entry.place).help =
                "write `- {rule: K8S-12, object: prod/, reason: why, owner: team, expires: "
                "2026-12-31}`";
        }
        for (const auto& item : entry.value.items) {
            if (!is_full()) {
                read_waiver(item);
            }
        }
    }

    static std::string* field_of(Waiver& waiver, std::string_view key) {
        const std::array<std::pair<std::string_view, std::string*>, 5> fields = {{
            {"expires", &waiver.expires},
            {"object", &waiver.object},
            {"owner", &waiver.owner},
            {"reason", &waiver.reason},
            {"rule", &waiver.rule},
        }};
        const auto found =
            std::ranges::find(fields, key, [](const auto& one) { return one.first; });
        return found == fields.end() ? nullptr : found->second;
    }

    void read_waiver(const YamlNode& node) {
        if (node.kind != YamlKind::map) {
            add(wrong_type, "a waiver is a map", node.place);
            return;
        }
        Waiver waiver;
        for (const auto& entry : node.entries) {
            if (auto* field = field_of(waiver, entry.key)) {
                *field = read_text(entry);
            } else {
                refuse_key(entry, "a waiver", {"expires", "object", "owner", "reason", "rule"});
            }
        }
        for (const auto* key : {"rule", "reason", "owner", "expires"}) {
            if (node.find(key) == nullptr) {
                add(missing_key, "a waiver has no `" + std::string(key) + "`", node.place);
            }
        }
        loaded_.settings.waivers.push_back(std::move(waiver));
    }

    const documents::YamlSource& source_;
    LoadedSettings loaded_;
};

}  // namespace

LoadedSettings read_settings(std::string_view text, const std::string& file) {
    const documents::YamlSource source(text, file);
    auto tree = documents::read_yaml(source);
    if (has_errors(tree.diagnostics)) {
        LoadedSettings loaded;
        loaded.diagnostics = std::move(tree.diagnostics);
        return loaded;
    }
    return SettingsReader(source).read(tree.root);
}

}  // namespace deployctl::readiness
