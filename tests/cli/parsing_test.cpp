// SPDX-License-Identifier: Apache-2.0
#include "cli/parsing.hpp"

#include "cli/manual.hpp"
#include "tests/cli/golden_check.hpp"
#include "tests/cli/shell.hpp"

using namespace deployctl;
using namespace deployctl::cli;
using tests::Shell;

namespace {

/// Globals as a line leaves them.
Globals globals_of(
    const std::vector<std::string>& words, std::map<std::string, std::string> variables = {}
) {
    const EnvironmentLookup look_up = [&](const std::string& name) -> std::optional<std::string> {
        return variables.contains(name) ? std::optional(variables[name]) : std::nullopt;
    };
    Globals globals;
    const auto invocation = parse(words, look_up, globals);
    CHECK(invocation.run);
    return globals;
}

std::string error_of(const std::string& line) {
    const auto answer = Shell().run(line);
    CHECK(answer.exit == 2);
    CHECK(answer.out.empty());
    return answer.err;
}

}  // namespace

TEST_CASE("a word that is no command is refused with the one that was meant", "[cli]") {
    CHECK(
        error_of("rollout statsu") ==
        "error[usage]: unknown command `statsu` after `rollout`\n  = help: use rollout status\n"
    );
    CHECK(
        error_of("advance") ==
        "error[usage]: unknown command `advance`\n  = help: use rollout advance\n"
    );
    CHECK(
        error_of("advnce") ==
        "error[usage]: unknown command `advnce`\n  = help: use rollout advance\n"
    );
    CHECK(
        error_of("histroy") == "error[usage]: unknown command `histroy`\n  = help: use history\n"
    );
    CHECK(error_of("rollout advanced").find("use rollout advance\n") != std::string::npos);
    CHECK(
        error_of("rollout tornado v2").find("known here: canary, blue-green, rolling") !=
        std::string::npos
    );
}

TEST_CASE("an option without its value is told what it needs", "[cli]") {
    CHECK(
        error_of("plan v2 --steps") ==
        "error[usage]: `--steps` needs a value: canary weights instead of the configured ones\n"
        "  = help: write --steps 5,25,50\n"
    );
    CHECK(error_of("plan v2 -e").find("`--env` needs a value") != std::string::npos);
}

TEST_CASE("no option is taken for a value, and no empty text for one that was left out", "[cli]") {
    for (const auto* line :
         {"freeze add --now --for 1h --reason --env demo",
          "freeze add --now --reason= --for 1h",
          "history --color= --limit 3",
          "plan v2 --env="}) {
        CAPTURE(line);
        CHECK(error_of(line).find("needs a value: ") != std::string::npos);
    }
    CHECK(
        error_of("freeze add --now --reason " + std::string(8193, 'x'))
            .find("the value of `--reason` has 8193 bytes") != std::string::npos
    );
}

TEST_CASE("a flag takes no value", "[cli]") {
    for (const auto* line :
         {"config validate --strict=nonsense", "plan v2 --quiet=x", "version --verbose=9999999999"
         }) {
        CAPTURE(line);
        CHECK(error_of(line).find("takes no value") != std::string::npos);
    }
    CHECK(
        error_of("version --help=x") ==
        "error[usage]: `--help` takes no value\n  = help: write --help\n"
    );
}

TEST_CASE("options alone are no command", "[cli]") {
    CHECK(error_of("--nope").find("unknown option `--nope`") != std::string::npos);
    CHECK(error_of("-x").find("unknown option `-x`") != std::string::npos);
    CHECK(
        error_of("--quiet") ==
        "error[usage]: no command is named\n  = help: deployctl --help lists them\n"
    );
    CHECK(Shell().run("").exit == 0);
}

TEST_CASE("help is a command too", "[cli]") {
    CHECK(Shell().run("help").out == Shell().run("--help").out);
    CHECK(Shell().run("help rollout").out == Shell().run("rollout --help").out);
    CHECK(Shell().run("help rollout canary").out == Shell().run("rollout canary --help").out);
    CHECK(error_of("help rollot").find("use rollout") != std::string::npos);
}

TEST_CASE("commands and options are not abbreviated", "[cli]") {
    CHECK(error_of("hist").find("unknown command `hist`") != std::string::npos);
    CHECK(error_of("rollout stat").find("unknown command `stat`") != std::string::npos);
    CHECK(
        error_of("plan v2 --step 5").find("unknown option `--step`\n  = help: use --steps") !=
        std::string::npos
    );
    CHECK(error_of("history --sinc 3d").find("use --since") != std::string::npos);
}

TEST_CASE("a group without a verb, a missing and a surplus argument are refused", "[cli]") {
    CHECK(error_of("gate").find("`gate` needs one of: list, show, test") != std::string::npos);
    CHECK(error_of("plan").find("`plan` needs TAG") != std::string::npos);
    CHECK(error_of("plan v2 v3").find("unexpected `v3`") != std::string::npos);
    CHECK(error_of("plan v2 --out").find("--out") != std::string::npos);
    CHECK(error_of("state backup").find("needs FILE") != std::string::npos);
}

TEST_CASE("a value that cannot be read says whose it is and what would be right", "[cli]") {
    CHECK(
        error_of("plan v2 --steps 5,x").find("--steps: `x` is no whole number") != std::string::npos
    );
    CHECK(
        error_of("history --since soon").find("--since: `soon` is no duration") != std::string::npos
    );
    CHECK(
        error_of("rollout list --limit many").find("--limit: `many` is no whole number") !=
        std::string::npos
    );
    CHECK(error_of("rollout list -o jsn").find("did you mean `json`?") != std::string::npos);
    CHECK(
        error_of("completion tcsh").find("SHELL: `tcsh` is not one of: bash, zsh, fish") !=
        std::string::npos
    );
    CHECK(
        error_of("rollout watch --until gone").find("is not one of: pending, running") !=
        std::string::npos
    );
}

TEST_CASE("options of every command stand before or after it", "[cli]") {
    const auto before = globals_of({"-e", "production", "--app=shop", "history", "-n", "x"});
    CHECK(before.place.environment == "production");
    CHECK(before.place.app == "shop");
    CHECK(before.place.kube_namespace == "x");
    const auto after = globals_of(
        {"history",
         "-C",
         "/tmp",
         "-f",
         "other.yaml",
         "--context",
         "kind",
         "--state",
         "s.db",
         "--log-file",
         "l.txt"}
    );
    CHECK(after.place.directory == "/tmp");
    CHECK(after.place.file == "other.yaml");
    CHECK(after.place.context == "kind");
    CHECK(after.place.state == "s.db");
    CHECK(after.look.log_file == "l.txt");
    const auto look = globals_of(
        {"history", "-vv", "--ascii", "--color", "never", "--progress", "plain", "-o", "wide"}
    );
    CHECK(look.look.verbosity == 2);
    CHECK(look.look.ascii);
    CHECK(look.look.colour == ColourChoice::never);
    CHECK(look.look.progress == ProgressStyle::plain);
    CHECK(look.look.format == Format::wide);
    CHECK(globals_of({"history", "--verbose", "--output", "yaml"}).look.format == Format::yaml);
    CHECK(globals_of({"history", "-q"}).look.progress == ProgressStyle::quiet);
    CHECK(globals_of({"history", "--quiet", "--no-input", "--yes"}).consent.yes);
    CHECK(
        globals_of(
            {"history", "--directory", ".", "--file", "d.yaml", "--env", "e", "--namespace", "n"}
        )
            .place.file == "d.yaml"
    );
}

TEST_CASE("each option of every command is a variable too, and the option wins", "[cli]") {
    const auto mirrored = globals_of(
        {"history"},
        {{"DEPLOYCTL_ENV", "staging"}, {"DEPLOYCTL_NO_INPUT", "1"}, {"DEPLOYCTL_OUTPUT", "json"}}
    );
    CHECK(mirrored.place.environment == "staging");
    CHECK(mirrored.consent.no_input);
    CHECK(mirrored.look.format == Format::json);
    const auto both = globals_of(
        {"history", "-e", "dev"}, {{"DEPLOYCTL_ENV", "staging"}, {"DEPLOYCTL_YES", "0"}}
    );
    CHECK(both.place.environment == "dev");
    CHECK_FALSE(both.consent.yes);
    Shell shell;
    shell.environment["DEPLOYCTL_NO_INPUT"] = "foo";
    const auto unclear = shell.run("version");
    CHECK(unclear.exit == 2);
    CHECK(unclear.err.find("DEPLOYCTL_NO_INPUT: `foo` is neither yes nor no") != std::string::npos);
}

TEST_CASE("an option that is not in this version says so, and what to do instead", "[cli]") {
    CHECK(
        error_of("rollout canary v2 --detach") ==
        "error[usage]: `--detach` is not in this version\n  = help: a rollout runs in its command: "
        "put that into the background, and use rollout watch\n"
    );
    CHECK(error_of("rollout start v2 --set a=b").find("write the value into") != std::string::npos);
    CHECK(error_of("rollout start v2 --ref=x").find("`--ref` is not in") != std::string::npos);
}

TEST_CASE("help is a result: of a command, a group, or everything", "[cli]") {
    Shell shell;
    const auto leaf = shell.run("rollout canary --help");
    CHECK(leaf.exit == 0);
    CHECK(leaf.err.empty());
    CHECK(leaf.out.starts_with("Bring a version out by canary."));
    CHECK(shell.run("rollout -h").out.find("rollout status") != std::string::npos);
    CHECK(shell.run("").out.find("doctor") != std::string::npos);
    CHECK(shell.run("--version").out.starts_with("deployctl "));
    CHECK(shell.run("version -o json").out.find("\"version\"") != std::string::npos);
}

TEST_CASE("the overview has each command once, under a title", "[cli]") {
    Shell shell;
    const auto text = shell.run("").out;
    for (const auto& command : all_commands()) {
        const auto line = "\n  " + std::string(command.path) + "  ";
        CAPTURE(line);
        const auto first = text.find(line);
        REQUIRE(first != std::string::npos);
        CHECK(text.find(line, first + 1) == std::string::npos);
    }
    CHECK(text.find("\n\nDecide\n  approve ") != std::string::npos);
}

namespace {

Form form_of(const cli::Command& command) {
    Form form;
    CHECK(command.declare(form));
    return form;
}

std::string all_examples() {
    std::string lines;
    for (const auto& command : all_commands()) {
        const auto form = form_of(command);
        for (const auto& example : form.examples()) {
            lines += " " + example.line + " ";
        }
    }
    return lines;
}

/// Typed somewhere, by its long name or its short one.
bool is_typed(const OptionSpec& option, const std::string& lines) {
    const auto comma = option.names.find(',');
    const auto has = [&lines](const std::string& name) {
        return lines.find(" " + name + " ") != std::string::npos;
    };
    return has(option.long_name()) ||
           (comma != std::string::npos && has(option.names.substr(0, comma)));
}

}  // namespace

TEST_CASE("every command has an example, and every option stands in one", "[cli]") {
    const auto lines = all_examples();
    Globals globals;
    Form global_form;
    declare_globals(global_form, globals);
    for (const auto& option : global_form.options()) {
        INFO(option.names);
        CHECK(is_typed(option, lines));
    }
    for (const auto& command : all_commands()) {
        INFO(command.path);
        CHECK(lines.find(std::string("deployctl ") + command.path) != std::string::npos);
        const auto form = form_of(command);
        for (const auto& option : form.options()) {
            INFO(option.names);
            CHECK(is_typed(option, lines));
        }
    }
}

TEST_CASE("the reference of the commands is up to date", "[cli]") {
    const auto answer = tests::compare_with_golden("docs/commands.md", reference());
    INFO(answer.note);
    CHECK(reference() == answer.expected);
    CHECK(answer.is_same);
}

TEST_CASE("the help of a command looks so", "[cli]") {
    tests::check_golden("help_rollout_canary.txt", Shell().run("rollout canary --help").out);
    tests::check_golden("overview.txt", Shell().run("").out);
}

TEST_CASE("every example of every command can be parsed", "[cli]") {
    for (const auto& command : all_commands()) {
        Form form;
        command.declare(form);
        for (const auto& example : form.examples()) {
            if (!example.line.starts_with("deployctl ")) {
                continue;
            }
            std::vector<std::string> words{""};
            bool is_quoted = false;
            for (const char letter : example.line.substr(10)) {
                is_quoted = is_quoted != (letter == '"');
                if ((letter == '|' || letter == '>') && !is_quoted) {
                    break;
                }
                if (letter == ' ' && !is_quoted) {
                    words.emplace_back();
                } else if (letter != '"') {
                    words.back() += letter;
                }
            }
            std::erase(words, "");
            std::erase(words, "3");  // of 3>file
            Globals globals;
            INFO(example.line);
            CHECK_NOTHROW(parse(words, [](const std::string&) { return std::nullopt; }, globals));
        }
    }
}
