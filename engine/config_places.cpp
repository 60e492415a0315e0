// SPDX-License-Identifier: Apache-2.0
#include "engine/config_places.hpp"

#include "documents/json.hpp"

#include <algorithm>
#include <array>

namespace deployctl::engine {

namespace {

constexpr std::size_t digits_in_name = 10;

struct Reference {
    Kind kind;
    const char* place;
};

constexpr std::array in_variable{
    Reference{Kind::config_map, "/valueFrom/configMapKeyRef/name"},
    Reference{Kind::secret, "/valueFrom/secretKeyRef/name"},
};
constexpr std::array in_variables{
    Reference{Kind::config_map, "/configMapRef/name"},
    Reference{Kind::secret, "/secretRef/name"},
};
constexpr std::array in_volume{
    Reference{Kind::config_map, "/configMap/name"},
    Reference{Kind::secret, "/secret/secretName"},
};
constexpr std::array in_projection{
    Reference{Kind::config_map, "/configMap/name"},
    Reference{Kind::secret, "/secret/name"},
};

std::string item(const std::string& list, std::size_t index) {
    return list + "/" + std::to_string(index);
}

class Search {
public:
    explicit Search(const Value& pod_template) : template_(pod_template) {}

    std::vector<ConfigPlace> run() {
        for (const auto* list : {"/spec/initContainers", "/spec/containers"}) {
            for (std::size_t each = 0; each < template_.items(list).size(); ++each) {
                const auto container = item(list, each);
                look_in(container + "/env", in_variable);
                look_in(container + "/envFrom", in_variables);
            }
        }
        const std::string volumes = "/spec/volumes";
        look_in(volumes, in_volume);
        for (std::size_t each = 0; each < template_.items(volumes).size(); ++each) {
            look_in(item(volumes, each) + "/projected/sources", in_projection);
        }
        return std::move(found_);
    }

private:
    void look_in(const std::string& list, const std::array<Reference, 2>& references) {
        for (std::size_t each = 0; each < template_.items(list).size(); ++each) {
            for (const auto& reference : references) {
                auto pointer = item(list, each) + reference.place;
                auto name = template_.text(pointer);
                if (!name.empty()) {
                    found_.push_back({reference.kind, std::move(pointer), std::move(name)});
                }
            }
        }
    }

    const Value& template_;
    std::vector<ConfigPlace> found_;
};

/// A map that is not there and an empty one are the same to a pod.
Value map_at(const Value& object, const Pointer& place) {
    const auto& map = object.at(place);
    return map.is_null() ? Value::map() : map;
}

bool is_hex(char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
}

}  // namespace

std::vector<ConfigPlace> config_places(const Value& pod_template) {
    return Search(pod_template).run();
}

Value with_names(Value pod_template, const NewNames& names) {
    for (const auto& place : config_places(pod_template)) {
        const auto found = names.find({place.kind, place.name});
        if (found != names.end()) {
            pod_template.set(place.pointer, found->second);
        }
    }
    return pod_template;
}

std::string config_hash(const Value& object) {
    const auto content = Value::map({
        {"data", map_at(object, "/data")},
        {"binaryData", map_at(object, "/binaryData")},
        {"type", object.text("/type")},
    });
    return documents::sha256_hex(documents::write_json(content));
}

std::string copy_name(std::string_view name, std::string_view hash) {
    return std::string(name) + "-" + std::string(hash.substr(0, digits_in_name));
}

bool is_named_as_copy(std::string_view name, std::string_view of) {
    return name.size() == of.size() + 1 + digits_in_name && name.starts_with(of) &&
           name[of.size()] == '-' && std::ranges::all_of(name.substr(of.size() + 1), is_hex);
}

bool is_copy_of(const Value& object, std::string_view name) {
    return annotation_of(object, copy_mark).view("") == name && object.flag("/immutable");
}

Value make_copy(const Value& source, const Target& target, const std::string& name) {
    auto copy = Value::map({
        {"apiVersion", "v1"},
        {"kind", source.text("/kind")},
        {"metadata",
         Value::map({
             {"name", name},
             {"namespace", target.kube_namespace},
             {"labels", Value::map({{mark::app, target.app}})},
             {"annotations", Value::map({{copy_mark, source.text("/metadata/name")}})},
         })},
        {"immutable", true},
    });
    for (const auto* part : {"/data", "/binaryData", "/type"}) {
        if (source.has(part)) {
            copy.set(part, source.at(part));
        }
    }
    return copy;
}

}  // namespace deployctl::engine
