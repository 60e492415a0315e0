// SPDX-License-Identifier: Apache-2.0
// Mistakes in what a person wrote, all of them at once, each with its place and a way out. Values;
// any thread.
#pragma once

#include <string>
#include <vector>

namespace deployctl {

/// Lines and columns count from 1; 0 means "no place known".
struct SourcePlace {
    std::string file;
    int line = 0;
    int column = 0;
};

enum class Severity { error, warning };

struct Diagnostic {
    Severity severity = Severity::error;
    std::string code;     ///< stable, "C1007"
    std::string message;  ///< what is wrong: "unknown key `everry` in gate `latency`"
    SourcePlace place;
    int width = 1;        ///< columns to underline
    std::string excerpt;  ///< the source line, as it is
    std::string note;     ///< stands at the underline: "known here: every, fail_after"
    std::string help;     ///< what to write instead; may be empty
    std::string docs;     ///< the path for `deployctl config explain`; may be empty
};

using Diagnostics = std::vector<Diagnostic>;

bool has_errors(const Diagnostics& diagnostics);

}  // namespace deployctl
