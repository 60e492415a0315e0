// SPDX-License-Identifier: Apache-2.0
#include "config/semantics.hpp"

#include "config/analysis_semantics.hpp"
#include "config/approval_semantics.hpp"
#include "config/artifact_semantics.hpp"
#include "config/entries.hpp"
#include "config/freeze_check.hpp"
#include "config/keys.hpp"
#include "config/metrics_semantics.hpp"
#include "config/outside_semantics.hpp"
#include "config/placeholders.hpp"
#include "config/promotion_semantics.hpp"
#include "config/record_semantics.hpp"
#include "config/release_semantics.hpp"
#include "config/scalars.hpp"
#include "config/spelling.hpp"
#include "config/stack_semantics.hpp"
#include "model/time.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlKind;
using documents::YamlNode;

/// Of what is waited for while nothing else is watched.
struct WatchedTimeout {
    Duration operator()(const auto&) const { return {}; }

    Duration operator()(const HttpQuestion& http) const { return http.timeout; }

    Duration operator()(const TcpQuestion& tcp) const { return tcp.timeout; }

    Duration operator()(const GrpcQuestion& grpc) const { return grpc.timeout; }
};

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
        check_times();
        check_times_of_gates();
        check_version_gate();
        check_freeze(root_, report_);
    }

private:
    void check_image() {
        const auto* entry = entry_at(root_, {"app", "image"});
        if (entry != nullptr && entry->value.kind == YamlKind::map) {
            entry = entry->value.find("name");
        }
        if (entry == nullptr || !entry->value.is_scalar() || entry->value.text.empty()) {
            return;
        }
        if (const auto wrong = check_image_name(entry->value.text)) {
            auto& added = report_.add(wrong->code, wrong->message, entry->value.place);
            added.note = wrong->note;
            added.help = wrong->help;
            added.docs = "app.image";
        }
    }

    void check_manifests() {
        const auto* kustomize = entry_at(root_, {"app", "manifests", "kustomize"});
        const auto* dir = entry_at(root_, {"app", "manifests", "dir"});
        if (kustomize != nullptr && dir != nullptr) {
            auto& wrong = report_.add(
                "C1024", "`kustomize` and `dir` both say where manifests are", dir->place
            );
            wrong.help = "keep one of them";
            wrong.docs = "app.manifests";
        }
        check_names_in(kustomize);
        check_names_in(dir);
    }

    void check_names_in(const YamlEntry* entry) {
        const auto unknown = entry == nullptr ? "" : unknown_name_in(entry->value.text);
        if (!unknown.empty()) {
            auto& wrong = report_.add("C1030", unknown + " stands for nothing", entry->value.place);
            wrong.note = "known here: ${app}, ${env}";
            wrong.help = "write one of them, or the text itself";
            wrong.docs = "app.manifests";
        }
    }

    void check_all_gates() {
        for (const auto* strategy : {"rolling", "blue-green", "canary"}) {
            check_gates(
                entry_at(root_, {"strategies", strategy, "gates"}),
                "strategies." + std::string(strategy)
            );
        }
        check_gates(entry_at(root_, {"group", "gates"}), "group");
        const auto* environments = entry_at(root_, {"environments"});
        if (environments == nullptr) {
            return;
        }
        for (const auto& environment : environments->value.entries) {
            check_gates(environment.value.find("gates"), "environments", "gates");
            const auto* preflight = environment.value.find("preflight");
            check_gates(preflight, "environments", "preflight");
        }
    }

    void check_gates(
        const YamlEntry* list, const std::string& docs, const std::string& key = "gates"
    ) {
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
        if (configuration_.app.version_probe) {
            known.push_back(version_gate);
        }
        const std::set<std::string_view> defined(known.begin(), known.end());
        std::set<std::string_view> seen;
        for (const auto& item : list->value.items) {
            if (!item.is_scalar() || item.text.empty() || report_.is_full()) {
                continue;
            }
            if (!seen.insert(item.text).second) {
                auto& wrong =
                    report_.add("C1026", "gate `" + item.text + "` stands here twice", item.place);
                wrong.help = "take one of them out";
                wrong.docs = docs + "." + key;
            } else if (!defined.contains(item.text)) {
                unknown_gate(item, known, docs + "." + key);
            }
        }
    }

    void unknown_gate(
        const YamlNode& item, const std::vector<std::string_view>& known, const std::string& docs
    ) {
        auto& wrong = report_.add("C1022", "there is no gate `" + item.text + "`", item.place);
        wrong.docs = docs;
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
        const auto* steps = entry_at(root_, {"strategies", "canary", "steps"});
        if (steps == nullptr || steps->value.kind != YamlKind::list) {
            return;
        }
        if (steps->value.items.empty()) {
            auto& wrong = report_.add("C1023", "a canary needs a step", steps->place);
            wrong.help = "write `steps: [{weight: 10}, {weight: 50}]`, or leave `steps` out";
            wrong.docs = "strategies.canary.steps";
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
        const auto* batches = entry_at(root_, {"strategies", "rolling", "batches"});
        if (batches == nullptr) {
            return;
        }
        std::vector<const YamlNode*> sizes;
        for (const auto& item : batches->value.items) {
            if (item.text.ends_with('%')) {
                sizes.push_back(&item);
            }
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
                wrong.help = "write more than " + last->text + ", or take it out";
                wrong.docs = docs;
            }
            before = number;
            last = node;
        }
    }

    void check_services() {
        const auto* active = entry_at(root_, {"strategies", "blue-green", "active_service"});
        const auto* preview = entry_at(root_, {"strategies", "blue-green", "preview_service"});
        std::set<std::string_view> seen;
        if (active != nullptr) {
            for (const auto& item : active->value.items) {
                if (item.is_scalar() && !seen.insert(item.text).second) {
                    auto& wrong = report_.add(
                        "C1026", "Service `" + item.text + "` stands here twice", item.place
                    );
                    wrong.help = "take one of them out";
                    wrong.docs = "strategies.blue-green.active_service";
                }
            }
            seen.insert(active->value.text);
        }
        if (preview != nullptr && preview->value.is_scalar() &&
            seen.contains(preview->value.text)) {
            auto& wrong = report_.add(
                "C1025", "the preview Service is also an active one", preview->value.place
            );
            wrong.note = "people would see the new version before the gates";
            wrong.help = "name another Service, or leave `preview_service` out";
            wrong.docs = "strategies.blue-green.preview_service";
        }
    }

    /// Gates that answer before the next question, deadlines inside of one another.
    void check_times() {
        const auto* timeouts = entry_at(root_, {"defaults", "timeouts"});
        const auto& times = configuration_.timeouts;
        if (timeouts != nullptr && times.first_ready > times.step) {
            too_long(*timeouts, "first_ready", "step", to_text(times.step));
        }
        if (timeouts != nullptr && times.step > times.rollout) {
            too_long(*timeouts, "step", "rollout", to_text(times.rollout));
        }
        Duration holds = configuration_.strategies.canary.keep_old;
        for (const auto& step : configuration_.strategies.canary.steps) {
            holds += step.hold;
        }
        const auto* steps = entry_at(root_, {"strategies", "canary", "steps"});
        if (steps != nullptr && holds >= times.rollout) {
            auto& wrong = report_.add(
                "C1028", "the holds of the canary leave no time for the rollout", steps->place
            );
            wrong.note = to_text(holds) + " of at most " + to_text(times.rollout);
            wrong.help = "shorten them, or write a longer `defaults.timeouts.rollout`";
            wrong.docs = "defaults.timeouts.rollout";
        }
    }

    void check_times_of_gates() {
        const auto* gates = root_.find("gates");
        if (gates == nullptr) {
            return;
        }
        for (const auto& entry : gates->value.entries) {
            const auto gate = configuration_.gates.find(entry.key);
            if (gate != configuration_.gates.end()) {
                check_times_of(entry, gate->second);
                check_question(entry, gate->second.question);
                check_outside(entry, gate->second.question, report_);
            }
        }
    }

    void check_question(const YamlEntry& entry, const GateQuestion& question) {
        const auto* metric = std::get_if<MetricQuestion>(&question);
        if (metric != nullptr && !metric->max && !metric->min && !metric->max_increase) {
            auto& wrong =
                report_.add("C1061", "gate `" + entry.key + "` has no limit", entry.place);
            wrong.note = "whatever the number is, it would pass";
            wrong.help = "write `max`, `min` or `max_increase`";
            wrong.docs = "gates.max";
        }
        check_artifact_gate(entry, question, report_);
    }

    void check_times_of(const YamlEntry& entry, const GateSettings& gate) {
        const auto& policy = gate.policy;
        const auto needed = (policy.pass_after - 1) * policy.every;
        if (needed >= configuration_.timeouts.step) {
            auto& wrong = report_.add(
                "C1031", "gate `" + entry.key + "` cannot pass before its step ends", entry.place
            );
            wrong.note = std::to_string(policy.pass_after) + " good samples, one each " +
                         to_text(policy.every) + ", take " + to_text(needed) +
                         "; `step` ends it after " + to_text(configuration_.timeouts.step);
            wrong.help = "ask for fewer, more often, or write a longer `defaults.timeouts.step`";
            wrong.docs = "gates.pass_after";
        }
        const auto timeout_said = std::visit(WatchedTimeout{}, gate.question);
        if (timeout_said > longest_gate_sample) {
            const auto* timeout = entry.value.find("timeout");
            const auto& place = timeout == nullptr ? entry.place : timeout->value.place;
            auto& wrong = report_.add(
                "C1032",
                "a gate waits at most " + to_text(longest_gate_sample) + " for an answer",
                place
            );
            wrong.note = "while it waits, no signal is heard and no pod is watched";
            wrong.help = "write `timeout: " + to_text(longest_gate_sample) + "` or less";
            wrong.docs = "gates.timeout";
        }
    }

    void too_long(
        const YamlEntry& timeouts, const char* part, const char* whole, const std::string& limit
    ) {
        const auto* entry = timeouts.value.find(part);
        const auto& place = entry == nullptr ? timeouts.place : entry->value.place;
        auto& wrong = report_.add(
            "C1027", std::string("`") + part + "` is longer than `" + whole + "`", place
        );
        wrong.severity = Severity::warning;
        wrong.note = std::string(whole) + " ends it after " + limit;
        wrong.help = std::string("shorten it, or write a longer `") + whole + "`";
        wrong.docs = std::string("defaults.timeouts.") + part;
    }

    /// The name is taken by the gate that `app.version_probe` makes.
    void check_version_gate() {
        const auto* gates = root_.find("gates");
        const auto* entry = gates == nullptr ? nullptr : gates->value.find(version_gate);
        if (entry != nullptr) {
            auto& wrong =
                report_.add("C1029", "no gate of yours can be called `version`", entry->place);
            wrong.note = "`app.version_probe` makes the gate of this name";
            wrong.help = "give it another name";
            wrong.docs = "app.version_probe";
        }
    }

    const Configuration& configuration_;
    const YamlNode& root_;
    Report& report_;
};

}  // namespace

void check_meaning(const Configuration& configuration, const YamlNode& root, Report& report) {
    Meaning(configuration, root, report).check();
    check_metrics(configuration, root, report);
    check_approvals(configuration, root, report);
    check_analyses(configuration, root, report);
    check_records(configuration, root, report);
    check_release(configuration, root, report);
    check_states(configuration, root, report);
    check_promotion(configuration, root, report);
}

}  // namespace deployctl::config
