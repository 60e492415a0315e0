// SPDX-License-Identifier: Apache-2.0
// What a run of kustomize would take from elsewhere. The tool fetches whatever looks like an
// address in almost any of its fields, also in the files of its generators, so what is not known to
// be plain data is taken for a path. Pure; any thread.
#pragma once

#include "readiness/kustomize.hpp"

#include <string>

namespace deployctl::readiness {

/// Why kustomize may not be run on it, as the end of a sentence; empty: it may. What it uses is
/// judged by itself, but has to be known: what nobody has read may fetch something.
std::string reason_not_to_run(
    const Kustomization& layer, const Kustomizations& all, const Facts& facts
);

}  // namespace deployctl::readiness
