// SPDX-License-Identifier: Apache-2.0
// Files of this machine below one folder, or one file alone. A link is named and never followed,
// but for one that is the root itself; a pipe or a device is not opened for its content.
#pragma once

#include "plugins/system/descriptor.hpp"
#include "ports/source_tree.hpp"

#include <string>

namespace deployctl::plugins {

class DiskTree final : public SourceTree {
public:
    /// What cannot be opened fails when it is listed.
    explicit DiskTree(const std::string& root);

    FolderAnswer list(const std::string& folder) const override;
    SourceText read(const std::string& path, std::size_t most_bytes) const override;

private:
    std::string only_;  ///< the name of the file where the root is one
    Descriptor root_;
    std::string failure_;
};

}  // namespace deployctl::plugins
