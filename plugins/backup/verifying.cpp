// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/verifying.hpp"

#include "documents/sealed_stream.hpp"
#include "model/error.hpp"
#include "model/text.hpp"
#include "plugins/backup/artefact_folder.hpp"
#include "ports/printed.hpp"

#include <unistd.h>

namespace deployctl::plugins::backup {

namespace {

std::string trouble_with(const Artefact& artefact, const Digest& digest) {
    const auto& made = artefact.making;
    if (!digest.failure.empty()) {
        return digest.failure;
    }
    if (digest.bytes != made.bytes) {
        return artefact.file + " has " + count_of(digest.bytes, "byte") + ", and had " +
               std::to_string(made.bytes) + " when it was made";
    }
    return digest.sha256 == made.sha256
               ? ""
               : artefact.file + " is not what was made: its checksum is another";
}

}  // namespace

void need_key(const Artefact& artefact, const std::string& folder, const std::string& key) {
    if (artefact.making.seal == Seal::none) {
        return;
    }
    if (key.empty()) {
        throw Error(
            ExitCode::usage,
            artefact.file + " is sealed, and no key was given",
            "--key FILE, with the private key of the certificate that it was sealed with"
        );
    }
    documents::StreamOpener opener(key);
    opener.take(begin_of(folder + "/" + artefact.file));
}

Task<std::string> damage_of(Artefact artefact, std::string folder) {
    const auto digest = co_await digest_of(folder + "/" + artefact.file);
    co_return trouble_with(artefact, digest);
}

Task<Read> Verifier::run(std::vector<std::string> argv, Subject subject, Duration timeout) {
    const auto command = command_of(argv, subject, timeout);
    const auto result = co_await process_.run(command);
    const auto trouble = backup::trouble_with(command, result);
    const auto said = std::string(last_line(result.output));
    const bool has_ended = result.end == CommandResult::End::exited;
    co_return Read{
        trouble.empty() ? Read::Kind::done : Read::Kind::failed,
        trouble.empty() ? one_line(said) : trouble,
        has_ended ? result.exit_code : -1,
    };
}

Task<Verification> Verifier::restore_elsewhere(
    std::vector<std::string> argv, Subject subject, Duration timeout
) {
    const auto read = co_await run(argv, subject, timeout);
    const bool is_good = read.kind == Read::Kind::done;
    co_return Verification{clock_.now(), "", is_good ? Proof::passed : Proof::failed, read.detail};
}

Task<Read> Verifier::read(Artefact artefact, Reading reading) {
    const auto path = reading.folder + "/" + artefact.file;
    const auto damage = co_await damage_of(artefact, reading.folder);
    if (!damage.empty()) {
        co_return Read{Read::Kind::damaged, damage, -1};
    }
    Subject subject{artefact.id, reading.scope, path, reading.variables};
    if (artefact.making.seal == Seal::none) {
        auto read = co_await run(reading.argv, subject, reading.timeout);
        co_return read;
    }
    need_key(artefact, reading.folder, reading.key);
    const auto readers = ArtefactFolder(reading.folder).lock_to_read(artefact.scope);
    const auto mark = std::string(opened_mark) + std::to_string(getpid());
    const PassingFile opened(path + mark + std::string(partial_suffix));
    const auto failure = co_await open_file(path, opened.path(), reading.key);
    if (!failure.empty()) {
        co_return Read{Read::Kind::failed, failure, -1};
    }
    subject.path = opened.path();
    auto read = co_await run(reading.argv, subject, reading.timeout);
    co_return read;
}

}  // namespace deployctl::plugins::backup
