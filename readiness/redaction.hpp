// SPDX-License-Identifier: Apache-2.0
// Words of an assessment without the secrets that files hold: whatever a finding or a report says
// of a file goes through here once. By the names that values have, by the places where programs
// take them, and by the forms of well-known keys; references like $TOKEN, digests, images and paths
// stay. What has none of these forms cannot be told apart. Any thread; never throws; linear.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// From `begin` to before `end`, in bytes.
struct SecretRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// In order; none touches another.
std::vector<SecretRange> secrets_in(std::string_view text);

/// With `***` in the place of each.
std::string redacted(std::string_view text);

}  // namespace deployctl::readiness
