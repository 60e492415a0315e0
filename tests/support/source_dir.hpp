// SPDX-License-Identifier: Apache-2.0
// Where the source is that the tests were built from. Only its own file knows it, so that builds in
// different folders share all other objects of the tests (ccache). Any thread.
#pragma once

#include <filesystem>

namespace deployctl::tests {

std::filesystem::path source_dir();

}  // namespace deployctl::tests
