// SPDX-License-Identifier: Apache-2.0
// The folder that backups lie in. What has no manifest of ours, or another app's, is not ours and
// is never touched. What fails is a text that says why; empty: done. Engine's thread.
#pragma once

#include "plugins/backup/artefact.hpp"
#include "plugins/system/descriptor.hpp"

#include <string>
#include <vector>

namespace deployctl::plugins::backup {

/// How the file is, by a look at its size alone.
enum class Presence { whole, missing, changed };

struct Listed {
    Artefact artefact;
    Presence presence{};

    /// Whole, and no restore of it has failed.
    bool is_good() const;
};

/// A manifest that lies there under a name of ours and tells nothing; its artefact is not counted.
struct Unreadable {
    std::string manifest;  ///< its name in the folder
    std::string why;
};

/// The newest first.
std::vector<Listed> of_scope(const std::vector<Listed>& all, const Scope& scope);
/// Null where there is none.
const Listed* newest_good(const std::vector<Listed>& newest_first);

class ArtefactFolder {
public:
    explicit ArtefactFolder(std::string path) : path_(std::move(path)) {}

    std::string path_of(const std::string& name) const { return path_ + "/" + name; }

    /// Makes it, for the owner alone, with its parents.
    std::string make() const;
    /// Held as long as the answer lives: one backup of a database at a time. Not open: somebody
    /// else has it.
    Descriptor lock(const Scope& scope) const;
    /// Held while backups of it are read: what was opened for that is not swept meanwhile.
    Descriptor lock_to_read(const Scope& scope) const;
    /// What a backup that never ended has left behind. Only under the lock.
    void sweep(const Scope& scope) const;
    /// Why it cannot be looked through; empty where it can, or where there is none yet.
    std::string trouble() const;
    /// The newest first; empty where there is no folder. Throws Error{blocked} where it cannot be
    /// looked through: what cannot be seen is not gone.
    std::vector<Listed> list() const;
    /// What `list` leaves out, as far as its name says that it is of these; by name.
    std::vector<Unreadable> unreadable(const Scope& scope) const;
    /// Gives a finished file its name, with its manifest: both, or neither.
    std::string publish(const Artefact& artefact, const std::string& partial) const;
    /// Its manifest anew: what a verification has shown.
    std::string keep(const Artefact& artefact) const;
    std::string remove(const Artefact& artefact) const;

private:
    std::string path_;
};

}  // namespace deployctl::plugins::backup
