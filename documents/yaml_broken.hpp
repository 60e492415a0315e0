// SPDX-License-Identifier: Apache-2.0
// Inside of documents/: what the YAML library complains of, in words that a person can act upon.
// Pure; any thread.
#pragma once

#include "documents/yaml_source.hpp"

#include <string>

namespace deployctl::documents {

/// The library's complaint and where it noticed, line and byte from 0.
struct Broken {
    std::string complaint;
    int line = 0;
    int byte = 0;
    YamlPlace innermost;  ///< the beginning of the list or map that was being read
};

Diagnostic explain(const YamlSource& source, const Broken& broken);
Diagnostic unclosed_quote(const YamlSource& source, YamlPlace place);

}  // namespace deployctl::documents
