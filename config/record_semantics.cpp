// SPDX-License-Identifier: Apache-2.0
#include "config/record_semantics.hpp"

#include "config/keys.hpp"
#include "config/placeholders.hpp"
#include "config/spelling.hpp"
#include "model/placeholders.hpp"
#include "model/semver.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlNode;

const std::vector<YamlNode>& items_of(const YamlEntry& map, const char* key) {
    static const std::vector<YamlNode> none;
    const auto* entry = map.value.find(key);
    return entry == nullptr ? none : entry->value.items;
}

class RecordMeaning {
public:
    RecordMeaning(const YamlEntry& gate, const Configuration& configuration, Report& report)
        : gate_(gate), configuration_(configuration), report_(report) {}

    void operator()(const auto&) const {}

    void operator()(const SoakQuestion& soak) const {
        const auto* entry = gate_.value.find("env");
        if (entry == nullptr || soak.environment.empty() ||
            configuration_.environments.contains(soak.environment)) {
            return;
        }
        std::vector<std::string_view> known;
        for (const auto& [name, environment] : configuration_.environments) {
            known.push_back(name);
        }
        auto& wrong = add("C1100", "there is no environment `" + soak.environment + "`", *entry);
        wrong.note = "a soak asks about another environment of this app";
        const auto meant = closest(soak.environment, known);
        wrong.help = meant ? "write `env: " + std::string(*meant) + "`"
                           : "name one of `environments`, or write it there";
    }

    void operator()(const DependencyQuestion& dependency) const {
        check_environment_of_other();
        check_one_of({"min_version", "version", "digest"}, "any version of it would pass");
        const auto* least = gate_.value.find("min_version");
        if (least != nullptr && !dependency.min_version.empty() &&
            !read_semver(dependency.min_version)) {
            auto& wrong =
                add("C1102",
                    "`min_version` takes a semantic version, not `" + dependency.min_version + "`",
                    *least);
            wrong.note = "three numbers with dots between, what is before one of them after a `-`";
            wrong.help = "write it as `min_version: 2.3.0`";
        }
        const auto* digest = gate_.value.find("digest");
        if (digest != nullptr && !dependency.digest.empty() && !is_digest(dependency.digest)) {
            add("C1103", "`digest` takes `sha256:` and 64 hexadecimal digits", *digest).help =
                "copy it from the registry, or ask for a `version`";
        }
    }

    void operator()(const ReadinessQuestion&) const {
        check_names(gate_, "report", report_);
        check_not_both("report", "assess");
        for (const auto& item : items_of(gate_, "fail_on")) {
            if (!item.is_scalar() || item.text.empty() || read_finding_severity(item.text)) {
                continue;
            }
            auto& wrong =
                report_.add("C1104", "`" + item.text + "` is no severity of a finding", item.place);
            wrong.docs = "gates.fail_on";
            const auto meant = closest(item.text, {"critical", "high", "medium", "low"});
            wrong.help = meant ? "write `" + std::string(*meant) + "`"
                               : "write critical, high, medium or low";
        }
    }

    void operator()(const BackupAgeQuestion& backup) const {
        check_one_of({"files", "cron_job"}, "nothing says where backups are");
        check_names(gate_, "files", report_);
        const auto* files = gate_.value.find("files");
        const auto folder = std::string_view(backup.files)
                                .substr(0, std::min(backup.files.rfind('/'), backup.files.size()));
        const bool has_folder = backup.files.find('/') != std::string::npos;
        if (files != nullptr && has_folder && folder.find_first_of("*?") != folder.npos) {
            add("C1105", "only the last part of `files` may have `*` or `?`", *files).help =
                "name the folder: `files: \"/var/backups/web/*.dump\"`";
        }
    }

    void operator()(const PerformanceQuestion&) const {
        check_one_of({"report"}, "nothing says what was measured");
        check_names(gate_, "report", report_);
        check_names(gate_, "baseline", report_);
        const bool has_limit = std::ranges::any_of(
            std::array{"max_p50", "max_p95", "max_p99", "baseline"},
            [&](auto* key) { return gate_.value.find(key) != nullptr; }
        );
        if (!has_limit && gate_.value.find("report") != nullptr) {
            auto& wrong =
                report_.add("C1106", "gate `" + gate_.key + "` limits no latency", gate_.place);
            wrong.note = "however slow it is, it would pass";
            wrong.help = "write `max_p95: 200ms`, or `baseline`";
            wrong.docs = "gates.max_p95";
        }
    }

private:
    static bool is_digest(std::string_view text) {
        constexpr std::string_view head = "sha256:";
        constexpr std::size_t digits = 64;
        return text.size() == head.size() + digits && text.starts_with(head) &&
               text.find_first_not_of("0123456789abcdef", head.size()) == text.npos;
    }

    void check_environment_of_other() const {
        const auto* entry = gate_.value.find("env");
        for (const auto& name : placeholders_in(entry == nullptr ? "" : entry->value.text)) {
            if (name != "${env}") {
                add("C1070", name + " stands for nothing", *entry).help =
                    "write the name of an environment, or `${env}`";
            }
        }
    }

    /// Which of them is meant must not be guessed.
    void check_one_of(const std::vector<const char*>& keys, const char* none) const {
        std::vector<const YamlEntry*> found;
        for (const auto* key : keys) {
            if (const auto* entry = gate_.value.find(key)) {
                found.push_back(entry);
            }
        }
        const auto docs = std::string("gates.") + keys.front();
        if (found.empty()) {
            auto& wrong = report_.add(
                "C1101",
                "gate `" + gate_.key + "` needs `" + join({keys.begin(), keys.end()}, "` or `") +
                    "`",
                gate_.place
            );
            wrong.note = none;
            wrong.help = "write `" + std::string(keys.front()) + ": " +
                         std::string(find_key(docs)->example) + "`";
            wrong.docs = docs;
        } else if (found.size() > 1) {
            refuse_both(*found[0], *found[1]);
        }
    }

    void check_not_both(const char* one, const char* other) const {
        const auto* first = gate_.value.find(one);
        const auto* second = gate_.value.find(other);
        if (first != nullptr && second != nullptr) {
            refuse_both(*first, *second);
        }
    }

    void refuse_both(const YamlEntry& one, const YamlEntry& other) const {
        add("C1101", "`" + one.key + "` and `" + other.key + "` both say what passes", other).help =
            "keep one of them, or write two gates";
    }

    Diagnostic& add(const char* code, std::string message, const YamlEntry& entry) const {
        auto& wrong = report_.add(code, std::move(message), entry.value.place);
        wrong.docs = "gates." + entry.key;
        return wrong;
    }

    const YamlEntry& gate_;
    const Configuration& configuration_;
    Report& report_;
};

/// In a step a part of what it counts on top is there already.
void check_capacities(const YamlNode& list, const Configuration& configuration, Report& report) {
    for (const auto& item : list.items) {
        const auto gate = configuration.gates.find(item.text);
        if (gate != configuration.gates.end() &&
            std::holds_alternative<CapacityQuestion>(gate->second.question)) {
            auto& wrong = report.add(
                "C1108", "gate `" + item.text + "` is asked before a rollout alone", item.place
            );
            wrong.note = "later a part of what it would count is there already";
            wrong.help = "list it in `preflight` of the environment";
            wrong.docs = "environments.preflight";
        }
    }
}

/// Of each strategy, or environment.
void check_capacities_in(const YamlNode& maps, const Configuration& configuration, Report& report) {
    for (const auto& map : maps.entries) {
        if (const auto* list = map.value.find("gates")) {
            check_capacities(list->value, configuration, report);
        }
    }
}

/// Where it asks about the environment that it would let a version into, it never could.
void check_own_soaks(
    const YamlEntry& environment,
    const char* key,
    const Configuration& configuration,
    Report& report
) {
    for (const auto& item : items_of(environment, key)) {
        const auto gate = configuration.gates.find(item.text);
        if (gate == configuration.gates.end()) {
            continue;
        }
        const auto* soak = std::get_if<SoakQuestion>(&gate->second.question);
        if (soak != nullptr && soak->environment == environment.key) {
            auto& wrong = report.add(
                "C1107",
                "gate `" + item.text + "` waits for `" + environment.key + "` itself",
                item.place
            );
            wrong.note = "a version that has to have been promoted here never gets here";
            wrong.help = "name an environment that comes before it in `env` of the gate";
            wrong.docs = "gates.env";
        }
    }
}

}  // namespace

void check_records(const Configuration& configuration, const YamlNode& root, Report& report) {
    if (const auto* gates = root.find("gates")) {
        for (const auto& entry : gates->value.entries) {
            const auto gate = configuration.gates.find(entry.key);
            if (gate != configuration.gates.end()) {
                std::visit(RecordMeaning(entry, configuration, report), gate->second.question);
            }
        }
    }
    for (const auto* name : {"strategies", "environments"}) {
        if (const auto* maps = root.find(name)) {
            check_capacities_in(maps->value, configuration, report);
        }
    }
    if (const auto* environments = root.find("environments")) {
        for (const auto& environment : environments->value.entries) {
            check_own_soaks(environment, "preflight", configuration, report);
            check_own_soaks(environment, "gates", configuration, report);
        }
    }
}

}  // namespace deployctl::config
