// SPDX-License-Identifier: Apache-2.0
#include "config/release_semantics.hpp"

#include "config/entries.hpp"
#include "config/placeholders.hpp"
#include "config/scalars.hpp"
#include "config/spelling.hpp"
#include "model/output_names.hpp"

#include <map>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlKind;
using documents::YamlNode;

PlaceholderNames with(PlaceholderNames names, std::string_view one) {
    names.push_back(one);
    return names;
}

class ReleaseMeaning {
public:
    ReleaseMeaning(const Configuration& configuration, const YamlNode& root, Report& report)
        : configuration_(configuration),
          root_(root),
          report_(report),
          environments_{
              "C1110", "environment", "environments", names_of(configuration.environments)
          },
          gates_{"C1022", "gate", "gates", names_of(configuration.gates)} {}

    void check() {
        check_config_objects("configmaps", "ConfigMap");
        check_config_objects("secrets", "Secret");
        check_infra();
        check_backup();
        for (const auto* list : {"pre_deploy", "post_verify", "on_rollback"}) {
            for (const auto& hook : items_at(root_, {"hooks", list})) {
                check_hook(hook, list);
            }
        }
    }

private:
    void check_config_objects(const char* key, const char* kind) {
        const auto docs = std::string("app.config_objects.") + key;
        std::map<std::string_view, int> seen;
        for (const auto& item : items_at(root_, {"app", "config_objects", key})) {
            if (!item.is_scalar() || item.text.empty() || report_.is_full()) {
                continue;
            }
            if (const auto wrong = check_object_name(item.text)) {
                add(wrong->code, wrong->message, item.place, docs, wrong->help).note = wrong->note;
            } else if (++seen[item.text] == 2) {
                const auto message = std::string(kind) + " `" + item.text + "` stands here twice";
                add("C1026", message, item.place, docs, "take one of them out");
            }
        }
    }

    void check_infra() {
        for (const auto* key : {"program", "prices"}) {
            check_text(entry_at(root_, {"infra", key}), {}, std::string("infra.") + key);
        }
        const auto* limit = entry_at(root_, {"infra", "max_monthly_increase"});
        if (limit != nullptr && configuration_.infra.prices.empty()) {
            add("C1117",
                "`max_monthly_increase` needs `prices`",
                limit->place,
                "infra.prices",
                "write `prices: infra/prices.yaml`")
                .note = "nothing says what a resource costs";
        }
        for (const auto& stack : entries_at(root_, {"infra", "stacks"})) {
            for (const auto* key : {"dir", "workspace", "var_files", "backend_config"}) {
                check_text(
                    stack.value.find(key),
                    names_of_environment(),
                    std::string("infra.stacks.") + key
                );
            }
            check_environments(stack.value.find("env"), "infra.stacks.env");
            check_policies(stack.value.find("policies"));
        }
        check_text(
            entry_at(root_, {"infra", "backup", "dir"}), names_of_environment(), "infra.backup.dir"
        );
        check_text(
            entry_at(root_, {"infra", "backup", "encrypt_to"}), {}, "infra.backup.encrypt_to"
        );
        check_keep(entry_at(root_, {"infra", "backup", "keep"}), "infra.backup.keep");
    }

    /// Nobody who writes it means that all but one may go.
    void check_keep(const YamlEntry* keep, const std::string& docs) {
        if (keep != nullptr && keep->value.kind == YamlKind::map && keep->value.entries.empty()) {
            add("C1129",
                "`keep` has no rule",
                keep->place,
                docs,
                "write `keep: {last: 10, days: 30}`, one of the two, or no `keep` for the defaults"
            );
        }
    }

    void check_policies(const YamlEntry* list) {
        if (list == nullptr) {
            return;
        }
        const std::string docs = "infra.stacks.policies";
        check_known_list(list->value, gates_, docs, report_);
        for (const auto& item : list->value.items) {
            const auto gate = configuration_.gates.find(item.text);
            if (gate != configuration_.gates.end() &&
                !std::holds_alternative<PolicyQuestion>(gate->second.question)) {
                add("C1127",
                    "gate `" + item.text + "` is not of type policy",
                    item.place,
                    docs,
                    "name one that is: only a policy can judge the plan of a stack");
            }
        }
    }

    void check_backup() {
        check_text(entry_at(root_, {"backup", "dir"}), names_of_environment(), "backup.dir");
        for (const auto& database : entries_at(root_, {"backup", "databases"})) {
            check_database(database.value);
        }
    }

    void check_maker(const YamlNode& database, const std::string& docs) {
        const YamlEntry* first = nullptr;
        for (const auto* key : {"run", "volume_snapshot", "cron_job"}) {
            const auto* maker = database.find(key);
            if (maker != nullptr && first != nullptr) {
                add("C1126",
                    "`" + first->key + "` and `" + key + "` both say how it is backed up",
                    maker->place,
                    docs + key,
                    "keep one of them, or make two databases of it");
            }
            first = first == nullptr ? maker : first;
        }
        if (first == nullptr) {
            add("C1126",
                "nothing says how the database is backed up",
                database.place,
                docs + "run",
                "write `run: [./ci/dump.sh, \"${artifact}\"]`, `volume_snapshot: {claim: "
                "data-db-0}`, or `cron_job: nightly-dump`");
        } else if (const auto* seal = database.find("encrypt_to"); seal && first->key != "run") {
            add("C1126",
                "`encrypt_to` seals what a program has written, and `" + first->key +
                    "` leaves it in the cluster",
                seal->place,
                docs + "encrypt_to",
                "take it out, and let the storage encrypt");
        }
    }

    void check_database(const YamlNode& database) {
        const std::string docs = "backup.databases.";
        if (database.kind != YamlKind::map) {
            return;  // said already
        }
        check_maker(database, docs);
        check_text(database.find("cron_job"), names_of_environment(), docs + "cron_job");
        if (const auto* snapshot = database.find("volume_snapshot")) {
            check_text(
                snapshot->value.find("claim"),
                names_of_environment(),
                docs + "volume_snapshot.claim"
            );
        }
        for (const auto* key : {"run", "verify", "restore"}) {
            const auto* program = database.find(key);
            check_program(program, docs + key);
            check_text(program, with(names_of_release(), "artifact"), docs + key);
        }
        check_text(database.find("dir"), names_of_environment(), docs + "dir");
        check_text(database.find("suffix"), {}, docs + "suffix");
        check_text(database.find("encrypt_to"), {}, docs + "encrypt_to");
        check_environments(database.find("env"), docs + "env");
        check_keep(database.find("keep"), docs + "keep");
        const auto* suffix = database.find("suffix");
        if (suffix != nullptr && suffix->value.text.find('/') != std::string::npos) {
            add("C1118",
                "`suffix` ends the name of a file, and has a `/`",
                suffix->value.place,
                docs + "suffix",
                "name the folder in `dir`, and write `suffix: .dump`");
        }
    }

    void check_hook(const YamlNode& hook, const std::string& list) {
        if (hook.kind != YamlKind::map) {
            return;  // said already
        }
        const auto docs = "hooks." + list + ".";
        check_one_work(hook, docs);
        check_name_of(hook, docs);
        check_migration(hook, list);
        check_program(hook.find("run"), docs + "run");
        check_arguments(hook.find("run"), list, docs + "run");
        check_text(hook.find("job"), with(names_of_environment(), "version"), docs + "job");
        check_environments(hook.find("only"), docs + "only");
    }

    /// Outputs of stacks are known besides the usual names.
    void check_arguments(const YamlEntry* run, const std::string& list, const std::string& docs) {
        if (run == nullptr) {
            return;
        }
        auto known = names_of_release();
        std::vector<std::string> outputs;
        for (const auto& argument : run->value.items) {
            for (const auto& name : outputs_in({argument.text})) {
                check_output(name, list, argument, docs);
                outputs.push_back(to_text(name));
            }
        }
        known.insert(known.end(), outputs.begin(), outputs.end());
        check_text(run, known, docs);
    }

    void check_output(
        const OutputName& name,
        const std::string& list,
        const YamlNode& argument,
        const std::string& docs
    ) {
        const auto& stacks = configuration_.infra.stacks;
        const auto stack = stacks.find(name.stack);
        if (stack == stacks.end()) {
            const auto near = closest(name.stack, names_of(stacks));
            add("C1128",
                "there is no stack `" + name.stack + "`, whose output would be `" + name.output +
                    "`",
                argument.place,
                docs,
                near ? "write `${infra." + std::string(*near) + "." + name.output + "}`"
                     : "name one of `infra.stacks`, or write it there");
        } else if (stack->second.apply == ApplyWhen::after && list == "pre_deploy") {
            add("C1128",
                "stack `" + name.stack + "` is applied after the hook that wants its output",
                argument.place,
                docs,
                "move the hook to `post_verify`, or write `apply: before_traffic`");
        }
    }

    void check_one_work(const YamlNode& hook, const std::string& docs) {
        const auto* run = hook.find("run");
        const auto* job = hook.find("job");
        if (run == nullptr && job == nullptr) {
            add("C1112",
                "a hook has neither `run` nor `job`",
                hook.place,
                docs + "run",
                "write `run: [./ci/migrate.sh]`, or `job: k8s/jobs/migrate.yaml`");
        } else if (run != nullptr && job != nullptr) {
            add("C1112",
                "`run` and `job` both say what the hook does",
                job->place,
                docs + "job",
                "keep one of them, or make two hooks of it");
        }
    }

    /// Hooks, backups and stacks are tasks of one plan, each by its name.
    void check_name_of(const YamlNode& hook, const std::string& docs) {
        const auto* name = hook.find("name");
        if (name == nullptr || !name->value.is_scalar() || name->value.text.empty()) {
            return;
        }
        const auto& text = name->value.text;
        const auto& place = name->value.place;
        if (!hooks_.emplace(text, place.line).second) {
            const auto first = "the first one is in line " + std::to_string(hooks_.at(text));
            add("C1113",
                "two hooks are called `" + text + "`",
                place,
                docs + "name",
                "give one of them another name")
                .note = first;
        } else if (const auto owner = owner_of(text); !owner.empty()) {
            add("C1113",
                "`" + text + "` is the name of what " + owner + " does",
                place,
                docs + "name",
                "give the hook another name");
        }
    }

    std::string owner_of(std::string_view task) const {
        constexpr std::string_view backup = "backup-";
        if (task.starts_with(backup)) {
            const std::string database(task.substr(backup.size()));
            return configuration_.backup.databases.contains(database)
                       ? "database `" + database + "`"
                       : "";
        }
        for (const std::string_view head : {"apply-", "revert-"}) {
            const std::string stack(task.substr(std::min(head.size(), task.size())));
            if (task.starts_with(head) && configuration_.infra.stacks.contains(stack)) {
                return "stack `" + stack + "`";
            }
        }
        return "";
    }

    void check_migration(const YamlNode& hook, const std::string& list) {
        const auto* migration = hook.find("migration");
        if (migration == nullptr || migration->value.text != "contract" || list == "post_verify") {
            return;
        }
        add("C1114",
            "a migration that contracts can only be in `post_verify`",
            migration->value.place,
            "hooks." + list + ".migration",
            "move the hook to `post_verify`, or write `migration: expand`")
            .note = "the version that serves now could not serve after it";
    }

    /// An empty list would run nothing.
    void check_program(const YamlEntry* argv, const std::string& docs) {
        if (argv != nullptr && argv->value.kind == YamlKind::list && argv->value.items.empty()) {
            add("C1065",
                "`" + argv->key + "` names no program",
                argv->place,
                docs,
                "write `" + argv->key + ": " + std::string(find_key(docs)->example) + "`");
        }
    }

    void check_text(
        const YamlEntry* entry, const PlaceholderNames& known, const std::string& docs
    ) {
        if (entry != nullptr) {
            check_placeholders(entry->value, known, docs, report_);
        }
    }

    void check_environments(const YamlEntry* list, const std::string& docs) {
        if (list != nullptr) {
            check_not_empty(*list, docs, report_);
            check_known_list(list->value, environments_, docs, report_);
        }
    }

    Diagnostic& add(
        const char* code,
        std::string message,
        documents::YamlPlace place,
        std::string docs,
        std::string help
    ) {
        auto& wrong = report_.add(code, std::move(message), place);
        wrong.docs = std::move(docs);
        wrong.help = std::move(help);
        return wrong;
    }

    const Configuration& configuration_;
    const YamlNode& root_;
    Report& report_;
    Known environments_;
    Known gates_;
    std::map<std::string, int, std::less<>> hooks_;  ///< each with the line of its name
};

}  // namespace

void check_release(const Configuration& configuration, const YamlNode& root, Report& report) {
    ReleaseMeaning(configuration, root, report).check();
}

}  // namespace deployctl::config
