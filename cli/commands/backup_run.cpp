// SPDX-License-Identifier: Apache-2.0
// Backups are made, and proven by a restore somewhere else.
#include "cli/backups.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/interruptible.hpp"
#include "cli/locating.hpp"
#include "cli/operating.hpp"
#include "cli/output/backup_json.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/result.hpp"
#include "cli/redacting.hpp"
#include "model/text.hpp"
#include "plugins/backup/making.hpp"
#include "readiness/redaction.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

using plugins::backup::Artefact;
using plugins::backup::Made;
using plugins::backup::Proof;
using plugins::backup::Read;

Operation operation_on(Session& session, const std::string& kind, const Database& database) {
    Operation operation;
    operation.id = session.parts.ids().next();
    operation.kind = kind;
    operation.app = database.scope.app;
    operation.environment = database.scope.environment;
    operation.subject = database.name();
    operation.plan = Value::map({{"folder", database.settings.dir}});
    return begin_operation(session, operation);
}

void say(const Session& session, const std::string& text) {
    if (session.globals.look.progress != ProgressStyle::quiet) {
        session.terminal.err << printable(text) << "\n" << std::flush;
    }
}

bool is_disproved(const Made& made) {
    const auto& verified = made.artefact->verified;
    return verified && verified->result == Proof::failed;
}

Value to_value(const Made& made, const Database& database) {
    auto value = made.artefact ? plugins::backup::to_value(*made.artefact) : Value::map();
    value.set("/database", database.name());
    value.set("/path", made.artefact ? Value(made.path) : Value());
    value.set("/failure", made.failure.empty() ? Value() : Value(made.failure));
    return redacted(value);
}

Made make_one(Session& session, const Database& database) {
    auto& parts = session.parts;
    parts.interrupts();  // from here on a signal ends it in its own way
    const auto operation = operation_on(session, "backup.run", database);
    plugins::backup::BackupOrder order;
    order.id = operation.id;
    order.scope = database.scope;
    order.settings = database.settings;
    order.by = operation.by;
    order.variables = database.variables;
    if (is_made_in_cluster(database.settings)) {
        const auto place = locate(session).cluster;
        order.cluster = &parts.cluster(place);
        order.kube_namespace = place.kube_namespace;
    }
    say(session, database.name() + ": backing up into " + database.settings.dir);
    RedactedProcess process(parts.process());
    plugins::backup::BackupMaker maker(process, parts.clock());
    const auto waited = in_operation(session, operation, [&] {
        return wait_or_call_off(parts, maker.make(order));
    });
    if (!waited.value) {
        const auto why = Value::map({{"failure", words_of(*waited.signal)}});
        end_operation(session, operation, OperationState::failed, why);
        leave_interrupted(*waited.signal, "nothing was kept of " + printable(database.name()));
    }
    const auto& made = *waited.value;
    const bool is_good = made.failure.empty() && !is_disproved(made);
    const auto state = is_good ? OperationState::done : OperationState::failed;
    end_operation(session, operation, state, to_value(made, database));
    return made;
}

std::string text_of(const Style& style, const Database& database, const Made& made) {
    const auto name = printable(database.name());
    if (!made.artefact) {
        return sign(style, Sign::failed) + " " + name + ": " +
               printable(readiness::redacted(made.failure)) + "; nothing was kept\n";
    }
    const auto& artefact = *made.artefact;
    const auto& held = artefact.making.held;
    auto text = name + ": " + printable(made.path) + ", " +
                (held.kind.empty() ? "" : printable(place_of(held)) + ", ") +
                bytes_text(size_of(artefact));
    std::string more;
    for (const auto& warning : artefact.making.warnings) {
        more += sign(style, Sign::attention) + " " + name + ": " + printable(warning) + "\n";
    }
    if (!artefact.verified) {
        return sign(style, Sign::done) + " " + text + ", not verified\n" + more;
    }
    const auto detail = printable(artefact.verified->detail);
    if (is_disproved(made)) {
        return sign(style, Sign::failed) + " " + text + ", but its restore failed: " + detail +
               "\n" + more;
    }
    return sign(style, Sign::done) + " " + text + ", restore check passed" +
           (detail.empty() ? "" : ": " + detail) + "\n" + more;
}

ExitCode run(const std::string& name, Session& session) {
    const auto databases = chosen_databases(session.globals.place, name);
    std::vector<Made> all;
    Result result;
    Value::Array items;
    bool is_good = true;
    for (const auto& database : databases) {
        all.push_back(make_one(session, database));
        const auto& made = all.back();
        items.push_back(to_value(made, database));
        is_good = is_good && made.failure.empty() && !is_disproved(made);
        if (made.artefact) {
            result.names.push_back(made.artefact->id);
        }
    }
    result.value = Value::map({{"items", items}});
    result.text = [&](const Style& style) {
        std::string text;
        for (std::size_t at = 0; at < all.size(); ++at) {
            text += text_of(style, databases[at], all[at]);
        }
        return text;
    };
    print(session, result);
    return is_good ? ExitCode::done : ExitCode::blocked;
}

struct VerifyOptions {
    std::string database;
    std::string backup;
    std::string key;
};

plugins::backup::Verification verification_of(
    const Read& read, WallTime now, const std::string& by
) {
    const bool is_good = read.kind == Read::Kind::done;
    return {now, by, is_good ? Proof::passed : Proof::failed, read.detail};
}

ExitCode print_verified(
    const Session& session,
    const Database& database,
    const Artefact& artefact,
    const std::string& failure
) {
    const auto& verified = artefact.verified.value();
    const bool is_good = verified.result == Proof::passed;
    Result result;
    result.value = plugins::backup::to_value(artefact);
    result.value.set("/failure", failure.empty() ? Value() : Value(failure));
    result.value.set("/unreadable", unreadable_value(database));
    result.names = {artefact.id};
    result.text = [&](const Style& style) {
        auto text = sign(style, is_good ? Sign::done : Sign::failed) + " " +
                    printable(artefact.file) +
                    (is_good ? ": restored somewhere else" : ": its restore failed") +
                    (verified.detail.empty() ? "" : ": " + printable(verified.detail)) + "\n";
        if (!failure.empty()) {
            text += sign(style, Sign::attention) +
                    " not written into its manifest: " + printable(failure) + "\n";
        }
        return text;
    };
    print(session, result);
    return is_good && failure.empty() ? ExitCode::done : ExitCode::blocked;
}

ExitCode verify(const VerifyOptions& options, Session& session) {
    auto& parts = session.parts;
    const auto database = chosen_database(session.globals.place, options.database);
    const auto& settings = database.settings;
    if (settings.verify.empty()) {
        throw Error(
            ExitCode::usage,
            "no program is configured that restores " + database.name() + " somewhere else",
            "deployctl config explain backup.databases.verify"
        );
    }
    warn_of_unreadable(session, database);
    auto artefact = chosen_backup(database, options.backup);
    const auto key = read_key(options.key);
    plugins::backup::need_key(artefact, settings.dir, key);
    parts.interrupts();  // from here on a signal ends it in its own way
    const auto operation = operation_on(session, "backup.verify", database);
    say(session, artefact.file + ": restoring it somewhere else");
    RedactedProcess process(parts.process());
    plugins::backup::Verifier verifier(process, parts.clock());
    const plugins::backup::Reading reading{
        settings.dir, settings.verify, settings.timeout, key, database.scope, database.variables
    };
    const auto waited = in_operation(session, operation, [&] {
        return wait_or_call_off(parts, verifier.read(artefact, reading));
    });
    if (!waited.value) {
        const auto why = Value::map({{"failure", words_of(*waited.signal)}});
        end_operation(session, operation, OperationState::failed, why);
        leave_interrupted(*waited.signal, "nothing is proven of " + printable(artefact.file));
    }
    const auto& read = *waited.value;
    artefact.verified = verification_of(read, parts.clock().now(), operation.by);
    const auto failure = database.folder().keep(artefact);
    const bool is_good = read.kind == Read::Kind::done;
    const auto state = is_good ? OperationState::done : OperationState::failed;
    end_operation(session, operation, state, plugins::backup::to_value(artefact));
    return print_verified(session, database, artefact, failure);
}

}  // namespace

Run backup_run(Form& form) {
    const auto name = std::make_shared<std::string>();  // shared with the form's reader
    form.add_optional_argument("DB", "the database (default: all of the environment)", into(*name));
    form.describe(
        "Runs the program of the database, which writes into ${artifact}. What it wrote has to be "
        "there, large enough, and at rest; it is restored somewhere else where `verify` is "
        "configured, sealed where `encrypt_to` is, and only then gets its name and a manifest. A "
        "backup that fails leaves nothing that is called one: exit 4; so does one that Ctrl-C or "
        "SIGTERM "
        "ends: exit 130 or 143."
    );
    form.add_example("deployctl backup run main -e production", "make one now");
    form.add_example("deployctl backup run -e production", "one of each database, for cron");
    return [name](Session& session) { return run(*name, session); };
}

Run backup_verify(Form& form) {
    const auto options = std::make_shared<VerifyOptions>();  // shared with the form's readers
    form.add_optional_argument(
        "DB", "the database (default: the only one)", into(options->database)
    );
    form.add_option(
        "--backup", "ID", "which backup (default: the newest good one)", into(options->backup)
    );
    form.add_option("--key", "FILE", "the private key, for a sealed backup", into(options->key));
    form.describe(
        "Compares the checksum, runs the program that restores the backup somewhere else and asks "
        "it, and writes what came of it into the manifest. Exit 4 where it failed."
    );
    form.add_example("deployctl backup verify main -e production", "prove the newest one");
    form.add_example(
        "deployctl backup verify main -e production --backup 019ad5f0 --key key.pem",
        "an older one, which is sealed"
    );
    return [options](Session& session) { return verify(*options, session); };
}

}  // namespace deployctl::cli::commands
