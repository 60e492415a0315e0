// SPDX-License-Identifier: Apache-2.0
// Backups that the cluster makes and keeps: a VolumeSnapshot of a claim, or whatever a Job writes
// that is made of a CronJob's template. Ours have our labels and are known by their uid; no other
// object is ever removed. What cannot be done is a text that says why. Engine's thread.
#pragma once

#include "model/backup.hpp"
#include "plugins/backup/artefact.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"

#include <optional>
#include <string>

namespace deployctl::plugins::backup {

struct ClusterOrder {
    std::string id;  ///< UUIDv7; the object's name ends with its end
    Scope scope;
    std::string kube_namespace;
    DatabaseSettings settings;  ///< placeholders filled in
};

struct Taken {
    std::string failure;  ///< empty: it is ready, or complete
    Value object;         ///< as it stood then
    Held held;
};

class ClusterBackup {
public:
    ClusterBackup(Cluster& cluster, Clock& clock) : cluster_(cluster), clock_(clock) {}

    /// A snapshot that does not get ready in time is removed again; a Job that fails stays, for its
    /// words, until its own time to live.
    Task<Taken> take(ClusterOrder order);
    /// Empty: it is gone, or was gone already. A Job is left to its time to live.
    Task<std::string> remove(Held held);

private:
    Task<std::string> create(ObjectRef ref, Value object, BootTime until);
    Task<Taken> await_end(ObjectRef ref, const DatabaseSettings* settings, BootTime until);
    Task<std::optional<Value>> read(ObjectRef ref, BootTime until);
    Task<std::string> remove_seen(ObjectRef ref, std::string uid);

    Cluster& cluster_;
    Clock& clock_;
};

}  // namespace deployctl::plugins::backup
