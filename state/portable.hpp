// SPDX-License-Identifier: Apache-2.0
// The journal as lines (docs/formats/export.md): which rows of which tables, in which order, and
// how a file of them is read and found whole. Values, any thread. Throws Error{state_unreadable}
// with the line.
#pragma once

#include "model/error.hpp"
#include "model/value.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <ostream>
#include <span>
#include <string>

namespace deployctl::state {

inline constexpr int export_version = 1;

struct PortableTable {
    const char* name;
    const char* chosen;  ///< which rows belong to the app `?1`, or to any where that is empty
    const char* order;
};

/// In the order in which they are written: what is referred to comes first.
std::span<const PortableTable> portable_tables();

/// A number that each journal gives for itself; in another one it is shifted past what is there.
struct LocalNumber {
    const char* table;
    const char* column;
    const char* given_in;  ///< the table
    const char* given_as;  ///< its column
};

std::span<const LocalNumber> local_numbers();

/// Writes lines and knows at the end what they were.
class LineWriter {
public:
    explicit LineWriter(std::ostream& out) : out_(out) {}

    /// The first line.
    void begin();
    void write(const Value& line);
    /// The last line.
    void end();

private:
    std::ostream& out_;
    std::int64_t lines_ = 0;
    std::string digest_;
};

struct ExportLine {
    std::int64_t number = 0;
    std::size_t table = 0;  ///< in portable_tables()
    Value row;
};

/// Every row in order. Refuses a file that is no export, a newer one, one that was changed, and one
/// that was cut off.
void read_export(
    const std::filesystem::path& file, const std::function<void(const ExportLine&)>& visit
);
Error bad_line(const std::filesystem::path& file, std::int64_t line, const std::string& what);

}  // namespace deployctl::state
