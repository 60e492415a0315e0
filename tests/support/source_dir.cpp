// SPDX-License-Identifier: Apache-2.0
#include "tests/support/source_dir.hpp"

namespace deployctl::tests {

std::filesystem::path source_dir() {
    return DEPLOYCTL_SOURCE_DIR;
}

}  // namespace deployctl::tests
