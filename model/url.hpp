// SPDX-License-Identifier: Apache-2.0
// Parts of URLs. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace deployctl {

/// Everything but the unreserved characters of RFC 3986 as %XX.
std::string url_encode(std::string_view text);

/// "https://host:1/path": no user, no query, no blanks.
bool is_http_url(std::string_view text);

}  // namespace deployctl
