// SPDX-License-Identifier: Apache-2.0
#include "engine/release.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"
#include "model/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace deployctl::engine {

namespace {

constexpr std::string_view containers = "/spec/containers";
constexpr std::string_view env_path = "/env";
constexpr std::string_view image_path = "/image";
constexpr std::size_t longest_number = 12;

bool names_a_secret(std::string_view name) {
    const auto loud = upper(std::string(name));
    constexpr std::array words{
        "SECRET", "TOKEN", "PASS", "PWD", "KEY", "CREDENTIAL", "DSN", "AUTH", "PIN_", "_PIN"
    };
    return std::ranges::any_of(words, [&](const char* word) {
        return loud.find(word) != std::string::npos;
    });
}

/// A short number, a boolean, a duration: enough to see what happened, and no secret.
bool is_plain_text(const std::string& text) {
    constexpr std::array booleans{"true", "false"};
    double number = 0;
    const auto* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    const bool is_number = error == std::errc{} && end == last && text.size() <= longest_number;
    return is_number || read_duration(text) || std::ranges::count(booleans, text) > 0;
}

bool is_plain(const Value& value) {
    return value.is_string() ? is_plain_text(value.text(""))
                             : !value.is_object() && !value.is_array();
}

std::string shown(const Value& value) {
    return value.is_null() ? "(none)" : documents::write_json(value);
}

std::string shown_change(const std::string& what, const Value& before, const Value& after) {
    return what + " " + shown(before) + " -> " + shown(after);
}

std::string hidden_change(const std::string& what, const Value& before, const Value& after) {
    return before.is_null()  ? what + " is new (value hidden)"
           : after.is_null() ? what + " is gone (value hidden)"
                             : what + " changed (values hidden)";
}

/// What stands anywhere but in a variable: a text may be a secret, a number or a boolean is none.
std::string change_at(
    const std::string& what, std::string_view path, const Value& before, const Value& after
) {
    const bool is_harmless = path.starts_with("/resources") || path.ends_with(image_path);
    const bool has_text = before.is_string() || after.is_string();
    const bool is_told = is_harmless || (!has_text && is_plain(before) && is_plain(after));
    return is_told ? shown_change(what, before, after) : hidden_change(what, before, after);
}

void add_once(std::string line, std::vector<std::string>& lines) {
    if (lines.empty() || lines.back() != line) {
        lines.push_back(std::move(line));
    }
}

/// Variables by name: their order in the list is no difference.
Value::Object variables_of(const Value& container) {
    Value::Object by_name;
    for (const auto& variable : container.items("/env")) {
        by_name[variable.text("/name")] =
            variable.has("/value") ? variable.at("/value") : variable.at("/valueFrom");
    }
    return by_name;
}

void describe_variables(const Value& before, const Value& after, std::vector<std::string>& lines) {
    const Value old_variables = variables_of(before);
    const Value new_variables = variables_of(after);
    for (const auto& pointer : differing_paths(old_variables, new_variables)) {
        const auto name = split_pointer(pointer).front();
        const auto place = "/" + escape_pointer(name);
        const auto& old_value = old_variables.at(place);
        const auto& new_value = new_variables.at(place);
        const bool is_told = is_plain(old_value) && is_plain(new_value) && !names_a_secret(name);
        add_once(
            is_told ? shown_change("env " + name, old_value, new_value)
                    : hidden_change("env " + name, old_value, new_value),
            lines
        );
    }
}

bool is_command_line(std::string_view key) {
    constexpr std::array keys{"args", "command"};
    return std::ranges::count(keys, key) > 0;
}

void describe_container(const Value& before, const Value& after, std::vector<std::string>& lines) {
    const auto name = after.text("/name");
    for (const auto& path : differing_paths(before, after)) {
        if (path == image_path) {
            lines.push_back("image " + before.text(path) + " -> " + after.text(path));
        } else if (const auto key = split_pointer(path).front(); is_command_line(key)) {
            const auto place = "/" + key;  // the whole of it: where it changed may tell what
            add_once(hidden_change(name + " " + key, before.at(place), after.at(place)), lines);
        } else if (path != env_path && !path.starts_with("/env/")) {
            lines.push_back(
                change_at(name + " " + path.substr(1), path, before.at(path), after.at(path))
            );
        }
    }
    describe_variables(before, after, lines);
}

}  // namespace

std::string container_pointer(const Value& pod_template, std::string_view container) {
    const auto& list = pod_template.items(containers);
    for (std::size_t index = 0; index < list.size(); ++index) {
        if (list[index].text("/name") == container) {
            return std::string(containers) + "/" + std::to_string(index);
        }
    }
    return "";
}

std::vector<std::string> container_names(const Value& pod_template) {
    std::vector<std::string> names;
    for (const auto& container : pod_template.items(containers)) {
        names.push_back(container.text("/name"));
    }
    return names;
}

int first_port(const Value& pod_template, std::string_view container) {
    const auto named = container_pointer(pod_template, container);
    const auto pointer = container.empty() ? std::string(containers) + "/0" : named;
    constexpr int http_port = 80;
    return pointer.empty() ? http_port
                           : read_int(pod_template, pointer + "/ports/0/containerPort", http_port);
}

Value with_image(Value pod_template, std::string_view container, const ImageRef& image) {
    const auto pointer = container_pointer(pod_template, container);
    if (pointer.empty()) {
        throw std::logic_error("no container " + std::string(container) + " in the template");
    }
    pod_template.set(pointer + std::string(image_path), to_text(image));
    return pod_template;
}

std::vector<std::string> describe_changes(const Value& before, const Value& after) {
    std::vector<std::string> lines;
    for (const auto& name : container_names(after)) {
        const auto pointer = container_pointer(before, name);
        if (pointer.empty()) {
            lines.push_back("container " + name + " is new");
        } else {
            describe_container(before.at(pointer), after.at(container_pointer(after, name)), lines);
        }
    }
    for (const auto& path : differing_paths(before, after)) {
        if (!path.starts_with(containers)) {
            lines.push_back(change_at(path.substr(1), path, before.at(path), after.at(path)));
        }
    }
    return lines;
}

}  // namespace deployctl::engine
