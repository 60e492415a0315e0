// SPDX-License-Identifier: Apache-2.0
// A database is restored from a backup: told step by step, done where that is confirmed by name.
#include "cli/backups.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/interruptible.hpp"
#include "cli/operating.hpp"
#include "cli/output/result.hpp"
#include "model/text.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

using plugins::backup::Artefact;
using plugins::backup::Proof;
using plugins::backup::Read;
using plugins::backup::Seal;

struct Options {
    std::string database;
    std::string backup;
    std::string from;
    std::string key;
    std::string confirm;
};

/// What a restore would do, and did.
struct Restore {
    Database database;
    Database source;  ///< whose backup it is; the same, or that of another environment
    Artefact artefact;
    std::vector<std::string> steps;
};

std::string proof_of(const Artefact& artefact) {
    const auto& verified = artefact.verified;
    if (!verified) {
        return "no restore of it was tried yet";
    }
    return (verified->result == Proof::passed ? "its restore check passed "
                                              : "its restore check FAILED ") +
           to_minute_text(verified->at) + " UTC";
}

std::vector<std::string> steps_of(
    const Database& database, const Database& source, const Artefact& artefact
) {
    const auto path = source.folder().path_of(artefact.file);
    std::vector<std::string> steps{
        "check that " + path + " is what was made " + to_minute_text(artefact.making.started) +
        " UTC: " + bytes_text(artefact.making.bytes) + ", sha256 " +
        artefact.making.sha256.substr(0, 12) + "; " + proof_of(artefact)
    };
    if (artefact.making.seal == Seal::sealed) {
        steps.emplace_back("open it with --key into a file that goes afterwards");
    }
    auto argv = plugins::backup::without_secrets(database.settings.restore);
    for (auto& argument : argv) {
        if (argument == "${artifact}") {
            argument = artefact.making.seal == Seal::sealed ? "OPENED" : path;
        }
    }
    steps.push_back(
        "run " + join(argv, " ") + ", at most " + deployctl::to_text(database.settings.timeout) +
        "; whether the database is empty is for it to see: exit code 4 is its refusal"
    );
    return steps;
}

Restore prepare(const Options& options, const Session& session) {
    auto place = session.globals.place;
    auto database = chosen_database(place, options.database);
    if (database.settings.restore.empty()) {
        throw Error(
            ExitCode::usage,
            "no program is configured that restores " + database.name(),
            "deployctl config explain backup.databases.restore"
        );
    }
    if (!options.confirm.empty() && options.confirm != database.name()) {
        throw Error(
            ExitCode::usage,
            "--confirm=" + options.confirm + " is not the name of the database",
            "--confirm=" + database.name()
        );
    }
    place.environment = options.from.empty() ? place.environment : options.from;
    auto source = chosen_database(place, options.database);
    auto artefact = chosen_backup(source, options.backup);
    auto steps = steps_of(database, source, artefact);
    return {std::move(database), std::move(source), std::move(artefact), std::move(steps)};
}

Value to_value(const Restore& restore) {
    return Value::map({
        {"database", restore.database.name()},
        {"environment", restore.database.scope.environment},
        {"backup", plugins::backup::to_value(restore.artefact)},
        {"steps", lines_value(restore.steps)},
    });
}

std::string steps_text(const Restore& restore) {
    std::string text = "Restore " + printable(restore.database.name()) + " of " +
                       printable(restore.database.scope.app) + " in " +
                       printable(restore.database.scope.environment) + "\n";
    for (std::size_t at = 0; at < restore.steps.size(); ++at) {
        text += "  " + std::to_string(at + 1) + ". " + printable(restore.steps[at]) + "\n";
    }
    return text;
}

ExitCode tell(const Restore& restore, const Session& session) {
    Result result;
    result.value = to_value(restore);
    result.value.set("/done", false);
    result.names = {restore.artefact.id};
    result.text = [&](const Style&) {
        return steps_text(restore) + "Nothing was done. Next: the same with --confirm=" +
               printable(restore.database.name()) + "\n";
    };
    print(session, result);
    return ExitCode::done;
}

/// A program that refuses says so by the code that all refusals here have; whatever else fails may
/// have changed something.
ExitCode exit_of(const Read& read) {
    switch (read.kind) {
        case Read::Kind::done: return ExitCode::done;
        case Read::Kind::damaged: return ExitCode::blocked;
        case Read::Kind::failed: break;
    }
    const bool has_refused = read.exit_code == static_cast<int>(ExitCode::blocked);
    return has_refused ? ExitCode::blocked : ExitCode::not_rolled_back;
}

std::string end_text(const Style& style, const Restore& restore, const Read& read) {
    const auto name = printable(restore.database.name());
    const auto detail = read.detail.empty() ? "" : ": " + printable(read.detail);
    switch (exit_of(read)) {
        case ExitCode::done:
            return sign(style, Sign::done) + " " + name + " is restored" + detail + "\n";
        case ExitCode::blocked:
            return sign(style, Sign::failed) + " nothing was restored" + detail + "\n";
        default: break;
    }
    return sign(style, Sign::failed) + " the restore of " + name + " failed" + detail +
           "; the database may be half restored: look at it before anything uses it\n";
}

ExitCode carry_out(const Restore& restore, const std::string& key, Session& session) {
    auto& parts = session.parts;
    const auto& settings = restore.database.settings;
    const auto& folder = restore.source.settings.dir;
    plugins::backup::need_key(restore.artefact, folder, key);
    Operation wanted;
    wanted.id = parts.ids().next();
    wanted.kind = "backup.restore";
    wanted.app = restore.database.scope.app;
    wanted.environment = restore.database.scope.environment;
    wanted.subject = restore.database.name();
    wanted.plan = to_value(restore);
    parts.interrupts();  // from here on a signal ends it in its own way
    const auto operation = begin_operation(session, wanted);
    session.terminal.err << steps_text(restore) << std::flush;
    const plugins::backup::Reading reading{
        folder,
        settings.restore,
        settings.timeout,
        key,
        restore.database.scope,
        restore.database.variables,
    };
    plugins::backup::Verifier verifier(parts.process(), parts.clock());
    const auto waited = in_operation(session, operation, [&] {
        return wait_or_call_off(parts, verifier.read(restore.artefact, reading));
    });
    const auto read = waited.value.value_or(
        Read{Read::Kind::failed, waited.signal ? words_of(*waited.signal) : "", -1}
    );
    const auto exit = exit_of(read);
    const auto state = exit == ExitCode::done      ? OperationState::done
                       : exit == ExitCode::blocked ? OperationState::failed
                                                   : OperationState::needs_human;
    end_operation(session, operation, state, Value::map({{"detail", read.detail}}));
    Result result;
    result.value = to_value(restore);
    result.value.set("/done", exit == ExitCode::done);
    result.value.set("/detail", read.detail);
    result.names = {restore.artefact.id};
    result.text = [&](const Style& style) { return end_text(style, restore, read); };
    print(session, result);
    return exit;
}

ExitCode run(const Options& options, Session& session) {
    const auto restore = prepare(options, session);
    return options.confirm.empty() ? tell(restore, session)
                                   : carry_out(restore, read_key(options.key), session);
}

}  // namespace

Run backup_restore(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_argument("DB", "the database", into(options->database));
    form.add_option(
        "--backup", "ID", "which backup (default: the newest good one)", into(options->backup)
    );
    form.add_option(
        "--from",
        "ENV",
        "the environment whose backup it is (default: the same)",
        into(options->from)
    );
    form.add_option("--key", "FILE", "the private key, for a sealed backup", into(options->key));
    form.add_option(
        "--confirm", "DB", "do it: the name of the database once more", into(options->confirm)
    );
    form.describe(
        "Prints the steps; with --confirm it takes them: the checksum is compared, and the "
        "program of the database restores it. Only that program knows whether the database is "
        "empty, and has to refuse one that is not: exit code 4, before it changes anything, and "
        "this ends with 4 as well. "
        "Any other failure, Ctrl-C as well, ends with 7: the database may be half restored. -y "
        "confirms nothing "
        "here."
    );
    form.add_example("deployctl backup restore main -e production", "what would be done");
    form.add_example(
        "deployctl backup restore main -e dr --from production --confirm main",
        "what was backed up in production, into the database of dr"
    );
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
