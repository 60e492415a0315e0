// SPDX-License-Identifier: Apache-2.0
#include "config/semantics.hpp"

#include "config/keys.hpp"
#include "config/scalars.hpp"
#include "config/spelling.hpp"
#include "model/image.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <set>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlKind;
using documents::YamlNode;

const YamlEntry* find(const YamlNode& root, std::initializer_list<std::string_view> path) {
    const auto* node = &root;
    const YamlEntry* entry = nullptr;
    for (const auto name : path) {
        entry = node->find(name);
        if (entry == nullptr) {
            return nullptr;
        }
        node = &entry->value;
    }
    return entry;
}

class Meaning {
public:
    Meaning(const Configuration& configuration, const YamlNode& root, Report& report)
        : configuration_(configuration), root_(root), report_(report) {}

    void check() {
        check_image();
        check_manifests();
        check_all_gates();
        check_steps();
        check_batches();
        check_services();
    }

private:
    void check_image() {
        const auto* entry = find(root_, {"app", "image"});
        if (entry != nullptr && entry->value.kind == YamlKind::map) {
            entry = entry->value.find("name");
        }
        if (entry == nullptr || !entry->value.is_scalar() || entry->value.text.empty()) {
            return;
        }
        const auto& text = entry->value.text;
        const auto image = read_image(text);
        if (!image.tag.empty() || !image.digest.empty()) {
            auto& wrong =
                report_.add("C1020", "the image has a tag or a digest", entry->value.place);
            wrong.note = "the version comes from the command line: deployctl rollout canary TAG";
            wrong.help = "write `" + entry->key + ": " + image.repository + "`";
            wrong.docs = "app.image";
        } else if (text.find_first_of(" ABCDEFGHIJKLMNOPQRSTUVWXYZ$\"'\\") != std::string::npos) {
            auto& wrong = report_.add("C1020", "no name of an image", entry->value.place);
            wrong.note = "lower case, without spaces: registry.example.com/shop/web";
            wrong.docs = "app.image";
        }
    }

    void check_manifests() {
        const auto* kustomize = find(root_, {"app", "manifests", "kustomize"});
        const auto* dir = find(root_, {"app", "manifests", "dir"});
        if (kustomize != nullptr && dir != nullptr) {
            auto& wrong = report_.add(
                "C1024", "`kustomize` and `dir` both say where manifests are", dir->place
            );
            wrong.help = "keep one of them";
            wrong.docs = "app.manifests";
        }
    }

    void check_all_gates() {
        for (const auto* strategy : {"rolling", "blue-green", "canary"}) {
            check_gates(
                find(root_, {"strategies", strategy, "gates"}),
                "strategies." + std::string(strategy)
            );
        }
        const auto* environments = find(root_, {"environments"});
        if (environments == nullptr) {
            return;
        }
        for (const auto& environment : environments->value.entries) {
            check_gates(environment.value.find("gates"), "environments");
        }
    }

    void check_gates(const YamlEntry* list, const std::string& docs) {
        if (list == nullptr) {
            return;
        }
        const auto* gates = root_.find("gates");
        std::vector<std::string_view> known;
        if (gates != nullptr) {
            std::ranges::transform(
                gates->value.entries, std::back_inserter(known), &YamlEntry::key
            );
        }
        std::set<std::string_view> seen;
        for (const auto& item : list->value.items) {
            if (!item.is_scalar() || item.text.empty()) {
                continue;
            }
            if (!seen.insert(item.text).second) {
                report_.add("C1026", "gate `" + item.text + "` stands here twice", item.place)
                    .docs = docs + ".gates";
            } else if (std::ranges::find(known, item.text) == known.end()) {
                unknown_gate(item, known, docs);
            }
        }
    }

    void unknown_gate(
        const YamlNode& item, const std::vector<std::string_view>& known, const std::string& docs
    ) {
        auto& wrong = report_.add("C1022", "there is no gate `" + item.text + "`", item.place);
        wrong.docs = docs + ".gates";
        wrong.note = known.empty() ? "no gates are defined" : "known gates: ";
        for (std::size_t i = 0; i < std::min<std::size_t>(known.size(), 5); ++i) {
            wrong.note += (i == 0 ? "" : ", ") + std::string(known[i]);
        }
        wrong.note += known.size() > 5 ? ", …" : "";
        if (const auto meant = closest(item.text, known)) {
            wrong.help = "write `" + std::string(*meant) + "`";
        } else {
            wrong.help = "define it: `gates: {" + item.text + ": {type: http, path: /healthz}}`";
        }
    }

    void check_steps() {
        const auto* steps = find(root_, {"strategies", "canary", "steps"});
        if (steps == nullptr || steps->value.kind != YamlKind::list) {
            return;
        }
        if (steps->value.items.empty()) {
            report_.add("C1023", "a canary needs a step", steps->place).docs =
                "strategies.canary.steps";
        }
        std::vector<const YamlNode*> weights;
        for (const auto& item : steps->value.items) {
            if (const auto* weight = item.find("weight")) {
                weights.push_back(&weight->value);
            }
        }
        check_rising(weights, "the weights of a canary", "strategies.canary.steps.weight");
    }

    void check_batches() {
        const auto* batches = find(root_, {"strategies", "rolling", "batches"});
        if (batches == nullptr) {
            return;
        }
        std::vector<const YamlNode*> sizes;
        for (const auto& item : batches->value.items) {
            sizes.push_back(&item);
        }
        check_rising(sizes, "batches count all pods so far: they", "strategies.rolling.batches");
    }

    void check_rising(
        const std::vector<const YamlNode*>& numbers, const std::string& what, const char* docs
    ) {
        const YamlNode* last = nullptr;
        int before = 0;
        for (const auto* node : numbers) {
            int number = 0;
            const auto* start = node->text.data();
            if (std::from_chars(start, start + node->text.size(), number).ec != std::errc{}) {
                continue;
            }
            if (last != nullptr && number <= before) {
                auto& wrong = report_.add("C1023", what + " must rise", node->place);
                wrong.note = "not more than " + last->text + " before it";
                wrong.docs = docs;
            }
            before = number;
            last = node;
        }
    }

    void check_services() {
        const auto& settings = configuration_.strategies.blue_green;
        const auto* preview = find(root_, {"strategies", "blue-green", "preview_service"});
        const auto& active = settings.active_services;
        if (preview != nullptr && !settings.preview_service.empty() &&
            std::ranges::find(active, settings.preview_service) != active.end()) {
            auto& wrong = report_.add(
                "C1025", "the preview Service is also an active one", preview->value.place
            );
            wrong.note = "people would see the new version before the gates";
            wrong.docs = "strategies.blue-green.preview_service";
        }
    }

    const Configuration& configuration_;
    const YamlNode& root_;
    Report& report_;
};

}  // namespace

void check_meaning(const Configuration& configuration, const YamlNode& root, Report& report) {
    Meaning(configuration, root, report).check();
}

}  // namespace deployctl::config
