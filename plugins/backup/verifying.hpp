// SPDX-License-Identifier: Apache-2.0
// Proves that a backup can be restored: its checksum first, then the user's program restores it
// somewhere else and asks. A sealed one is opened into a file of its own that goes afterwards.
// Engine's thread.
#pragma once

#include "plugins/backup/artefact.hpp"
#include "plugins/backup/large_file.hpp"
#include "plugins/backup/programs.hpp"
#include "ports/clock.hpp"
#include "ports/process.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::plugins::backup {

/// A backup that is to be read, and what reads it.
struct Reading {
    std::string folder;
    std::vector<std::string> argv;
    Duration timeout{};
    std::string key;  ///< PEM; needed for a sealed one
    Scope scope;      ///< what the program is told that it works on
    std::map<std::string, std::string> variables = {};  ///< more for the program
};

/// How the program that reads a backup ended.
struct Read {
    enum class Kind { done, damaged, failed } kind{};
    std::string detail;
    int exit_code = 0;  ///< of the program, where it ended by itself
};

/// Throws Error{usage} where it is sealed, and the key is missing or does not fit. Reads no more
/// than its begin.
void need_key(const Artefact& artefact, const std::string& folder, const std::string& key);

/// Why what lies there is not what was made; empty: it is. Reads all of it.
Task<std::string> damage_of(Artefact artefact, std::string folder);

class Verifier {
public:
    Verifier(Process& process, Clock& clock) : process_(process), clock_(clock) {}

    /// What has just been written and not been sealed yet. `by` is left open.
    Task<Verification> restore_elsewhere(
        std::vector<std::string> argv, Subject subject, Duration timeout
    );
    /// What lies there. Throws Error{usage} where a sealed one is not opened by the key: see
    /// `need_key`.
    Task<Read> read(Artefact artefact, Reading reading);

private:
    Task<Read> run(std::vector<std::string> argv, Subject subject, Duration timeout);

    Process& process_;
    Clock& clock_;
};

}  // namespace deployctl::plugins::backup
