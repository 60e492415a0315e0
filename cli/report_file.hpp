// SPDX-License-Identifier: Apache-2.0
// A report in the file that a person has named: whole or not at all, readable by its owner alone,
// and never through a link, for the folder may be somebody else's. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace deployctl::cli {

/// In place of what was there. Throws Error{usage} where it cannot be written, or what is there is
/// a link, a folder or a device.
void write_report_file(const std::string& path, std::string_view text);

}  // namespace deployctl::cli
