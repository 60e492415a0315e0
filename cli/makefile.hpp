// SPDX-License-Identifier: Apache-2.0
// A Makefile with a target for each thing that people do with a deploy.yaml. It has only verbs that
// this program has. What people say (TAG=v2) reaches the program as one word of its own, whatever
// stands in it. Pure; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::cli {

struct MakefileTarget {
    std::string_view name;     ///< "db-backup"
    std::string_view verb;     ///< "backup run"
    std::string_view words;    ///< after the verb, as a recipe has them
    std::string_view needs;    ///< variables without which it says what to write, "TAG REASON"
    std::string_view summary;  ///< for `make help`
};

/// In the order of `make help`.
std::vector<MakefileTarget> makefile_targets(const std::function<bool(std::string_view)>& has_verb);

/// `file` is the deploy.yaml, as seen from the Makefile's folder. Throws Error{usage} where make
/// has no way to write such a name.
std::string makefile_text(const std::vector<MakefileTarget>& targets, const std::string& file);

}  // namespace deployctl::cli
