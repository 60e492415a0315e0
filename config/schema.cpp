// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"
#include "config/keys.hpp"
#include "config/scalars.hpp"
#include "config/tree.hpp"

#include <algorithm>

namespace deployctl::config {

namespace {

Value schema_of(const Key& key);

/// What the keys of a map depend on; empty where they depend on nothing.
struct Kind {
    std::string_view type;
    std::string_view method;
};

/// A choice of the map that has been made: "type", "method".
std::string_view chosen(const Key& key, Kind kind) {
    return key.name() == "type" ? kind.type : key.name() == "method" ? kind.method : "";
}

/// One that is not the usual is to be named.
bool is_needed(const Key& key, Kind kind) {
    const bool is_other_method =
        key.name() == "method" && !kind.method.empty() && kind_of(kind.type, "") != kind.method;
    return key.presence == Presence::required || is_other_method;
}

Value schema_of_keys(const std::vector<const Key*>& keys, Kind kind) {
    Value::Object properties;
    Value::Array required;
    for (const auto* key : keys) {
        if (key->presence == Presence::later || !is_for(*key, kind_of(kind.type, kind.method))) {
            continue;
        }
        auto property = schema_of(*key);
        if (const auto choice = chosen(*key, kind); !choice.empty()) {
            property.set("/enum", Value::list({choice}));
        }
        properties.emplace(key->name(), std::move(property));
        if (is_needed(*key, kind)) {
            required.emplace_back(key->name());
        }
    }
    auto schema = Value::map({
        {"type", required.empty() ? Value::list({"object", "null"}) : Value("object")},
        {"properties", std::move(properties)},
        {"patternProperties", Value::map({{"^x-", Value::map()}})},
        {"additionalProperties", false},
    });
    if (!required.empty()) {
        schema.set("/required", std::move(required));
    }
    return schema;
}

/// One for each type, and method, where keys depend on it.
Value map_schema(std::string_view path) {
    const auto keys = keys_below(path);
    const auto type = std::ranges::find(keys, "type", &Key::name);
    const bool depends =
        std::ranges::any_of(keys, [](const Key* key) { return !key->only.empty(); });
    if (!depends || type == keys.end()) {
        return schema_of_keys(keys, {});
    }
    Value::Array one_of;
    for (const auto choice : split_choices((*type)->allowed)) {
        for (const auto method : methods_of(keys, choice)) {
            one_of.push_back(schema_of_keys(keys, {choice, method}));
        }
    }
    return Value::map({{"oneOf", std::move(one_of)}});
}

Value text_schema(KeyType type) {
    auto schema =
        Value::map({{"type", "string"}, {"minLength", 1}, {"maxLength", longest_text_of(type)}});
    if (const auto pattern = pattern_of(type); !pattern.empty()) {
        schema.set("/pattern", pattern);
    }
    return schema;
}

Value list_schema(Value items) {
    return Value::map({{"type", "array"}, {"items", std::move(items)}});
}

Value named_schema(const Key& key) {
    auto schema = Value::map({
        {"type",
         key.presence == Presence::required ? Value("object") : Value::list({"object", "null"})},
        {"patternProperties", Value::map({{"^x-", Value::map()}})},
        {"propertyNames",
         Value::map({{"pattern", "^x-|" + std::string(pattern_of(KeyType::label))}})},
        {"additionalProperties", map_schema(key.path)},
    });
    if (key.presence == Presence::required) {
        schema.set("/minProperties", 1);
    }
    return schema;
}

/// A header may be called "x-...": no notes there.
Value texts_schema(const Key& key, Value each) {
    const bool has_notes = takes_notes(key.type);
    auto schema = Value::map({
        {"type", Value::list({"object", "null"})},
        {"propertyNames",
         Value::map({{"pattern", (has_notes ? "^x-|" : "") + std::string(pattern_of(key.type))}})},
        {"additionalProperties", std::move(each)},
    });
    if (has_notes) {
        schema.set("/patternProperties", Value::map({{"^x-", Value::map()}}));
    }
    return schema;
}

Value choice_schema(const Key& key) {
    Value::Array choices;
    for (const auto choice : split_choices(key.allowed)) {
        choices.emplace_back(choice);
    }
    return Value::map({{"type", "string"}, {"enum", std::move(choices)}});
}

Value number_schema(const Key& key) {
    const auto [least, most] = range_of(key);
    const char* type = key.type == KeyType::integer ? "integer" : "number";
    return Value::map({{"type", type}, {"minimum", least}, {"maximum", most}});
}

Value bare_schema(const Key& key) {
    switch (key.type) {
        case KeyType::map: return map_schema(key.path);
        case KeyType::named: return named_schema(key);
        case KeyType::items: return list_schema(map_schema(key.path));
        case KeyType::image:
            return Value::map({{"oneOf", Value::list({text_schema(key.type), map_schema(key.path)})}
            });
        case KeyType::one_or_texts:
            return Value::map(
                {{"oneOf", Value::list({text_schema(key.type), list_schema(text_schema(key.type))})}
                }
            );
        case KeyType::texts:
        case KeyType::names:
        case KeyType::percents: return list_schema(text_schema(key.type));
        case KeyType::reals: return list_schema(number_schema(key));
        case KeyType::headers:
        case KeyType::queries:
        case KeyType::labels:
            return texts_schema(
                key,
                Value::map(
                    {{"type", "string"}, {"minLength", 1}, {"maxLength", longest_text_of(key.type)}}
                )
            );
        case KeyType::durations: return texts_schema(key, text_schema(KeyType::duration));
        case KeyType::texts_by_name:
            return texts_schema(key, list_schema(text_schema(KeyType::text)));
        case KeyType::text_lists: return list_schema(list_schema(text_schema(KeyType::text)));
        case KeyType::flag: return Value::map({{"type", "boolean"}});
        case KeyType::choice: return choice_schema(key);
        case KeyType::integer:
        case KeyType::real: return number_schema(key);
        default: return text_schema(key.type);
    }
}

Value schema_of(const Key& key) {
    auto schema = bare_schema(key);
    schema.set("/description", key.says);
    if (const auto value = default_of(key.path)) {
        schema.set("/default", to_value(*value));
    }
    return schema;
}

Value needs(const char* key) {
    return Value::map({{"required", Value::list({key})}});
}

}  // namespace

Value json_schema() {
    auto schema = map_schema("");
    schema.set("/required", Value::list({"apiVersion", "environments"}));
    schema.set("/anyOf", Value::list({needs("app"), needs("group")}));
    schema.set("/$schema", "http://json-schema.org/draft-07/schema#");
    schema.set("/title", "deploy.yaml of deployctl/v1");
    return schema;
}

}  // namespace deployctl::config
