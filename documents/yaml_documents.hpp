// SPDX-License-Identifier: Apache-2.0
// Inside of documents/: the documents of one YAML text as they come from the library. Pure; any
// thread.
#pragma once

#include "documents/yaml.hpp"

#include <vector>

namespace deployctl::documents {

struct YamlDocuments {
    std::vector<YamlNode> roots;
    std::size_t at_most = 0;  ///< how many are read
    Diagnostics diagnostics;
};

/// Stops after `at_most` documents, or at the first thing that cannot be read on.
YamlDocuments read_documents(const YamlSource& source, std::size_t at_most);

}  // namespace deployctl::documents
