// SPDX-License-Identifier: Apache-2.0
// The three streams of a program and what they lead to. Results go to `out`, progress and errors to
// `err`, and nothing else writes to either. Made by `main`; one thread.
#pragma once

#include "cli/globals.hpp"
#include "cli/output/style.hpp"
#include "ports/keys.hpp"

#include <functional>
#include <iosfwd>
#include <memory>

namespace deployctl::cli {

struct ScreenSize {
    int columns = 80;
    int rows = 24;
};

/// Who is at the other end of the streams.
struct Ends {
    bool out_is_tty = false;
    bool err_is_tty = false;
    bool can_ask = false;  ///< somebody sits at both ends
};

struct Terminal {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    std::function<ScreenSize()> measure;            ///< as it is now
    std::function<std::unique_ptr<Keys>()> listen;  ///< null where nobody can type now
    Style out_style = {};
    Style err_style = {};
    Ends ends = {};
};

/// What a stream may use: flags first, then NO_COLOR, CLICOLOR_FORCE and TERM, then whether it is a
/// terminal.
struct StreamFacts {
    bool is_tty = false;
    int columns = 80;
};

Style style_for(const StreamFacts& stream, const Look& look, const EnvironmentLookup& environment);

}  // namespace deployctl::cli
