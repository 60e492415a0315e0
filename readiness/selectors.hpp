// SPDX-License-Identifier: Apache-2.0
// What labels a selector of Kubernetes selects, in full: matchLabels and matchExpressions. The only
// place that knows; whether a missing selector means all or nothing is its owner's matter. Pure;
// any thread.
#pragma once

#include "documents/tree.hpp"

namespace deployctl::readiness {

/// A LabelSelector: all of it has to hold, so that an empty one selects everything. An operator
/// that nobody knows holds for nothing.
bool selects(const documents::Node& selector, const documents::Node& labels);

/// A plain map of labels, as Services have it: each is there with this value.
bool selects_by_labels(const documents::Node& wanted, const documents::Node& labels);

/// Neither labels nor expressions.
bool is_empty_selector(const documents::Node& selector);

}  // namespace deployctl::readiness
