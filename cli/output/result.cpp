// SPDX-License-Identifier: Apache-2.0
#include "cli/output/result.hpp"

#include "documents/json.hpp"
#include "model/error.hpp"

#include <ostream>

namespace deployctl::cli {

namespace {

Value versioned(const Value& value) {
    auto whole = value;
    whole.set("/v", 1);
    return whole;
}

void print_lines(std::ostream& out, const Value& value) {
    if (!value.has("/items")) {
        out << documents::write_json(versioned(value)) << "\n";
        return;
    }
    for (const auto& item : value.items("/items")) {
        out << documents::write_json(versioned(item)) << "\n";
    }
}

}  // namespace

void print(const Session& session, const Result& result) {
    auto& out = session.terminal.out;
    switch (session.globals.look.format) {
        case Format::json:
            out << documents::write_json_indented(versioned(result.value)) << "\n";
            break;
        case Format::yaml: out << write_yaml(versioned(result.value)); break;
        case Format::ndjson: print_lines(out, result.value); break;
        case Format::name:
            for (const auto& name : result.names) {
                out << printable(name) << "\n";
            }
            break;
        case Format::sarif:
        case Format::junit:
        case Format::markdown:
        case Format::html:
            throw Error(
                ExitCode::usage,
                "this command has no such report",
                "`assess` writes sarif, junit, md and html; use -o json"
            );
        case Format::automatic:
        case Format::table:
        case Format::wide: out << result.text(session.terminal.out_style); break;
    }
    out.flush();
}

bool is_wide(const Session& session) {
    return session.globals.look.format == Format::wide;
}

bool wants_data(const Session& session) {
    const auto format = session.globals.look.format;
    return format == Format::json || format == Format::yaml || format == Format::ndjson ||
           format == Format::name;
}

}  // namespace deployctl::cli
