// SPDX-License-Identifier: Apache-2.0
// A report of vulnerabilities, whoever wrote it: JSON of Trivy, JSON of Grype, or SARIF 2.1, told
// apart by what is in it. Nobody vouches for what stands there: a report that cannot be understood
// as a whole, or that says of itself that nothing was looked for, has `trouble` and no findings.
// Pure; any thread.
#pragma once

#include "model/time.hpp"
#include "model/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::gates {

enum class Rating { unknown, low, medium, high, critical };

const char* to_text(Rating rating);

struct Finding {
    std::string id;                      ///< "CVE-2024-3094"
    std::vector<std::string> also = {};  ///< what others call it
    std::string package = {};            ///< with its version; two with one id in it are one
    Rating rating{};
};

struct ScanReport {
    std::string tool = {};                  ///< "trivy"
    std::optional<WallTime> made_at = {};   ///< by its own word
    std::vector<std::string> digests = {};  ///< "sha256:..." of the image that it is about
    std::vector<Finding> findings = {};     ///< each once, the worst first
    std::string trouble = {};               ///< why it cannot be judged
};

ScanReport read_scan_report(std::string_view text);

/// Of one format each; findings as they stand.
ScanReport read_trivy(const Value& document);
ScanReport read_grype(const Value& document);
ScanReport read_sarif(const Value& document);

/// For the readers: the first trouble is the one that is told.
void complain(ScanReport& report, const std::string& trouble);
/// The list at the place; empty where there is none, and a complaint where it is something else.
const Value::Array& list_at(const Value& from, const Pointer& place, ScanReport& report);
/// A text that has to be there.
std::string text_at(const Value& from, const Pointer& place, ScanReport& report);
/// "HIGH" and "High" are the same; a complaint where it is no severity.
Rating rating_at(const Value& from, const Pointer& place, ScanReport& report);
/// Its own time, where it has one; of several the oldest.
void read_made_at(const Value& time, ScanReport& report);
/// The digest in the name of an image, where it has one.
void add_digest(std::string_view image, ScanReport& report);

}  // namespace deployctl::gates
