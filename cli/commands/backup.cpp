// SPDX-License-Identifier: Apache-2.0
// What backups there are, and which of them may go.
#include "cli/backups.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/locating.hpp"
#include "cli/operating.hpp"
#include "cli/output/backup_json.hpp"
#include "cli/output/result.hpp"
#include "model/text.hpp"
#include "plugins/backup/cluster_backup.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

using plugins::backup::Fate;
using plugins::backup::Judged;
using plugins::backup::Listed;
using plugins::backup::Presence;
using plugins::backup::Proof;

using Rows = std::vector<std::vector<std::string>>;

std::string proof_text(const Listed& one) {
    if (one.presence == Presence::missing) {
        return "its file is gone";
    }
    if (one.presence == Presence::changed) {
        return "its file has been changed";
    }
    const auto& verified = one.artefact.verified;
    if (!verified) {
        return "not verified";
    }
    const auto day = to_minute_text(verified->at);
    return verified->result == Proof::passed
               ? "restored " + day + (verified->detail.empty() ? "" : ": " + verified->detail)
               : "restore FAILED " + day + ": " + verified->detail;
}

void add_rows(Rows& rows, const Database& database, const std::vector<Listed>& all, WallTime now) {
    const auto ids = short_ids(all);
    for (std::size_t at = 0; at < all.size(); ++at) {
        const auto& made = all[at].artefact.making;
        const bool is_sealed = made.seal == plugins::backup::Seal::sealed;
        rows.push_back({
            ids[at],
            database.name(),
            to_minute_text(made.started),
            to_short_text(std::max(now - made.started, Duration::zero())),
            bytes_text(size_of(all[at].artefact)),
            is_sealed ? "sealed" : "plain",
            printable(proof_text(all[at])),
        });
    }
}

std::string summary_of(const Style& style, const Database& database, const Freshness& freshness) {
    const bool is_bad = freshness.is_stale() || !freshness.age;
    return sign(style, is_bad ? Sign::attention : Sign::done) + " " + printable(database.name()) +
           ": " + to_text(freshness) + ", in " + printable(database.settings.dir) + "\n";
}

/// All databases' manifests that tell nothing.
Value unreadable_of(const std::vector<Database>& databases) {
    Value::Array items;
    for (const auto& database : databases) {
        for (const auto& one : unreadable_value(database).items("")) {
            items.push_back(one);
        }
    }
    return Value(std::move(items));
}

std::string unreadable_text(
    const Style& style, const std::vector<Database>& databases, const std::string& what_follows
) {
    std::string text;
    for (const auto& database : databases) {
        for (const auto& one : database.unreadable()) {
            text += sign(style, Sign::attention) + " " + printable(database.name()) + ": " +
                    printable(to_text(one)) + what_follows + "\n";
        }
    }
    return text;
}

std::string warnings_of(const Style& style, const std::vector<Listed>& all) {
    std::string text;
    for (const auto& one : all) {
        for (const auto& warning : one.artefact.making.warnings) {
            text += sign(style, Sign::attention) + " " + printable(one.artefact.file) + ": " +
                    printable(warning) + "\n";
        }
    }
    return text;
}

ExitCode list(const std::string& name, Session& session) {
    const auto databases = chosen_databases(session.globals.place, name);
    const auto now = session.parts.clock().now();
    Result result;
    Value::Array items;
    Value::Array summaries;
    Rows rows{{"ID", "DATABASE", "MADE", "AGE", "SIZE", "SEAL", "RESTORE CHECK"}};
    for (const auto& database : databases) {
        const auto all = database.backups();
        const auto ids = short_ids(all);
        for (std::size_t at = 0; at < all.size(); ++at) {
            items.push_back(to_value(all[at], database, ids[at], now));
            result.names.push_back(all[at].artefact.id);
        }
        add_rows(rows, database, all, now);
        summaries.push_back(to_value(freshness_of(database, now), database));
    }
    result.value = Value::map(
        {{"items", items}, {"databases", summaries}, {"unreadable", unreadable_of(databases)}}
    );
    result.text = [&](const Style& style) {
        auto text = rows.size() > 1 ? table(style, rows, Folding::none) : "";
        for (const auto& database : databases) {
            text += summary_of(style, database, freshness_of(database, now)) +
                    warnings_of(style, database.backups());
        }
        return text + unreadable_text(style, databases, "");
    };
    print(session, result);
    return ExitCode::done;
}

/// What a backup is the record of goes first: without the record nobody would know of it.
std::string remove_held(Session& session, const plugins::backup::Held& held) {
    if (held.kind.empty()) {
        return "";
    }
    auto& parts = session.parts;
    auto place = locate(session).cluster;
    place.kube_namespace = held.kube_namespace;
    plugins::backup::ClusterBackup cluster(parts.cluster(place), parts.clock());
    return wait_for(parts, cluster.remove(held));
}

/// Empty: all that may go is gone.
std::string remove_all(
    Session& session, const Database& database, const std::vector<Judged>& judged
) {
    Operation wanted;
    wanted.id = session.parts.ids().next();
    wanted.kind = "backup.prune";
    wanted.app = database.scope.app;
    wanted.environment = database.scope.environment;
    wanted.subject = database.name();
    const auto operation = begin_operation(session, wanted);
    std::string failure;
    Value::Array removed;
    for (const auto& one : judged) {
        if (one.fate == Fate::stays || !failure.empty()) {
            continue;
        }
        failure = remove_held(session, one.listed.artefact.making.held);
        if (failure.empty()) {
            failure = database.folder().remove(one.listed.artefact);
        }
        if (failure.empty()) {
            removed.emplace_back(one.listed.artefact.file);
        }
    }
    const auto state = failure.empty() ? OperationState::done : OperationState::failed;
    end_operation(
        session, operation, state, Value::map({{"removed", removed}, {"failure", failure}})
    );
    return failure;
}

bool is_any_to_go(const std::vector<Judged>& judged) {
    return std::ranges::count(judged, Fate::goes, &Judged::fate) > 0;
}

struct PruneOptions {
    std::string database;
    bool dry_run = false;
};

ExitCode prune(const PruneOptions& options, Session& session) {
    const auto databases = chosen_databases(session.globals.place, options.database);
    const auto now = session.parts.clock().now();
    Result result;
    Value::Array items;
    Rows rows{{"", "DATABASE", "FILE", "SIZE", "WHY"}};
    std::vector<std::string> failures;
    for (const auto& database : databases) {
        const auto judged = plugins::backup::judge(database.backups(), database.settings.keep, now);
        for (const auto& one : judged) {
            const auto& artefact = one.listed.artefact;
            const bool goes = one.fate == Fate::goes;
            items.push_back(to_value(one, database));
            rows.push_back({
                goes ? (options.dry_run ? "would go" : "goes") : "stays",
                database.name(),
                printable(artefact.file),
                bytes_text(size_of(artefact)),
                one.why,
            });
            if (goes) {
                result.names.push_back(artefact.id);
            }
        }
        if (!options.dry_run && is_any_to_go(judged)) {
            const auto failure = remove_all(session, database, judged);
            if (!failure.empty()) {
                failures.push_back(failure);
            }
        }
    }
    result.value = Value::map({
        {"dry_run", options.dry_run},
        {"items", items},
        {"failures", lines_value(failures)},
        {"unreadable", unreadable_of(databases)},
    });
    result.text = [&](const Style& style) {
        auto text = rows.size() > 1 ? table(style, rows, Folding::none)
                                    : std::string("there are no backups\n");
        text += unreadable_text(style, databases, ", and stays where it is");
        for (const auto& failure : failures) {
            text += sign(style, Sign::failed) + " " + printable(failure) + "\n";
        }
        return text;
    };
    print(session, result);
    return failures.empty() ? ExitCode::done : ExitCode::blocked;
}

}  // namespace

Run backup_list(Form& form) {
    const auto name = std::make_shared<std::string>();  // shared with the form's reader
    form.add_optional_argument("DB", "the database (default: all of the environment)", into(*name));
    form.describe(
        "What the manifests in the folder say, each with what its file looks like now, and how old "
        "the newest good backup of each database is."
    );
    form.add_example("deployctl backup list -e production", "how old, how large, proven when");
    return [name](Session& session) { return list(*name, session); };
}

Run backup_prune(Form& form) {
    const auto options = std::make_shared<PruneOptions>();  // shared with the form's readers
    form.add_optional_argument(
        "DB", "the database (default: all of the environment)", into(options->database)
    );
    form.add_flag("--dry-run", options->dry_run, "say what would go, and why; nothing goes");
    form.describe(
        "Removes what `keep` of the database does not keep: one that is among the last ones, or "
        "young enough, stays, and so does the newest good one, always. A manifest whose file is "
        "gone goes. What has no manifest of this app, environment and database that can be read is "
        "never touched."
    );
    form.add_example("deployctl backup prune main -e production --dry-run", "what would go");
    return [options](Session& session) { return prune(*options, session); };
}

}  // namespace deployctl::cli::commands
