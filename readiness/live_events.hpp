// SPDX-License-Identifier: Apache-2.0
// What a cluster has complained of in the last hour in one namespace: its warnings, and containers
// that were killed for memory, one line for each object and reason. Pages are taken one by one, and
// no more is kept than a few hundred lines. Texts are the cluster's: cut, and hostile. One thread.
#pragma once

#include "model/time.hpp"
#include "readiness/live.hpp"

#include <map>
#include <string>
#include <tuple>

namespace deployctl::readiness {

/// AssessedFile::path and ::kind of them.
inline constexpr std::string_view events_path = "live/events";
inline constexpr const char* events_kind = "cluster-events";

class LiveEvents {
public:
    explicit LiveEvents(WallTime now) : now_(now) {}

    /// Of the next page; empty: there is none, or enough was read.
    std::string next_address(const std::string& kube_namespace) const;
    void take_page(const ListAnswer& page);
    /// Containers of theirs that were killed.
    void take_pods(const ListAnswer& pods);
    /// A file of the rendering "live"; what could not be listed is its trouble.
    AssessedFile file() const;

private:
    struct Line {
        std::int64_t count = 0;
        WallTime last;
        std::string message;
    };

    /// Kind and name of the object, the reason, and how the message begins.
    using Key = std::tuple<std::string, std::string, std::string, std::string>;

    void note(Key key, Line line);

    WallTime now_;
    std::map<Key, Line> lines_;
    int pages_ = 0;
    std::string next_;     ///< what leads to the next page
    bool is_cut_ = false;  ///< there is more than is kept
    std::string trouble_;
};

}  // namespace deployctl::readiness
