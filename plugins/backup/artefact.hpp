// SPDX-License-Identifier: Apache-2.0
// A backup as its manifest tells of it: `<file>.manifest.json` beside the file. Values; any thread.
#pragma once

#include "model/time.hpp"
#include "model/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::plugins::backup {

/// Whose backups are meant.
struct Scope {
    std::string app;
    std::string environment;  ///< empty where none is configured
    std::string database;

    friend bool operator==(const Scope&, const Scope&) = default;
};

enum class Proof { passed, failed };

/// What a restore somewhere else has shown.
struct Verification {
    WallTime at;
    std::string by;  ///< a person, or "rollout ..."
    Proof result{};
    std::string detail;

    friend bool operator==(const Verification&, const Verification&) = default;
};

enum class Seal { none, sealed };

/// The object in the cluster that the file is only the record of; no kind: the file is all.
struct Held {
    std::string kind;  ///< "VolumeSnapshot"
    std::string kube_namespace;
    std::string name;
    std::string uid;
    std::string cluster_uid;
    std::int64_t bytes = 0;  ///< that a restore needs; 0: it does not say

    friend bool operator==(const Held&, const Held&) = default;
};

/// What is known of it since it was made.
struct Making {
    WallTime started;
    WallTime ended;
    std::int64_t bytes = 0;  ///< of the file as it lies there
    std::string sha256;      ///< of the same
    Seal seal = Seal::none;
    std::vector<std::string> command;   ///< without what looks like a secret
    std::vector<std::string> warnings;  ///< "half as large as the last one"
    Held held;

    friend bool operator==(const Making&, const Making&) = default;
};

struct Artefact {
    std::string id;  ///< UUIDv7
    Scope scope;
    std::string file;  ///< its name in the folder
    Making making;
    std::optional<Verification> verified;

    friend bool operator==(const Artefact&, const Artefact&) = default;
};

inline constexpr std::string_view manifest_suffix = ".manifest.json";
inline constexpr std::string_view partial_suffix = ".partial";  ///< not finished, or not to stay
inline constexpr std::string_view opened_mark = ".opened-";     ///< of a sealed one that is read

/// "20261130T174020Z": sorts by time, and is fit to be part of a file's name.
std::string stamp(WallTime time);
/// Letters, digits, `.`, `_` and `-`, and not the first two in front: fit to be part of a file's
/// name.
bool is_plain_name(std::string_view name);
/// "<app>-<database>-20261130T174020Z-<last 8 of the id><suffix>"
std::string file_name(
    const Scope& scope, WallTime started, std::string_view id, std::string_view suffix
);
/// Made by `file_name` for these, whatever follows.
bool is_name_of(std::string_view name, const Scope& scope);
/// "VolumeSnapshot/shop-main-0000aaaa in shop"
std::string place_of(const Held& held);
/// With what looks like a password in an argument, or in a URL, covered.
std::vector<std::string> without_secrets(std::vector<std::string> argv);

Value to_value(const Artefact& artefact);
/// Nothing where it is not the manifest of the file of that name.
std::optional<Artefact> read_artefact(const Value& manifest, std::string_view file);

}  // namespace deployctl::plugins::backup
