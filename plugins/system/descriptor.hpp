// SPDX-License-Identifier: Apache-2.0
// Inside of plugins/system/: an open file of the machine, closed when nobody has it any more, and
// its text. Any thread.
#pragma once

#include "ports/source_tree.hpp"

#include <string>
#include <string_view>

namespace deployctl::plugins {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}

    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }

    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

/// "Permission denied"
std::string words_for(int error);

/// False: errno says why the rest was not written.
bool write_whole(int file, std::string_view text);

/// From where the file stands to its end; `expected_bytes` spares growing.
SourceText read_to_end(int file, std::size_t most_bytes, std::size_t expected_bytes);

}  // namespace deployctl::plugins
