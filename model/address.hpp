// SPDX-License-Identifier: Apache-2.0
// "host:port", as people write where a server listens. Pure; any thread.
#pragma once

#include <string_view>

namespace deployctl {

/// A name, an IPv4 address, or an IPv6 address in brackets; then a port from 1 to 65535.
bool is_address(std::string_view text);

}  // namespace deployctl
