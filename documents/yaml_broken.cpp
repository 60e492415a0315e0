// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml_broken.hpp"

#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <array>

namespace deployctl::documents {

namespace {

struct Meaning {
    const char* complaint;
    const char* what;
    const char* help;
};

namespace library = YAML::ErrorMsg;

constexpr auto indent_help = "write each entry below the first letter of the one before it";

const std::array meanings{
    Meaning{
        library::MAP_VALUE,
        "a `: ` inside of a value",
        "put the value in quotes, or begin the inner map in the next line"
    },
    Meaning{
        library::UNKNOWN_ANCHOR,
        "an alias of an anchor that is not there",
        "put a text that begins with `*` in quotes, or define the anchor with `&` before this"
    },
    Meaning{library::END_OF_MAP, "this does not fit into the map above it", indent_help},
    Meaning{library::END_OF_SEQ, "this does not fit into the list above it", indent_help},
    Meaning{library::BLOCK_ENTRY, "a `- ` that begins no entry of a list", indent_help},
    Meaning{
        library::FLOW_END,
        "a bracket that closes nothing",
        "close the innermost open one first, or take it out"
    },
    Meaning{
        library::END_OF_SEQ_FLOW, "a `,` or `]` is missing before this", "write what is missing"
    },
    Meaning{
        library::END_OF_MAP_FLOW, "a `,` or `}` is missing before this", "write what is missing"
    },
};

/// The library knows no place for the end of a text without a last newline.
bool is_at_end(const YamlSource& source, const Broken& broken) {
    const bool is_nowhere = broken.line <= 0 && broken.byte <= 0;
    return is_nowhere || source.from(broken.line, broken.byte).find_first_not_of(" \t\r\n") ==
                             std::string_view::npos;
}

Diagnostic say(
    const YamlSource& source, const std::string& what, const std::string& help, YamlPlace place
) {
    auto mistake = source.mistake("C1001", "not YAML: " + what, place);
    mistake.help = help;
    return mistake;
}

}  // namespace

Diagnostic unclosed_quote(const YamlSource& source, YamlPlace place) {
    return say(source, "a quote that is never closed", "close it", place);
}

Diagnostic explain(const YamlSource& source, const Broken& broken) {
    const auto line = std::max(broken.line, 0);
    const auto text = source.rest_of_line(line, 0);
    const auto tab = text.substr(0, text.find_first_not_of(" \t")).find('\t');
    if (tab != std::string_view::npos) {
        const auto place = source.place(line, static_cast<int>(tab));
        return say(source, "a tab, where only spaces may indent", "write spaces instead", place);
    }
    const auto place = source.place(line, broken.byte);
    if (broken.complaint == library::EOF_IN_SCALAR) {
        return unclosed_quote(source, place);
    }
    const bool in_list = broken.complaint == library::END_OF_SEQ_FLOW;
    const bool in_map = broken.complaint == library::END_OF_MAP_FLOW;
    if ((in_list || in_map) && broken.innermost.line > 0 && is_at_end(source, broken)) {
        const std::string open = in_list ? "`[`" : "`{`";
        const std::string close = in_list ? "`]`" : "`}`";
        return say(
            source,
            "a " + open + " that is never closed",
            "close it with " + close,
            broken.innermost
        );
    }
    const auto known = std::ranges::find_if(meanings, [&](const Meaning& meaning) {
        return broken.complaint == meaning.complaint;
    });
    if (known != meanings.end()) {
        return say(source, known->what, known->help, place);
    }
    return say(
        source,
        broken.complaint,
        "look at the indentation, and put texts with `: `, ` #`, `*`, `&`, `{` or `[` in quotes",
        place
    );
}

}  // namespace deployctl::documents
