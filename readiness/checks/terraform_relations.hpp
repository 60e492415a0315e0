// SPDX-License-Identifier: Apache-2.0
// What belongs to a resource of Terraform though it stands apart: a bucket's versioning, a VPC's
// flow log. Within one call of one module. Pure; any thread.
#pragma once

#include "readiness/check.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

Truth both(Truth one, Truth other);
Truth either(Truth one, Truth other);

/// Resources of a kind that say in an attribute whose they are, by address or by the value of the
/// other's `own`. The attribute is one of inputs/terraform_owners.cpp.
struct Kinship {
    std::string_view kind;
    std::string_view attribute;
    std::string_view own;
};

/// Whoever means the subject, or may mean it; `means` says which, of each.
struct Relatives {
    std::vector<const Subject*> those;
    bool are_all = true;  ///< else there are too many to look at, and the rest is not known
};

Relatives find_relatives(const Subject& subject, const Kinship& kinship, const Facts& facts);

/// Whether this value means the resource: by its address, or by the value of its `own` attribute.
Truth means(const documents::Node& value, const Subject& resource, std::string_view own);

/// Whether the folder of the subject could be read as a whole; else what is missing may be there.
bool is_read_whole(const Subject& subject);

/// A resource of its own that says more about another.
struct Companion {
    std::string_view kind;       ///< "tf:aws_s3_bucket_versioning"
    std::string_view attribute;  ///< of it, that means the other
    std::string_view own;        ///< attribute of the other that it may be named by
    /// Where it has to have `wanted`, all of them; none: to be there is enough.
    std::array<std::string_view, 4> paths{};
    std::string_view wanted = {};
    /// Where the other may say the same itself; empty: it cannot.
    std::string_view inline_path = {};
    std::string_view inline_wanted = {};  ///< empty: to be there is enough
};

Answer ask_companion(const Companion& companion, const Subject& subject, const Facts& facts);

/// For tables of checks.
template <const Companion& companion>
std::optional<Answer> has_companion(const Subject& subject, const Facts& facts) {
    return ask_companion(companion, subject, facts);
}

}  // namespace deployctl::readiness
