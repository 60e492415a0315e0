// SPDX-License-Identifier: Apache-2.0
// What every command understands: where to work, how to show it, what may be asked. Each is a flag,
// or an environment variable DEPLOYCTL_<NAME>; the flag wins. Values; filled once, by the parser.
#pragma once

#include "cli/form.hpp"

#include <functional>
#include <optional>
#include <string>

namespace deployctl::cli {

enum class Format {
    automatic,
    table,
    wide,
    json,
    yaml,
    ndjson,
    name,
    sarif,  ///< this and the next ones: of an assessment alone
    junit,
    markdown,
    html,
};
enum class ProgressStyle { automatic, tty, plain, json, quiet };
enum class ColourChoice { automatic, always, never };

/// What is meant: the file, and the place that it describes.
struct Place {
    std::string directory;
    std::string file;
    std::string environment;
    std::string app;
    std::string context;
    std::string kube_namespace;
    std::string state;
};

struct Look {
    Format format = Format::automatic;
    ProgressStyle progress = ProgressStyle::automatic;
    ColourChoice colour = ColourChoice::automatic;
    bool ascii = false;
    int verbosity = 0;
    std::string log_file;
};

struct Consent {
    bool no_input = false;
    bool yes = false;
};

struct Globals {
    Place place;
    Look look;
    Consent consent;
};

using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// `globals` outlives the form.
void declare_globals(Form& form, Globals& globals);
/// Sets what DEPLOYCTL_* variables say; flags are read after it.
void read_mirrors(const Form& globals, const EnvironmentLookup& environment);
/// "--log-file" to "DEPLOYCTL_LOG_FILE".
std::string mirror_name(const OptionSpec& option);

}  // namespace deployctl::cli
