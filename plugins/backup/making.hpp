// SPDX-License-Identifier: Apache-2.0
// Makes a backup: a program writes it, or the cluster makes it and its record is written; that is
// measured, proven by a restore where one is configured, sealed where a certificate is, and only
// then has a name. Whatever fails, and whatever calls it off, leaves nothing that is called a
// backup. Engine's thread.
#pragma once

#include "model/backup.hpp"
#include "plugins/backup/artefact_folder.hpp"
#include "plugins/backup/programs.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"
#include "ports/process.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace deployctl::plugins::backup {

struct BackupOrder {
    std::string id;  ///< UUIDv7
    Scope scope;
    DatabaseSettings settings;  ///< placeholders but those of the artefact filled in
    std::string by;
    std::map<std::string, std::string> variables = {};  ///< more for its programs
    /// Facts as they come. May be empty.
    std::function<void(Value fact)> tell = {};
    Cluster* cluster = nullptr;       ///< null where nothing is made there
    std::string kube_namespace = {};  ///< of what is made there
};

/// A backup that is there, or why there is none.
struct Made {
    std::string failure;  ///< empty: there is one
    std::optional<Artefact> artefact;
    std::string path;
};

class BackupMaker {
public:
    BackupMaker(Process& process, Clock& clock) : process_(process), clock_(clock) {}

    /// A restore that fails is no failure of this: the artefact says so.
    Task<Made> make(BackupOrder order);

private:
    Task<std::string> dump(const BackupOrder* order, std::string path, Artefact* artefact);
    Task<std::string> take(const BackupOrder* order, std::string path, Artefact* artefact);
    Task<std::string> measure(const BackupOrder* order, std::string path, Artefact* artefact);
    Task<> prove(const BackupOrder* order, std::string path, Artefact* artefact);
    Task<std::string> seal(std::string certificate, std::string path, Artefact* artefact);
    Task<Made> fill(const BackupOrder* order, const ArtefactFolder* folder);

    Process& process_;
    Clock& clock_;
};

}  // namespace deployctl::plugins::backup
