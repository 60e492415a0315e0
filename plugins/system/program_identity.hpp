// SPDX-License-Identifier: Apache-2.0
// Which program this is, to the byte: what an older build has made is not this one's. Any thread.
#pragma once

#include <string>

namespace deployctl::plugins {

/// In hexadecimal, what the linker has made of the whole program; empty where it was told not to.
std::string program_identity();

}  // namespace deployctl::plugins
