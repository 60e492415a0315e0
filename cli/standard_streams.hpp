// SPDX-License-Identifier: Apache-2.0
// The three streams that a program begins with, and whether what was written has arrived. For
// `main` alone.
#pragma once

#include <iosfwd>

namespace deployctl::cli {

/// A stream that is closed would lend its number to the next file that is opened, and results
/// would go into that file; it is held by one that nothing can be written to.
void keep_standard_streams();

/// Flushes. A reader that went away wanted no more: that is no loss.
bool is_delivered(std::ostream& standard_output);

inline constexpr const char* lost_output_complaint =
    "error[output]: the standard output could not be written: what was printed is not whole\n"
    "  = help: it is closed, or the disk of the file that it goes to is full\n";

}  // namespace deployctl::cli
