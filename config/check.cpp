// SPDX-License-Identifier: Apache-2.0
#include "config/check.hpp"

#include "config/keys.hpp"
#include "config/known_keys.hpp"
#include "config/scalars.hpp"
#include "config/spelling.hpp"
#include "model/object_of.hpp"

#include <algorithm>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlKind;
using documents::YamlNode;
using documents::YamlPlace;

/// Where a map stands, for messages: "gate `latency`".
struct Where {
    std::string path;
    std::string label;
    YamlPlace place;
};

std::string join(std::string_view path, std::string_view name) {
    return path.empty() ? std::string(name) : std::string(path) + "." + std::string(name);
}

/// One of what a key holds, as messages call it.
std::string singular(std::string_view plural) {
    return plural.ends_with('s') ? std::string(plural.substr(0, plural.size() - 1)) : "entry";
}

std::string_view scalar_in(const YamlNode& node, const char* name) {
    const auto* entry = node.find(name);
    return entry != nullptr && entry->value.is_scalar() ? std::string_view(entry->value.text)
                                                        : std::string_view();
}

/// As its `type` and `method` say, where the keys of the map depend on them; none where they are
/// mistakes.
std::string_view kind_in(const YamlNode& node, const std::vector<const Key*>& keys) {
    const auto kind = kind_of(scalar_in(node, "type"), scalar_in(node, "method"));
    const bool is_known = std::ranges::any_of(keys, [&](const Key* key) {
        return !key->only.empty() && is_for(*key, kind);
    });
    return is_known ? kind : std::string_view();
}

std::vector<const Key*> keys_for(const YamlNode& node, std::vector<const Key*> keys) {
    const auto kind = kind_in(node, keys);
    std::erase_if(keys, [&](const Key* key) { return !is_for(*key, kind); });
    return keys;
}

class Checker {
public:
    explicit Checker(Report& report) : report_(report) {}

    Value check_map(const YamlNode& node, const Where& where) {
        Members data;
        if (node.kind == YamlKind::null || node.kind == YamlKind::map) {
            const auto keys = keys_for(node, keys_below(where.path));
            if (is_of_later_type(node, keys, where)) {
                return Value::Object{};
            }
            for (const auto& entry : node.entries) {
                check_entry(entry, keys, where, data);
            }
            if (!report_.is_full()) {
                require(node, keys, where);
            }
        } else {
            auto& wrong = report_.add("C1010", where.label + " takes a map", where.place);
            wrong.help = "write " + example_of_map(where.path);
            wrong.docs = where.path;
        }
        return object_of(std::move(data));
    }

private:
    /// A gate or a router of a later version: its other keys are not judged.
    bool is_of_later_type(
        const YamlNode& node, const std::vector<const Key*>& keys, const Where& where
    ) {
        const auto* entry = node.find("type");
        const auto key = std::ranges::find(keys, "type", &Key::name);
        if (entry == nullptr || key == keys.end() || !entry->value.is_scalar()) {
            return false;
        }
        const auto reading = read_scalar(**key, entry->value);
        if (!reading.wrong || std::string_view(reading.wrong->code) != "C1008") {
            return false;
        }
        add(*reading.wrong, entry->value.place, join(where.path, "type"));
        return true;
    }

    void check_entry(
        const YamlEntry& entry,
        const std::vector<const Key*>& keys,
        const Where& where,
        Members& data
    ) {
        const auto key = std::ranges::find(keys, entry.key, &Key::name);
        const auto* of_other = find_key(join(where.path, entry.key));
        if (key == keys.end() && of_other != nullptr) {
            auto& wrong = report_.add(
                "C1060", "`" + entry.key + "` is no key of " + where.label, entry.place
            );
            wrong.note = "neither its type nor its method has such a key";
            wrong.help = "it is for " + std::string(of_other->only);
            wrong.docs = of_other->path;
        } else if (key == keys.end()) {
            if (!entry.key.starts_with("x-") && !report_.is_full()) {
                unknown_key(entry, keys, where);
            }
        } else if ((*key)->presence == Presence::later) {
            auto& wrong = report_.add(
                "C1008", "`" + entry.key + "` is not supported by this version", entry.place
            );
            wrong.help = "take it out; as `x-" + entry.key + "` it may stay for later";
        } else if (auto value = check_value(**key, entry); !value.is_null()) {
            data.emplace_back(entry.key, std::move(value));
        }
    }

    void unknown_key(
        const YamlEntry& entry, const std::vector<const Key*>& keys, const Where& where
    ) {
        const auto names = usable_names(keys);
        const auto in = where.path.empty() ? "" : " in " + where.label;
        auto& wrong = report_.add("C1007", "unknown key `" + entry.key + "`" + in, entry.place);
        wrong.note = known_here(names);
        wrong.docs = where.path;
        if (const auto meant = closest(entry.key, names)) {
            const bool short_value = entry.value.is_scalar() && entry.value.text.size() < 40;
            const auto value = short_value ? ": " + entry.value.text : std::string();
            wrong.help = "write `" + std::string(*meant) + value + "`";
            wrong.docs = join(where.path, *meant);
        } else if (const auto home = elsewhere(entry.key); !home.empty()) {
            wrong.help = "it belongs to `" + home + "`";
            wrong.docs = home;
        } else {
            wrong.help = "take it out; as `x-" + entry.key + "` it is a note that nobody reads";
        }
    }

    /// The unknown key that was meant is a mistake already.
    static bool is_mistyped(
        const Key& key, const YamlNode& node, const std::vector<const Key*>& keys
    ) {
        const auto names = usable_names(keys);
        return std::ranges::any_of(node.entries, [&](const YamlEntry& entry) {
            return !std::ranges::count(names, entry.key) && closest(entry.key, names) == key.name();
        });
    }

    /// A group has members instead of an app.
    static bool goes_without(const Key& key, const YamlNode& node) {
        return key.path == "app" && node.find("group") != nullptr;
    }

    void require(const YamlNode& node, const std::vector<const Key*>& keys, const Where& where) {
        const bool is_of_later = std::ranges::any_of(keys, [&](const Key* key) {
            return key->presence == Presence::later && !where.path.empty() &&
                   node.find(key->name()) != nullptr;
        });
        if (is_of_later) {
            return;  // a step with an approval has no weight: one mistake is said once
        }
        for (const auto* key : keys) {
            const bool is_missing = node.find(key->name()) == nullptr;
            const bool is_of_open_type = !key->only.empty() && kind_in(node, keys).empty();
            const bool is_needed = key->presence == Presence::required && !goes_without(*key, node);
            if (is_needed && is_missing && !is_of_open_type && !is_mistyped(*key, node, keys)) {
                const auto name = std::string(key->name());
                auto& wrong =
                    report_.add("C1009", where.label + " has no `" + name + "`", where.place);
                wrong.help = "write `" + name + ": " + std::string(key->example) + "`";
                wrong.docs = key->path;
            }
        }
    }

    Value check_value(const Key& key, const YamlEntry& entry) {
        const auto path = std::string(key.path);
        switch (key.type) {
            case KeyType::map: return check_map(entry.value, {path, "`" + path + "`", entry.place});
            case KeyType::named: return check_named(key, entry);
            case KeyType::items: return check_items(key, entry);
            case KeyType::image:
                if (entry.value.is_scalar()) {
                    auto name = check_scalar(key, entry.value, entry.place);
                    return name.is_null() ? Value() : Value::map({{"name", std::move(name)}});
                }
                return check_map(entry.value, {path, "`" + path + "`", entry.place});
            case KeyType::one_or_texts:
            case KeyType::texts:
            case KeyType::names:
            case KeyType::percents:
            case KeyType::text_lists:
            case KeyType::reals: return check_list(key, entry);
            case KeyType::headers:
            case KeyType::queries:
            case KeyType::labels:
            case KeyType::durations:
            case KeyType::texts_by_name: return check_texts(key, entry);
            default: return check_scalar(key, entry.value, entry.place);
        }
    }

    Value check_named(const Key& key, const YamlEntry& named) {
        Members data;
        if (named.value.kind != YamlKind::map && named.value.kind != YamlKind::null) {
            return wrong_kind(key, named.value, named.place);
        }
        for (const auto& entry : named.value.entries) {
            if (entry.key.starts_with("x-")) {
                continue;
            }
            if (const auto wrong = check_label(entry.key)) {
                add(*wrong, entry.place, std::string(key.path));
            }
            const auto label = singular(key.name()) + " `" + entry.key + "`";
            data.emplace_back(
                entry.key, check_map(entry.value, {std::string(key.path), label, entry.place})
            );
        }
        if (data.empty() && key.presence == Presence::required) {
            auto& wrong =
                report_.add("C1009", "`" + std::string(key.path) + "` is empty", named.place);
            wrong.help = "write `" + std::string(key.path) + ": " + std::string(key.example) + "`";
            wrong.docs = key.path;
        }
        return object_of(std::move(data));
    }

    /// In a map of headers "x-scope-orgid" is one of them, and no note.
    Value check_texts(const Key& key, const YamlEntry& texts) {
        Members data;
        if (texts.value.kind != YamlKind::map && texts.value.kind != YamlKind::null) {
            return wrong_kind(key, texts.value, texts.place);
        }
        for (const auto& entry : texts.value.entries) {
            if (takes_notes(key.type) && entry.key.starts_with("x-")) {
                continue;
            }
            if (const auto wrong = check_name_of_text(key, entry.key)) {
                add(*wrong, entry.place, std::string(key.path));
            }
            if (key.type == KeyType::texts_by_name) {
                data.emplace_back(entry.key, check_list(key, entry));
            } else if (!entry.value.is_scalar()) {
                no_text(key, entry);
            } else if (auto text = check_scalar(key, entry.value, entry.place); !text.is_null()) {
                data.emplace_back(entry.key, std::move(text));
            }
        }
        return object_of(std::move(data));
    }

    void no_text(const Key& key, const YamlEntry& entry) {
        auto& wrong = report_.add(
            "C1010",
            "`" + entry.key + "` in `" + std::string(key.name()) + "` takes a text",
            entry.place
        );
        wrong.help = "write `" + std::string(key.name()) + ": " + std::string(key.example) + "`";
        wrong.docs = key.path;
    }

    Value check_items(const Key& key, const YamlEntry& entry) {
        if (entry.value.kind != YamlKind::list) {
            return wrong_kind(key, entry.value, entry.place);
        }
        Value::Array data;
        for (const auto& item : entry.value.items) {
            const auto number = std::to_string(data.size() + 1);
            data.push_back(check_map(
                item,
                {std::string(key.path),
                 singular(key.name()) + " " + number + " of `" + entry.key + "`",
                 item.place}
            ));
        }
        return data;
    }

    Value check_list(const Key& key, const YamlEntry& entry) {
        Value::Array data;
        if (key.type == KeyType::one_or_texts && entry.value.is_scalar()) {
            if (auto value = check_scalar(key, entry.value, entry.place); !value.is_null()) {
                data.push_back(std::move(value));
            }
            return data;
        }
        if (entry.value.kind != YamlKind::list) {
            return wrong_kind(key, entry.value, entry.place);
        }
        for (const auto& item : entry.value.items) {
            auto value = key.type == KeyType::text_lists ? check_inner_list(key, item)
                                                         : check_scalar(key, item, item.place);
            if (!value.is_null()) {
                data.push_back(std::move(value));
            }
        }
        return data;
    }

    Value check_inner_list(const Key& key, const YamlNode& list) {
        if (list.kind != YamlKind::list) {
            return wrong_kind(key, list, list.place);
        }
        Value::Array data;
        for (const auto& item : list.items) {
            if (auto value = check_scalar(key, item, item.place); !value.is_null()) {
                data.push_back(std::move(value));
            }
        }
        return data;
    }

    Value check_scalar(const Key& key, const YamlNode& node, YamlPlace key_place) {
        if (!node.is_scalar()) {
            return wrong_kind(key, node, key_place);
        }
        auto reading = read_scalar(key, node);
        if (reading.wrong) {
            add(*reading.wrong, node.place, std::string(key.path));
        }
        return std::move(reading.value);
    }

    Value wrong_kind(const Key& key, const YamlNode& node, YamlPlace place) {
        const auto name = std::string(key.name());
        const bool is_empty = node.kind == YamlKind::null;
        auto& wrong = report_.add(
            "C1010",
            "`" + name + "` " + (is_empty ? "has no value: it " : "") + "takes " +
                describe_type(key),
            place
        );
        wrong.help = "write `" + name + ": " + std::string(key.example) + "`";
        wrong.docs = key.path;
        return {};
    }

    void add(const Wrong& wrong, YamlPlace place, std::string docs) {
        auto& added = report_.add(wrong.code, wrong.message, place);
        added.note = wrong.note;
        added.help = wrong.help;
        added.docs = std::move(docs);
    }

    Report& report_;
};

}  // namespace

Value check_keys(const YamlNode& root, Report& report) {
    return Checker(report).check_map(root, {"", "the file", {1, 1, 1}});
}

}  // namespace deployctl::config
