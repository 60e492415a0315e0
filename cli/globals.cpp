// SPDX-License-Identifier: Apache-2.0
#include "cli/globals.hpp"

#include <algorithm>
#include <cctype>

namespace deployctl::cli {

namespace {

void declare_place(Form& form, Place& place) {
    form.add_option("-C,--directory", "DIR", "work in this folder", into(place.directory));
    form.add_option(
        "-f,--file",
        "FILE",
        "the configuration (default: deploy.yaml, where there is one)",
        into(place.file)
    );
    form.add_option(
        "-e,--env",
        "ENV",
        "the environment; needed where there are several",
        into(place.environment)
    );
    form.add_option("--app", "APP", "the app (default: the configuration's)", into(place.app));
    form.add_option(
        "--context",
        "CONTEXT",
        "the kubeconfig context; must be the environment's where that names one",
        into(place.context)
    );
    form.add_option("-n,--namespace", "NAMESPACE", "the namespace", into(place.kube_namespace));
    form.add_option(
        "--state",
        "FILE",
        "the journal (default: $XDG_STATE_HOME/deployctl/state.db)",
        into(place.state)
    );
}

void declare_look(Form& form, Look& look) {
    form.add_option(
        "-o,--output",
        "FORMAT",
        "how results are written; sarif, junit, md and html are of `assess`",
        one_of<Format, Format>(
            look.format,
            {{"auto", Format::automatic},
             {"table", Format::table},
             {"wide", Format::wide},
             {"json", Format::json},
             {"yaml", Format::yaml},
             {"ndjson", Format::ndjson},
             {"name", Format::name},
             {"sarif", Format::sarif},
             {"junit", Format::junit},
             {"md", Format::markdown},
             {"html", Format::html}}
        )
    );
    form.add_option(
        "--progress",
        "STYLE",
        "how progress is written, to the error output",
        one_of<ProgressStyle, ProgressStyle>(
            look.progress,
            {{"auto", ProgressStyle::automatic},
             {"tty", ProgressStyle::tty},
             {"plain", ProgressStyle::plain},
             {"json", ProgressStyle::json},
             {"quiet", ProgressStyle::quiet}}
        )
    );
    form.add_option(
        "--color",
        "WHEN",
        "colours; NO_COLOR, CLICOLOR_FORCE and TERM=dumb are understood",
        one_of<ColourChoice, ColourChoice>(
            look.colour,
            {{"auto", ColourChoice::automatic},
             {"always", ColourChoice::always},
             {"never", ColourChoice::never}}
        )
    );
    form.add_flag("--ascii", look.ascii, "no signs beyond ASCII");
    form.add_flag("-v,--verbose", look.verbosity, "each write too; -vv: every event");
    form.add_option(
        "--log-file",
        "FILE",
        "every event, as plain lines, into this file as well",
        into(look.log_file)
    );
}

bool is_on(const std::string& text, const std::string& name) {
    if (text == "0" || text == "false") {
        return false;
    }
    if (text != "1" && text != "true") {
        throw Error(
            ExitCode::usage,
            name + ": `" + text + "` is neither yes nor no",
            "write 1 or true, 0 or false, or unset it"
        );
    }
    return true;
}

}  // namespace

void declare_globals(Form& form, Globals& globals) {
    declare_place(form, globals.place);
    declare_look(form, globals.look);
    auto& look = globals.look;
    ValueReader quiet{[&look](const std::string&, const std::string&) {
        look.progress = ProgressStyle::quiet;
    }};
    form.add_option("-q,--quiet", "", "results and errors only", std::move(quiet));
    form.add_flag("--no-input", globals.consent.no_input, "never ask");
    form.add_flag("-y,--yes", globals.consent.yes, "answer yes to what is asked before a rollout");
}

std::string mirror_name(const OptionSpec& option) {
    std::string name = "DEPLOYCTL_" + option.long_name().substr(2);
    for (auto& letter : name) {
        letter = letter == '-'
                     ? '_'
                     : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
    return name;
}

void read_mirrors(const Form& globals, const EnvironmentLookup& environment) {
    for (const auto& option : globals.options()) {
        const auto name = mirror_name(option);
        const auto text = environment(name);
        if (text && (!option.value.empty() || is_on(*text, name))) {
            option.reader.set(*text, name);
        }
    }
}

}  // namespace deployctl::cli
