// SPDX-License-Identifier: Apache-2.0
// Which objects of one scope belong together: what selects a pod, what scales a workload. Found
// once, by an index of labels, so that a thousand pods and a thousand Services are no million
// comparisons. Where thousands do select thousands, only as many pairs are kept as are in
// proportion to what is there, and it is said of the rest that they were left out. One thread.
#pragma once

#include "readiness/facts.hpp"

namespace deployctl::readiness {

/// Names of what `Facts::related` answers.
namespace relation {
inline constexpr std::string_view services = "services";  ///< of a pod
inline constexpr std::string_view policies = "policies";  ///< NetworkPolicies of a pod
inline constexpr std::string_view budgets = "budgets";    ///< of a pod
inline constexpr std::string_view pods = "pods";          ///< of whatever selects them
inline constexpr std::string_view account = "account";    ///< ServiceAccount of a pod
inline constexpr std::string_view own_pod = "own-pod";    ///< of a workload
inline constexpr std::string_view peers = "peers";      ///< of a NetworkPolicy, a pod for each peer
inline constexpr std::string_view backups = "backups";  ///< of a claim: a snapshot, a schedule
/// Of a pod: something whose pods were not all looked at; of that: itself.
inline constexpr std::string_view left_out = "left-out";
inline constexpr std::string_view autoscalers = "autoscalers";  ///< of a workload
inline constexpr std::string_view target = "target";            ///< of an autoscaler
}  // namespace relation

/// A peer of a NetworkPolicy that only pods of the policy's namespace can be, and not all of them.
bool is_peer_of_own_namespace(const documents::Node& peer);

void relate_objects(const Scope& scope, Facts& facts);

}  // namespace deployctl::readiness
