// SPDX-License-Identifier: Apache-2.0
#include "config/tree.hpp"

#include "config/configuration.hpp"
#include "config/fields.hpp"
#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>

namespace deployctl::config {

namespace {

using documents::yaml_plain;
using documents::yaml_text;
using documents::YamlKind;
using documents::YamlNode;

YamlNode write(const std::string& text) {
    return text.empty() ? YamlNode{} : yaml_text(text);
}

YamlNode write(int number) {
    return yaml_plain(std::to_string(number));
}

YamlNode write(std::int64_t number) {
    return yaml_plain(std::to_string(number));
}

YamlNode write(double number) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return yaml_plain(std::string_view(text.data(), end));
}

YamlNode write(Duration span) {
    return yaml_plain(to_text(span));
}

YamlNode write(bool flag) {
    return yaml_plain(flag ? "true" : "false");
}

template <class T>
    requires std::is_enum_v<T>
YamlNode write(T value) {
    return yaml_text(to_text(value));
}

template <class T>
YamlNode write(const std::vector<T>& list) {
    YamlNode node;
    node.kind = YamlKind::list;
    std::ranges::transform(list, std::back_inserter(node.items), [](const T& item) {
        return write(item);
    });
    return node;
}

/// Each rule that keeps something: one that is not written is none, whatever the defaults are.
YamlNode write(const Retention& keep) {
    YamlNode node;
    node.kind = YamlKind::map;
    if (keep.last > 0) {
        node.entries.push_back({"last", {}, write(keep.last)});
    }
    node.entries.push_back({"days", {}, write(keep.days)});
    return node;
}

template <class T>
YamlNode write(const std::map<std::string, T>& values) {
    YamlNode node;
    for (const auto& [name, value] : values) {
        node.kind = YamlKind::map;
        node.entries.push_back({name, {}, write(value)});
    }
    return node;
}

template <class T>
YamlNode write(const std::optional<T>& value) {
    return value ? write(*value) : YamlNode{};
}

/// What has no text is left out: an empty name means "not said".
class Writer {
public:
    explicit Writer(YamlNode& node) : node_(node) { node_.kind = YamlKind::map; }

    template <class T>
    void leaf(const char* name, const T& value) {
        if (auto node = write(value); node.kind != YamlKind::null) {
            add(name) = std::move(node);
        }
    }

    /// Nobody is not said: then it is everybody.
    template <class T>
    void unless_empty(const char* name, const std::vector<T>& list) {
        if (!list.empty()) {
            leaf(name, list);
        }
    }

    void unless_zero(const char* name, int value) {
        if (value != 0) {
            leaf(name, value);
        }
    }

    /// None is not said.
    void percent(const char* name, int value) {
        leaf(name, value == 0 ? std::string() : std::to_string(value) + "%");
    }

    void percents(const char* name, const std::vector<int>& values) {
        auto& list = add(name);
        list.kind = YamlKind::list;
        for (const int value : values) {
            list.items.push_back(yaml_text(std::to_string(value) + "%"));
        }
    }

    void constant(const char* name, const char* value) { add(name) = yaml_text(value); }

    void type(const GateSettings& gate) {
        constant("type", type_of(gate.question));
        leaf("method", std::string(method_of(gate.question)));
    }

    template <class Fields>
    void map(const char* name, Fields fields) {
        YamlNode node;
        Writer inner(node);
        fields(inner);
        if (!node.entries.empty()) {
            add(name) = std::move(node);
        }
    }

    /// One that says nothing is left out: it has keys that are needed.
    template <class T, class Fields>
    void used_map(const char* name, const T& value, Fields fields) {
        if (value != T{}) {
            map(name, [&](Writer& inner) { fields(inner, value); });
        }
    }

    template <class T, class Fields>
    void optional_map(const char* name, const std::optional<T>& value, Fields fields) {
        if (value) {
            map(name, [&](Writer& inner) { fields(inner, *value); });
        }
    }

    template <class T, class Fields>
    void named(const char* name, const std::map<std::string, T>& values, Fields fields) {
        Writer inner(add(name));
        for (const auto& [key, value] : values) {
            Writer one(inner.add(key));
            fields(one, value);
        }
    }

    template <class T, class Fields>
    void items(const char* name, const std::vector<T>& values, Fields fields) {
        auto& list = add(name);
        list.kind = YamlKind::list;
        for (const auto& value : values) {
            Writer item(list.items.emplace_back());
            fields(item, value);
        }
    }

private:
    YamlNode& add(std::string name) {
        node_.entries.push_back({std::move(name), {}, {}});
        return node_.entries.back().value;
    }

    YamlNode& node_;
};

std::string join(std::string_view path, std::string_view name) {
    return path.empty() ? std::string(name) : std::string(path) + "." + std::string(name);
}

bool same(const YamlNode* one, const YamlNode* other) {
    return one != nullptr && other != nullptr && write_yaml_line(*one) == write_yaml_line(*other);
}

const YamlNode* child(const YamlNode* node, std::string_view name) {
    const auto* entry = node == nullptr ? nullptr : node->find(name);
    return entry == nullptr ? nullptr : &entry->value;
}

void drop_defaults(YamlNode& node, const YamlNode* plain, std::string_view path);

/// What the other keys depend on is no default of theirs, unless it goes without saying.
bool chooses_kind(const Key& key, const YamlNode& value) {
    constexpr std::string_view method = "gates.method";
    return key.path == method && value.text != split_choices(key.allowed).front();
}

/// One rule without the other says something else than both.
bool is_one_thing(const Key& key) {
    return key.path.ends_with(".keep");
}

/// True if nothing is left to say.
bool drop_default(const Key& key, YamlNode& value, const YamlNode* plain) {
    if (is_one_thing(key)) {
        return same(&value, plain);
    }
    switch (key.type) {
        case KeyType::map: drop_defaults(value, plain, key.path); return value.entries.empty();
        case KeyType::image:
            drop_defaults(value, plain, key.path);
            if (value.entries.size() == 1 && value.find("name") != nullptr) {
                auto name = std::move(value.entries.front().value);
                value = std::move(name);
            }
            return false;
        case KeyType::named:
            for (auto& entry : value.entries) {
                drop_defaults(entry.value, child(plain, entry.key), key.path);
            }
            return value.entries.empty();
        default:
            return key.presence != Presence::required && same(&value, plain) &&
                   !chooses_kind(key, value);
    }
}

void drop_defaults(YamlNode& node, const YamlNode* plain, std::string_view path) {
    std::erase_if(node.entries, [&](documents::YamlEntry& entry) {
        const auto* key = find_key(join(path, entry.key));
        return key != nullptr && drop_default(*key, entry.value, child(plain, entry.key));
    });
}

/// With its programs, so that what else they have is written.
DisasterSettings plain_disaster() {
    DisasterSettings plain;
    for (auto* hook : {&plain.replica, &plain.promote, &plain.traffic, &plain.verify}) {
        hook->run.emplace_back("x");
    }
    return plain;
}

/// The defaults of the same gates and environments.
Configuration plain_like(const Configuration& configuration) {
    Configuration plain;
    plain.app.workload.name = configuration.app.name;
    for (const auto& [name, gate] : configuration.gates) {
        plain.gates[name] =
            gate_of(type_of(gate.question), method_of(gate.question)).value_or(GateSettings{});
    }
    for (const auto& [name, environment] : configuration.environments) {
        plain.environments[name].waves.clusters.emplace_back();
    }
    for (const auto& [name, stack] : configuration.infra.stacks) {
        plain.infra.stacks[name] = {};
    }
    for (const auto& [name, database] : configuration.backup.databases) {
        plain.backup.databases[name] = {};
    }
    if (configuration.group) {
        plain.group.emplace();
        for (const auto& [name, member] : configuration.group->members) {
            plain.group->members[name] = {};
        }
    }
    if (configuration.disaster) {
        plain.disaster = plain_disaster();
    }
    if (configuration.app.version_probe) {
        plain.app.version_probe.emplace();
    }
    if (configuration.prometheus) {
        plain.prometheus.emplace();
    }
    if (configuration.metrics_program) {
        plain.metrics_program.emplace();
    }
    return plain;
}

}  // namespace

YamlNode to_tree(const Configuration& configuration) {
    YamlNode root;
    Writer writer(root);
    visit_configuration(writer, configuration);
    return root;
}

namespace {

/// One of each thing that a file may have none of, called "name", so that its keys are there.
Configuration one_of_each() {
    Configuration all;
    all.app.name = "name";
    all.app.version_probe.emplace();
    all.environments["name"].waves.clusters.emplace_back();
    all.prometheus.emplace();
    all.metrics_program.emplace();
    all.infra.stacks["name"] = {};
    all.backup.databases["name"] = {};
    all.group.emplace().members["name"] = {};
    all.disaster = plain_disaster();
    return all;
}

/// The defaults of a list are whole, or those of each of its items.
Configuration plain_for(const Key* key) {
    auto plain = one_of_each();
    if (key == nullptr || key->type != KeyType::items) {
        plain.strategies.canary.steps.clear();
        for (auto* hooks :
             {&plain.hooks.pre_deploy, &plain.hooks.post_verify, &plain.hooks.on_rollback}) {
            hooks->emplace_back();
        }
    }
    return plain;
}

/// What stands for each thing of its kind: the entry called "name", or the only item.
const YamlNode* one_of(const Key& key, const YamlNode* things) {
    if (key.type == KeyType::named) {
        return child(things, "name");
    }
    if (key.type == KeyType::items) {
        return things == nullptr || things->items.empty() ? nullptr : &things->items.front();
    }
    return things;
}

std::optional<YamlNode> default_in(const YamlNode& root, std::string_view path) {
    const YamlNode* node = &root;
    for (std::size_t start = 0; node != nullptr && start <= path.size();) {
        const auto dot = std::min(path.find('.', start), path.size());
        const auto* key = find_key(path.substr(0, dot));
        node = child(node, path.substr(start, dot - start));
        const bool is_last = dot == path.size();
        if (key != nullptr && !is_last) {
            node = one_of(*key, node);
        }
        start = dot + 1;
    }
    const auto* key = find_key(path);
    const bool is_map = node == nullptr || node->kind == YamlKind::map;
    if (is_map || key == nullptr || key->presence != Presence::optional) {
        return std::nullopt;
    }
    return *node;
}

}  // namespace

std::optional<YamlNode> default_of(std::string_view path) {
    auto plain = plain_for(find_key(path));
    for (const auto& [type, method] : gate_kinds()) {
        plain.gates["name"] = gate_of(type, method).value_or(GateSettings{});
        if (auto found = default_in(to_tree(plain), path)) {
            return found;
        }
    }
    return std::nullopt;
}

std::string to_yaml(const Configuration& configuration) {
    return write_yaml(to_tree(configuration));
}

std::string to_short_yaml(const Configuration& configuration) {
    auto root = to_tree(configuration);
    const auto plain = to_tree(plain_like(configuration));
    drop_defaults(root, &plain, "");
    return write_yaml(root);
}

}  // namespace deployctl::config
