// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/monitors.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/selectors.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// More that one monitor looks at are counted as these are.
constexpr std::size_t most = 1000;

const Node& labels_of(const Subject& subject) {
    return subject.kind == "pod" ? pod_metadata(subject).at("labels")
                                 : subject.node->at("metadata/labels");
}

std::string_view place_of(const Subject& subject) {
    return namespace_of(object_of(subject));
}

/// Services, or pods, by what monitors ask for.
class Index {
public:
    Index(const char* kind, const Facts& facts) {
        for (const auto* subject : facts.of(kind)) {
            by_namespace_[{subject->scope, place_of(*subject)}].push_back(subject);
            by_scope_[subject->scope].push_back(subject);
            for (const auto& label : labels_of(*subject).entries) {
                by_label_[{subject->scope, label.key, label.value.text}].push_back(subject);
            }
        }
    }

    const std::vector<const Subject*>& in(const Scope* scope, std::string_view place) const {
        return found(by_namespace_, std::pair{scope, place});
    }

    const std::vector<const Subject*>& all(const Scope* scope) const {
        return found(by_scope_, scope);
    }

    const std::vector<const Subject*>& with(
        const Scope* scope, std::string_view key, std::string_view value
    ) const {
        return found(by_label_, std::tuple{scope, key, value});
    }

private:
    template <class Map, class Key>
    static const std::vector<const Subject*>& found(const Map& map, const Key& key) {
        static const std::vector<const Subject*> none;
        const auto at = map.find(key);
        return at == map.end() ? none : at->second;
    }

    std::map<std::pair<const Scope*, std::string_view>, std::vector<const Subject*>> by_namespace_;
    std::map<const Scope*, std::vector<const Subject*>> by_scope_;
    std::map<
        std::tuple<const Scope*, std::string_view, std::string_view>,
        std::vector<const Subject*>>
        by_label_;
};

/// Whether a monitor looks into a namespace.
bool looks_into(const Subject& monitor, std::string_view place) {
    const auto& wanted = monitor.node->at("spec/namespaceSelector");
    const auto& names = wanted.at("matchNames").items;
    if (wanted.flag_at("any")) {
        return true;
    }
    return names.empty() ? place == namespace_of(*monitor.node)
                         : std::ranges::find(names, place, &Node::text) != names.end();
}

/// Something in the namespaces that it looks into, or null.
const Subject* neighbour(const Subject& monitor, const Index& index) {
    const auto& wanted = monitor.node->at("spec/namespaceSelector");
    const auto first = [](const std::vector<const Subject*>& all) {
        return all.empty() ? nullptr : all.front();
    };
    if (wanted.flag_at("any")) {
        return first(index.all(monitor.scope));
    }
    for (const auto& name : wanted.at("matchNames").items) {
        if (const auto* found = first(index.in(monitor.scope, name.text))) {
            return found;
        }
    }
    const bool is_own = wanted.at("matchNames").items.empty();
    return is_own ? first(index.in(monitor.scope, namespace_of(*monitor.node))) : nullptr;
}

void relate(const Subject& monitor, const Index& index, Facts& facts) {
    const auto& selector = monitor.node->at("spec/selector");
    const auto& labels = selector.at("matchLabels").entries;
    const auto& candidates = labels.empty()
                                 ? index.all(monitor.scope)
                                 : index.with(monitor.scope, labels[0].key, labels[0].value.text);
    std::size_t left = most;
    for (const auto* one : candidates) {
        if (left-- == 0) {
            break;
        }
        if (looks_into(monitor, place_of(*one)) && selects(selector, labels_of(*one))) {
            facts.relate(monitor, relation::monitored, *one);
            facts.relate(*one, relation::monitors, monitor);
        }
    }
    if (const auto* near = neighbour(monitor, index)) {
        facts.relate(monitor, relation::near, *near);
    }
}

}  // namespace

void relate_monitors(Facts& facts) {
    static constexpr std::array<std::pair<const char*, const char*>, 2> kinds = {
        {{"ServiceMonitor", "Service"}, {"PodMonitor", "pod"}}
    };
    for (const auto& [monitors, monitored] : kinds) {
        if (facts.of(monitors).empty()) {
            continue;
        }
        const Index index(monitored, facts);
        for (const auto* monitor : facts.of(monitors)) {
            relate(*monitor, index, facts);
        }
    }
}

}  // namespace deployctl::readiness
