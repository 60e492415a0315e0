// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/making.hpp"

#include "documents/json.hpp"
#include "documents/sealing.hpp"
#include "model/text.hpp"
#include "plugins/backup/cluster_backup.hpp"
#include "plugins/backup/large_file.hpp"
#include "plugins/backup/verifying.hpp"
#include "ports/left_behind.hpp"

#include <fstream>

namespace deployctl::plugins::backup {

namespace {

/// A program that has ended may have left one behind, in a session of its own, that still writes.
constexpr Duration settling = seconds(1);
constexpr std::string_view record_suffix = ".json";

Made failed(std::string why) {
    return {std::move(why), std::nullopt, ""};
}

std::string trouble_with_names(const BackupOrder& order) {
    const auto& scope = order.scope;
    for (const auto& name : {scope.app, scope.database}) {
        if (!is_plain_name(name)) {
            return "`" + name + "` cannot be part of a file's name: letters, digits, . _ - can";
        }
    }
    const auto& suffix = order.settings.suffix;
    const bool is_plain = is_plain_name("x" + suffix) && !suffix.ends_with(partial_suffix);
    return is_plain ? "" : "`" + suffix + "` cannot be the end of a file's name";
}

/// "./ci/dump.sh", "CronJob/nightly-dump": what is to blame for a file.
std::string maker_of(const DatabaseSettings& settings) {
    if (settings.volume_snapshot) {
        return "VolumeSnapshot of " + settings.volume_snapshot->claim;
    }
    return settings.cron_job.empty() ? settings.run.front() : "CronJob/" + settings.cron_job;
}

std::vector<std::string> command_of(const DatabaseSettings& settings) {
    return is_made_in_cluster(settings) ? std::vector{maker_of(settings)}
                                        : without_secrets(settings.run);
}

std::string trouble_with_maker(const BackupOrder& order) {
    const auto& settings = order.settings;
    if (settings.run.empty() && !is_made_in_cluster(settings)) {
        return "nothing is configured that makes it: backup.databases.NAME.run";
    }
    return is_made_in_cluster(settings) && order.cluster == nullptr
               ? maker_of(settings) + " needs a cluster, and there is none here"
               : "";
}

/// The text of the certificate; `failure` says why it cannot be used.
std::string read_certificate(const std::string& path, WallTime now, std::string& failure) {
    constexpr std::size_t most_bytes = 1UL << 20U;
    if (path.empty()) {
        return "";
    }
    auto text = read_small_file(path, most_bytes, failure);
    if (failure.empty()) {
        const auto trouble = documents::trouble_with_certificate(text, now);
        failure = trouble.empty() ? "" : "the certificate " + path + " cannot be used: " + trouble;
    }
    return text;
}

/// A database rarely loses half of itself from one backup to the next.
std::vector<std::string> doubts_about_size(const std::vector<Listed>& earlier, std::int64_t bytes) {
    const auto* last = newest_good(earlier);
    if (last == nullptr || bytes * 2 >= last->artefact.making.bytes) {
        return {};
    }
    return {
        "less than half of the last one: " + count_of(bytes, "byte") + " after " +
        count_of(last->artefact.making.bytes, "byte") + " (" + last->artefact.file + ")"
    };
}

void tell(const BackupOrder& order, Value fact) {
    if (order.tell) {
        order.tell(std::move(fact));
    }
}

}  // namespace

Task<Made> BackupMaker::make(BackupOrder order) {
    if (auto trouble = trouble_with_names(order); !trouble.empty()) {
        co_return failed(trouble);
    }
    if (auto trouble = trouble_with_maker(order); !trouble.empty()) {
        co_return failed(trouble);
    }
    const ArtefactFolder folder(order.settings.dir);
    if (auto failure = folder.make(); !failure.empty()) {
        co_return failed(failure);
    }
    const auto lock = folder.lock(order.scope);
    if (!lock.is_open()) {
        co_return failed(
            "another backup of " + order.scope.database + " is being made in " + order.settings.dir
        );
    }
    if (auto trouble = folder.trouble(); !trouble.empty()) {
        co_return failed(trouble);  // it would not be found again
    }
    folder.sweep(order.scope);
    const auto* const wanted = &order;
    const auto* const where = &folder;
    auto made = co_await fill(wanted, where);
    if (!made.failure.empty()) {
        made.failure += words_of_full_disk(order.settings.dir);
    }
    co_return made;
}

Task<Made> BackupMaker::fill(const BackupOrder* order, const ArtefactFolder* folder) {
    const auto& settings = order->settings;
    Artefact artefact;
    artefact.id = order->id;
    artefact.scope = order->scope;
    artefact.making.started = clock_.now();
    const auto suffix = is_made_in_cluster(settings) ? std::string(record_suffix) : settings.suffix;
    artefact.file = file_name(order->scope, artefact.making.started, order->id, suffix);
    std::string failure;
    const auto certificate =
        read_certificate(settings.encrypt_to, artefact.making.started, failure);
    if (!failure.empty()) {
        co_return failed(failure);
    }
    const PassingFile partial(folder->path_of(artefact.file) + std::string(partial_suffix));
    auto* const described = &artefact;
    if (failure = make_file(partial.path()); failure.empty()) {
        failure = co_await dump(order, partial.path(), described);
    }
    if (failure.empty()) {
        failure = co_await measure(order, partial.path(), described);
    }
    if (!failure.empty()) {
        co_return failed(failure);
    }
    co_await prove(order, partial.path(), described);
    const auto proven = co_await digest_of(partial.path());
    if (proven.sha256 != artefact.making.sha256) {
        co_return failed("what verified it has changed it: it is no backup any more");
    }
    if (!certificate.empty()) {
        failure = co_await seal(certificate, partial.path(), described);
    }
    const auto earlier = of_scope(folder->list(), order->scope);
    artefact.making.warnings = doubts_about_size(earlier, artefact.making.bytes);
    artefact.making.command = command_of(settings);
    artefact.making.ended = clock_.now();
    if (failure.empty()) {
        failure = folder->publish(artefact, partial.path());
    }
    if (!failure.empty()) {
        co_return failed(failure);
    }
    co_return Made{"", artefact, folder->path_of(artefact.file)};
}

Task<std::string> BackupMaker::dump(
    const BackupOrder* order, std::string path, Artefact* artefact
) {
    if (is_made_in_cluster(order->settings)) {
        auto failure = co_await take(order, path, artefact);
        co_return failure;
    }
    const Subject subject{order->id, order->scope, path, order->variables};
    const auto command = command_of(order->settings.run, subject, order->settings.timeout);
    const auto result = co_await process_.run(command);
    auto trouble = trouble_with(command, result);
    if (trouble.empty() && has_left_behind(result)) {
        trouble = command.argv.front() + ": " + std::string(left_behind) +
                  ", so the dump may not be whole";
    }
    co_return trouble;
}

/// Its record, which says what it is and where.
Task<std::string> BackupMaker::take(
    const BackupOrder* order, std::string path, Artefact* artefact
) {
    ClusterOrder wanted{order->id, order->scope, order->kube_namespace, order->settings};
    ClusterBackup cluster(*order->cluster, clock_);
    const auto taken = co_await cluster.take(wanted);
    if (!taken.failure.empty()) {
        co_return taken.failure;
    }
    std::ofstream record(path, std::ios::trunc);
    record << documents::write_json(taken.object) << "\n";
    record.close();
    if (!record) {
        co_return "the record of " + place_of(taken.held) + " cannot be written to " + path;
    }
    artefact->making.held = taken.held;
    tell(*order, Value::map({{"held", place_of(taken.held)}, {"bytes", taken.held.bytes}}));
    co_return "";
}

/// What the program says does not count, but what it wrote.
Task<std::string> BackupMaker::measure(
    const BackupOrder* order, std::string path, Artefact* artefact
) {
    const auto written = look_at(path);
    const auto program = maker_of(order->settings);
    if (written.kind != FileFacts::Kind::ordinary) {
        co_return program + " ended well, but there is no ordinary file where ${artifact} was";
    }
    if (written.bytes == 0) {
        co_return program + " ended well, but wrote nothing to ${artifact}";
    }
    if (!is_made_in_cluster(order->settings) && written.bytes < order->settings.min_bytes) {
        co_return program + " ended well, but wrote " + count_of(written.bytes, "byte") +
            "; less than " + std::to_string(order->settings.min_bytes) +
            " is no backup (min_bytes)";
    }
    if (auto failure = make_private(path); !failure.empty()) {
        co_return failure;
    }
    co_await clock_.sleep(settling);
    const auto digest = co_await digest_of(path);
    if (!digest.failure.empty()) {
        co_return digest.failure;
    }
    if (look_at(path) != written || digest.bytes != written.bytes) {
        co_return "the file goes on changing after " + program + " has ended";
    }
    artefact->making.bytes = digest.bytes;
    artefact->making.sha256 = digest.sha256;
    const auto bytes = artefact->making.bytes;
    tell(*order, Value::map({{"written", bytes}, {"sha256", artefact->making.sha256}}));
    co_return "";
}

Task<> BackupMaker::prove(const BackupOrder* order, std::string path, Artefact* artefact) {
    if (order->settings.verify.empty()) {
        co_return;
    }
    const Subject subject{order->id, order->scope, path, order->variables};
    Verifier verifier(process_, clock_);
    const auto argv = order->settings.verify;
    artefact->verified =
        co_await verifier.restore_elsewhere(argv, subject, order->settings.timeout);
    artefact->verified->by = order->by;
    tell(*order, Value::map({{"verified", artefact->verified->detail}}));
}

Task<std::string> BackupMaker::seal(std::string certificate, std::string path, Artefact* artefact) {
    const PassingFile sealed(path + ".sealed" + std::string(partial_suffix));
    const auto now = artefact->making.started;
    auto failure = co_await seal_file(path, sealed.path(), certificate, now);
    if (!failure.empty()) {
        co_return failure;
    }
    const auto digest = co_await digest_of(sealed.path());
    if (!digest.failure.empty()) {
        co_return digest.failure;
    }
    if (failure = put_in_place(sealed.path(), path); !failure.empty()) {
        co_return failure;
    }
    artefact->making.bytes = digest.bytes;
    artefact->making.sha256 = digest.sha256;
    artefact->making.seal = Seal::sealed;
    co_return "";
}

}  // namespace deployctl::plugins::backup
