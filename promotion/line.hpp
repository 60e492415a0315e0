// SPDX-License-Identifier: Apache-2.0
// One version over several places, as data: a line of legs, each of which is one ordinary rollout,
// what each needs before it begins, and what goes back with it when it fails. Printed, stored,
// gone on with after a crash. Values; any thread.
#pragma once

#include "model/promotion.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::promotion {

/// An environment, or one of its clusters.
struct Place {
    std::string environment;
    std::string cluster;         ///< of its waves; empty: it has only one
    std::string context;         ///< empty: the current one of the kubeconfig
    std::string kube_namespace;  ///< empty: the context's

    friend bool operator==(const Place&, const Place&) = default;
};

/// "staging", "production/eu-1".
std::string name_of(const Place& place);

struct Leg {
    std::string name;  ///< of its place, or of a member of the group
    Place place;
    std::string dir;     ///< of the member's deploy.yaml; empty: where the line was begun
    std::string app;     ///< by that file
    std::string digest;  ///< empty: not known, and not asked for
    std::vector<std::string> needs;      ///< legs before it
    Duration soak{};                     ///< so long these have stood when it begins
    std::vector<std::string> goes_back;  ///< what does when it fails, in this order

    friend bool operator==(const Leg&, const Leg&) = default;
};

enum class LineKind { promotion, waves, group };

const char* to_text(LineKind kind);
std::optional<LineKind> read_line_kind(std::string_view text);

/// Its legs stand in the order in which they are walked: each behind all that it needs.
struct Line {
    LineKind kind{};
    std::string name;  ///< of the app, or of the group
    std::string version;
    std::string source;                    ///< where the digest is from; empty: the registry
    std::optional<StrategyKind> strategy;  ///< none: each environment's own
    std::vector<Leg> legs;
    std::vector<std::string> gates;  ///< of all together, once the last leg stands

    friend bool operator==(const Line&, const Line&) = default;
};

/// Null where there is none of that name.
const Leg* find_leg(const Line& line, std::string_view name);

/// What was asked for, as a line, or why not.
struct Draft {
    Line line;
    std::vector<std::string> already;        ///< places where it stands, so that they have no leg
    std::vector<std::string> refusals;       ///< every reason
    std::vector<std::string> warnings = {};  ///< what may be one by then
};

/// The same text that `--dry-run` prints.
std::string to_text(const Draft& draft);

}  // namespace deployctl::promotion
