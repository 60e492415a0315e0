// SPDX-License-Identifier: Apache-2.0
// Questions about what is deployed, not about how it behaves: a report, the workload's text, the
// image. What they mean is the gates' (gates/). Values; any thread.
#pragma once

#include "model/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deployctl {

/// A report of vulnerabilities that another program has written, against the most that may be in it
/// (gates/scan_gate.hpp).
struct ScanQuestion {
    std::string file;  ///< its path, with `${...}`
    int max_critical = 0;
    int max_high = 0;
    std::optional<int> max_medium;
    std::optional<int> max_low;
    Duration max_age = std::chrono::hours(24);
    std::string vex;          ///< of those that do not count, with `${...}`; empty: all count
    bool any_digest = false;  ///< whichever image it is about

    friend bool operator==(const ScanQuestion&, const ScanQuestion&) = default;
};

enum class PolicyTool { conftest, opa };

const char* to_text(PolicyTool tool);
std::optional<PolicyTool> read_policy_tool(std::string_view text);

/// Policy as code about the workload as it will be (gates/policy_gate.hpp).
struct PolicyQuestion {
    PolicyTool tool = PolicyTool::conftest;
    std::string policy;                 ///< a folder or a file, with `${...}`
    std::string rego_package = "main";  ///< whose denials count
    Duration timeout = minutes(1);

    friend bool operator==(const PolicyQuestion&, const PolicyQuestion&) = default;
};

/// Whether the registry still has the image that is deployed, and whether the right one has signed
/// it (gates/image_gate.hpp): by a key, or by an identity and who vouches for it.
struct ImageQuestion {
    std::string cosign_key;       ///< a path, or what else cosign takes; empty: no signature by key
    std::string cosign_identity;  ///< empty: no signature by identity
    std::string cosign_issuer;
    Duration timeout = minutes(1);  ///< of cosign

    friend bool operator==(const ImageQuestion&, const ImageQuestion&) = default;
};

}  // namespace deployctl
