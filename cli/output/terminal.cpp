// SPDX-License-Identifier: Apache-2.0
#include "cli/output/terminal.hpp"

namespace deployctl::cli {

namespace {

bool is_coloured(
    const StreamFacts& stream, ColourChoice choice, const EnvironmentLookup& environment
) {
    switch (choice) {
        case ColourChoice::always: return true;
        case ColourChoice::never: return false;
        case ColourChoice::automatic: break;
    }
    if (environment("NO_COLOR")) {
        return false;
    }
    if (environment("CLICOLOR_FORCE").value_or("0") != "0") {
        return true;
    }
    return stream.is_tty && environment("TERM").value_or("") != "dumb";
}

bool speaks_utf8(const EnvironmentLookup& environment) {
    for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (const auto locale = environment(name)) {
            return locale->find("UTF-8") != std::string::npos ||
                   locale->find("utf8") != std::string::npos || *locale == "C" ||
                   *locale == "POSIX";
        }
    }
    return true;
}

}  // namespace

Style style_for(const StreamFacts& stream, const Look& look, const EnvironmentLookup& environment) {
    Style style;
    style.colour = is_coloured(stream, look.colour, environment);
    style.ascii = look.ascii || !speaks_utf8(environment);
    style.width = stream.columns;
    return style;
}

}  // namespace deployctl::cli
