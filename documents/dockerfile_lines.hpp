// SPDX-License-Identifier: Apache-2.0
// The lines of a Dockerfile as BuildKit joins them: continuations without their comments, empty
// lines and escape characters, with the heredocs that belong to them. Views into the tree's source,
// or into texts that the tree keeps. Any thread; never throws.
#pragma once

#include "documents/tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::documents {

struct DockerHeredoc {
    std::string_view name;
    std::string_view text;  ///< up to the terminator, as it stands there
    Spot spot;              ///< of its first line
    bool expands = true;    ///< its name was not quoted
};

/// One physical line's share of a joined one.
struct DockerPiece {
    std::size_t offset = 0;  ///< where it begins in the joined text
    std::string_view text;
    Spot spot;
};

struct DockerLine {
    std::string_view text;
    std::vector<DockerPiece> pieces;  ///< never empty
    std::vector<DockerHeredoc> heredocs;
};

/// Where offsets of a line's text stand in the file, asked in rising order: linear for all of them.
/// One that falls is taken for the last one.
class DockerSpots {
public:
    /// The line outlives it.
    explicit DockerSpots(const DockerLine& line) : line_(line) {}

    Spot at(std::size_t offset);

private:
    const DockerLine& line_;
    std::size_t piece_ = 0;
    std::size_t counted_ = 0;  ///< bytes of the piece
    std::uint32_t characters_ = 0;
};

struct DockerLines {
    std::vector<DockerLine> lines;
    char escape = '\\';
    std::string trouble;  ///< empty: there is none
    Spot spot;            ///< of the trouble
};

DockerLines read_docker_lines(Tree& tree);

}  // namespace deployctl::documents
