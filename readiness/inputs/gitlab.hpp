// SPDX-License-Identifier: Apache-2.0
// Pipelines of GitLab: `gitlab-ci`, a file, and `gitlab-job`, each job with what it takes over by
// `extends` and `default`. Templates (names with a dot in front) are no jobs. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Input gitlab_input();

}  // namespace deployctl::readiness
