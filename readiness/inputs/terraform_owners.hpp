// SPDX-License-Identifier: Apache-2.0
// Where resources that say more about others (a bucket's versioning) are found by what they say of
// whom they are, so that no check looks at all of them for each. One thread; then read by any.
#pragma once

#include "readiness/facts.hpp"

#include <string>
#include <string_view>

namespace deployctl::readiness {

/// "infra -> module.db/" of "infra -> module.db/aws_db_instance.main".
std::string_view terraform_call(const Subject& resource);
/// "aws_db_instance.main" of it.
std::string_view terraform_address(const Subject& resource);

/// Of a resource in `attribute`, in the same call as the other.
struct OwnerQuestion {
    const Subject* near = nullptr;
    std::string_view kind;  ///< "tf:aws_s3_bucket_versioning"
    std::string_view attribute;
};

/// Keys for Facts::related: of those whose attribute is this value, is any known value, is not
/// known, is not known and names a resource of this type ("aws_s3_bucket").
std::string key_of_value(const OwnerQuestion& question, std::string_view value);
std::string key_of_known(const OwnerQuestion& question);
std::string key_of_unknown(const OwnerQuestion& question);
std::string key_of_type(const OwnerQuestion& question, std::string_view type);

void file_by_owner(const Subject& resource, Facts& facts);

}  // namespace deployctl::readiness
