// SPDX-License-Identifier: Apache-2.0
// Collects the mistakes in one file, up to a number that a person still reads. One thread; the
// source must outlive it.
#pragma once

#include "documents/yaml.hpp"
#include "model/diagnostics.hpp"

#include <string>
#include <utility>

namespace deployctl::config {

class Report {
public:
    static constexpr std::size_t most = documents::YamlLimits::mistakes;

    explicit Report(const documents::YamlSource& source) : source_(source) {}

    /// The new mistake, to add note, help and docs. Beyond the limit it is dropped with the next
    /// one.
    Diagnostic& add(const char* code, std::string message, documents::YamlPlace place);

    bool is_full() const { return diagnostics_.size() >= most; }

    /// In the order of the file.
    Diagnostics take();

private:
    const documents::YamlSource& source_;
    Diagnostics diagnostics_;
    Diagnostic dropped_;
};

}  // namespace deployctl::config
