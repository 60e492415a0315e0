// SPDX-License-Identifier: Apache-2.0
// An environment as it stands: its settings, what the journal says of it, and, where asked, its
// cluster. Values for views.
#pragma once

#include "cli/session.hpp"
#include "model/settings.hpp"
#include "model/value.hpp"

namespace deployctl::cli {

enum class FactSource { journal, cluster };

/// Settings, version, digest, since when, how far behind, by whom it is locked; with
/// FactSource::cluster also the image, the pods and a hash of the pod template, from its own
/// cluster. One that cannot be reached says so under "trouble".
Value facts_of(
    Session& session,
    const Configuration& configuration,
    const Environment& environment,
    FactSource source
);

}  // namespace deployctl::cli
