// SPDX-License-Identifier: Apache-2.0
// The one table of the keys of deploy.yaml. Checking, suggestions, `config explain`, the JSON
// Schema and the table in docs/configuration.md all read it, so they cannot say different things.
// Defaults are not here: they are the initial values in model/settings.hpp. Constant; any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace deployctl::config {

enum class KeyType {
    map,    ///< its keys are rows of the table
    named,  ///< names chosen by the person, each with a map; its keys are rows of the table
    items,  ///< a list of maps; their keys are rows of the table
    image,  ///< a text, or a map; its keys are rows of the table
    text,
    http_url,      ///< with a path at most
    texts,         ///< a list of texts
    one_or_texts,  ///< a name, or a list of names
    names,         ///< a list of names of gates
    label,         ///< DNS label: the name of most objects of Kubernetes
    object_name,   ///< DNS subdomain
    http_path,
    json_path,
    integer,
    real,
    flag,
    duration,
    positive_duration,
    choice,
    percent,        ///< "25%"
    percents,       ///< a list of them
    reals,          ///< a list of numbers
    headers,        ///< names of HTTP headers, each with a text
    queries,        ///< names chosen by the person, each with a text that may have lines
    labels,         ///< names of Prometheus' labels, each with a text
    durations,      ///< names of environments, each with a duration
    texts_by_name,  ///< names of environments, each with a list of texts
    text_lists,     ///< a list of lists of texts
};

enum class Presence { optional, required, later };

struct Key {
    std::string_view path;  ///< dotted, without the names that people choose: "gates.every"
    KeyType type = KeyType::text;
    std::string_view says;
    std::string_view example;  ///< a value as it stands in the file
    Presence presence = Presence::optional;
    std::string_view allowed = {};  ///< "rollback|hold", or "1..100"
    std::string_view not_yet = {};  ///< choices of later versions, "metric|command"
    std::string_view only = {};     ///< in maps of these kinds alone, "metric|sequential"

    std::string_view name() const { return path.substr(path.rfind('.') + 1); }
};

std::span<const Key> all_keys();
/// Those of gates, which are among them.
std::span<const Key> gate_keys();
/// And those of gates that analyse metrics.
std::span<const Key> analysis_keys();
std::span<const Key> artifact_keys();
std::span<const Key> record_keys();
/// Those of what a release does beside its pods.
std::span<const Key> release_keys();
/// Those of how a version moves over environments, clusters and services.
std::span<const Key> promotion_keys();
/// The row with this path, or nothing.
const Key* find_key(std::string_view path);
/// The rows right below a path, in the order of the table. "" is the whole file.
std::vector<const Key*> keys_below(std::string_view path);
/// What the keys of a map depend on: its type, or of an analysis its method.
std::string_view kind_of(std::string_view type, std::string_view method);
/// The methods of a type; one without a name where it has none.
std::vector<std::string_view> methods_of(
    const std::vector<const Key*>& keys, std::string_view type
);
/// Whether a map of this kind may have the key; one of no kind yet may have all.
bool is_for(const Key& key, std::string_view kind);
/// Whether names in the map that begin with "x-" are notes; a header may be called so.
bool takes_notes(KeyType type);
/// "a|b" taken apart.
std::vector<std::string_view> split_choices(std::string_view choices);

struct Range {
    double least = 0;
    double most = 0;
};

/// "1..100" as numbers.
Range range_of(const Key& key);

}  // namespace deployctl::config
