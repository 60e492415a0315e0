// SPDX-License-Identifier: Apache-2.0
// What `doctor` looks at: configuration, kubectl, cluster, permissions, clock, journal, room on the
// disk. An accident while looking is a finding. Changes nothing.
#pragma once

#include "cli/session.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

struct Finding {
    std::string subject;  ///< "kubectl"
    enum class Mark { good, doubtful, bad, skipped } mark{};
    std::string says;
    std::string mend;  ///< how; empty where nothing is to mend
};

std::vector<Finding> check_up(Session& session);

}  // namespace deployctl::cli
