// SPDX-License-Identifier: Apache-2.0
#include "engine/release.hpp"

#include "documents/json.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>

namespace deployctl::engine {

namespace {

constexpr std::string_view containers = "/spec/containers";
constexpr std::string_view image_path = "/image";

bool may_be_secret(std::string_view name) {
    std::string upper(name);
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    constexpr std::array words{
        "SECRET", "TOKEN", "PASSWORD", "PASSWD", "KEY", "CREDENTIAL", "DSN", "AUTH"
    };
    return std::ranges::any_of(words, [&](const char* word) {
        return upper.find(word) != std::string::npos;
    });
}

std::string shown(std::string_view name, const Value& value) {
    if (value.is_null()) {
        return "(none)";
    }
    return may_be_secret(name) ? "(hidden)" : documents::write_json(value);
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
        const auto line = "env " + name + " " + shown(name, old_variables.at(place)) + " -> " +
                          shown(name, new_variables.at(place));
        if (lines.empty() || lines.back() != line) {
            lines.push_back(line);  // a variable with several differences is one line
        }
    }
}

void describe_container(const Value& before, const Value& after, std::vector<std::string>& lines) {
    const auto name = after.text("/name");
    for (const auto& path : differing_paths(before, after)) {
        if (path == image_path) {
            lines.push_back("image " + before.text(path) + " -> " + after.text(path));
        } else if (!path.starts_with("/env")) {
            lines.push_back(
                name + " " + path.substr(1) + " " + shown(path, before.at(path)) + " -> " +
                shown(path, after.at(path))
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
            lines.push_back(
                path.substr(1) + " " + shown(path, before.at(path)) + " -> " +
                shown(path, after.at(path))
            );
        }
    }
    return lines;
}

}  // namespace deployctl::engine
