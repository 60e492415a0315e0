// SPDX-License-Identifier: Apache-2.0
// The app that is meant, and the way to its cluster: from the flags, else from the configuration.
#pragma once

#include "cli/parts.hpp"
#include "cli/session.hpp"
#include "model/plan.hpp"

#include <string>

namespace deployctl::cli {

struct Located {
    Target target;
    ClusterChoice cluster;
};

/// Environment, namespace and cluster; `target.app` may be empty.
Located locate(Session& session);
/// The same; `app` is the one named, empty: by --app, else the configuration's. Throws Error{usage}
/// where none is named.
Located locate_app(Session& session, const std::string& app);

}  // namespace deployctl::cli
