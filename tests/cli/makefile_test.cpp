// SPDX-License-Identifier: Apache-2.0
// `config init --makefile`: what is in it, and when it is written. tests/cli/makefile_test.py lets
// make run it.
#include "cli/makefile.hpp"

#include "cli/command.hpp"
#include "model/error.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

using namespace deployctl;
using namespace deployctl::cli;
using tests::Folder;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<MakefileTarget> all_targets() {
    return makefile_targets([](std::string_view) { return true; });
}

std::vector<std::string> option_names(const cli::Command& command) {
    Form form;
    command.declare(form);
    std::vector<std::string> names;
    for (const auto& option : form.options()) {
        names.push_back(option.long_name());
    }
    return names;
}

/// Those that the words after a verb may come to.
std::vector<std::string> options_in(std::string words) {
    const std::map<std::string, std::string> variables{
        {"$(FROM_WORD)", "--from"}, {"$(TO_WORD)", "--to"}, {"$(CONFIRM_WORD)", "--confirm"}
    };
    for (const auto& [variable, option] : variables) {
        if (const auto at = words.find(variable); at != std::string::npos) {
            words.replace(at, variable.size(), option);
        }
    }
    std::vector<std::string> options;
    std::istringstream each(words);
    for (std::string word; each >> word;) {
        if (word.starts_with("--")) {
            options.push_back(word);
        }
    }
    return options;
}

}  // namespace

TEST_CASE("each target says only options that its verb has", "[cli]") {
    std::size_t checked = 0;
    for (const auto& target : all_targets()) {
        const auto* command = find_command(target.verb);
        if (command == nullptr) {
            continue;
        }
        const auto known = option_names(*command);
        for (const auto& option : options_in(std::string(target.words))) {
            CAPTURE(std::string(target.name), option);
            CHECK(std::ranges::count(known, option) == 1);
            ++checked;
        }
    }
    CHECK(checked >= 8);
}

TEST_CASE("a Makefile has a target for each way of bringing a version out and back", "[cli]") {
    std::set<std::string_view> names;
    for (const auto& target : all_targets()) {
        CHECK(names.insert(target.name).second);
    }
    for (const auto* name :
         {"deploy",       "canary",    "blue-green", "rolling",    "plan",        "status",
          "watch",        "rollback",  "promote",    "infra-plan", "infra-apply", "infra-drift",
          "infra-backup", "db-backup", "db-verify",  "db-restore", "dr-plan",     "dr-drill",
          "assess",       "freeze",    "unfreeze"}) {
        CAPTURE(name);
        CHECK(names.contains(name));
    }
}

TEST_CASE("a Makefile has no verb that this program has not", "[cli]") {
    const auto some = makefile_targets([](std::string_view verb) { return verb == "plan"; });
    const auto text = makefile_text(some, "deploy.yaml");
    CHECK(contains(text, "\nplan:\n"));
    CHECK_FALSE(contains(text, "canary:"));
    CHECK(contains(text, ".PHONY: help plan\n"));
    CHECK(contains(text, "\t@echo '  make plan  what bringing TAG out would do'\n"));
}

TEST_CASE("a name is written for make as it is, or refused", "[cli]") {
    CHECK(contains(makefile_text({}, "my $file #2.yaml"), "DEPLOY_FILE := my $$file \\#2.yaml\n"));
    CHECK(contains(makefile_text({}, " a.yaml"), "DEPLOY_FILE := $(NOTHING) a.yaml\n"));
    CHECK_THROWS_AS(makefile_text({}, "a\nall: x"), Error);
    CHECK_THROWS_AS(makefile_text({}, "a\\"), Error);
}

TEST_CASE("config init --makefile writes one, once, and never over another", "[cli]") {
    Shell shell;
    const Folder folder;
    const auto file = folder.path("deploy.yaml");
    const std::string configuration = "apiVersion: deployctl/v1\n";
    folder.write("deploy.yaml", configuration);
    const auto line = "config init --makefile -f " + file;
    const auto answer = shell.run(line + " -o name");
    CHECK(answer.exit == 0);
    CHECK(answer.out == folder.path("Makefile") + "\n");
    const auto written = folder.read("Makefile");
    CHECK(contains(written, "\ncanary:\n"));
    CHECK(shell.run(line).exit == 0);
    CHECK(folder.read("Makefile") == written);

    folder.write("Makefile", "all:\n");
    const auto refused = shell.run(line);
    CHECK(refused.exit == 2);
    CHECK(contains(refused.err, "is there already, and says something else"));
    CHECK(folder.read("Makefile") == "all:\n");
    CHECK(shell.run(line + " --force").exit == 0);
    CHECK(folder.read("Makefile") == written);
    CHECK(folder.read("deploy.yaml") == configuration);
}

TEST_CASE("nothing is written where a Makefile is in the way", "[cli]") {
    Shell shell;
    const Folder folder;
    folder.write("k8s/web.yaml", "kind: Deployment\n");
    folder.write("Makefile", "all:\n");
    const auto answer = shell.run(
        "config init --makefile --from " + folder.path("k8s") + " -f " + folder.path("deploy.yaml")
    );
    CHECK(answer.exit == 2);
    CHECK_FALSE(std::filesystem::exists(folder.path("deploy.yaml")));
}
