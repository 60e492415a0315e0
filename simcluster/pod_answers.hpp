// SPDX-License-Identifier: Apache-2.0
// What the pods of a simulated cluster say: over HTTP, and in their logs. One thread.
#pragma once

#include "ports/cluster.hpp"
#include "simcluster/behaviour.hpp"
#include "simcluster/pace.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::simcluster {

class PodAnswers {
public:
    PodAnswers(Sim sim, const BehaviourTable& behaviours) : sim_(sim), behaviours_(behaviours) {}

    /// All in this moment. "/version" answers {"version":"v2"} where the behaviour says nothing
    /// else.
    std::vector<PodAnswer> ask(const std::vector<PodRequest>& requests);
    Duration log_delay(const LogQuery& query) const;
    /// Throws Error where the API server would refuse: no such pod, no run before this one.
    std::vector<std::string> log(const LogQuery& query) const;

private:
    /// What of a pod its answers depend on; null: it is not there.
    struct Asked {
        const Value* pod;
        bool runs;
        std::string version;
        const Behaviour* behaviour;
    };

    /// What was seen of a pod holds as long as it stays the same.
    struct Seen {
        Value pod;
        bool runs = false;
        std::string version;
    };

    Asked look_at(const std::string& pod);
    PodAnswer answer_of(const Asked& asked, const PodRequest& request);
    bool errors_have_begun(const HttpBehaviour& http, const Value& pod) const;

    Sim sim_;
    const BehaviourTable& behaviours_;
    std::map<std::string, Seen> seen_;  ///< by pod
    std::map<std::string, int> asked_;  ///< requests by version, so that errors are spread evenly
};

}  // namespace deployctl::simcluster
