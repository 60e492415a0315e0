// SPDX-License-Identifier: Apache-2.0
// The environments that a repository tells apart, from whatever speaks of them: folders, names of
// files, renderings, deploy.yaml, jobs of a pipeline. Each is a subject `environment`:
//   name, role            # role: development, test, staging, production, recovery, other
//   files: [...]          # of its own
//   namespaces: [...]     # of its objects, or of deploy.yaml
//   objects: {ConfigMap: [web], ...}
//   workloads: [{id: Deployment/web, replicas: 3, containers: [{name, image, limits}]}]
// deploy.yaml itself is `deploy-config`. Asked after Kubernetes and pipelines. One thread.
#pragma once

#include "readiness/input.hpp"

#include <string>

namespace deployctl::readiness {

std::span<const Input> environment_inputs();

/// The environment that a subject belongs to, by its scope or else by its file; empty: to none.
std::string environment_of(const Subject& subject);

}  // namespace deployctl::readiness
