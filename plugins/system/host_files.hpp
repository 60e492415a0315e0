// SPDX-License-Identifier: Apache-2.0
// Files of this machine. A pipe, a device or a folder is no file to read: it might never end.
#pragma once

#include "ports/files.hpp"

namespace deployctl::plugins {

class HostFiles final : public Files {
public:
    FileAnswer read(const std::string& path, std::size_t most_bytes) override;
    /// A folder of more than 100,000 entries is given up.
    Task<FoundFile> newest(std::string pattern) override;
};

}  // namespace deployctl::plugins
