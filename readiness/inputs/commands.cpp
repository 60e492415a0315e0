// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/commands.hpp"

#include "documents/lines.hpp"
#include "documents/script.hpp"
#include "readiness/inputs/deliveries.hpp"
#include "readiness/inputs/run_commands.hpp"
#include "readiness/patterns.hpp"
#include "readiness/recognition.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;
using documents::Spot;

const RE2& backing_up() {
    static const RE2 pattern(
        R"((^|[^\w./-])(pg_dump|pg_dumpall|pg_basebackup|mysqldump|mariadb-dump|mydumper|xtrabackup|)"
        R"(mongodump|redis-cli\b.*\b(BGSAVE|SAVE|--rdb)|restic\b.*\bbackup|borg create|)"
        R"(velero\b.*\bbackup create|wal-g\b.*backup-push|pgbackrest\b.*\bbackup|barman backup|)"
        R"(etcdctl\b.*snapshot save|aws rds create-db(-cluster)?-snapshot|)"
        R"(aws ec2 create-snapshot|influxd? backup)\b)"
    );
    return pattern;
}

/// Where something is said, only what runs beside it counts.
template <class Test>
bool runs(std::string_view line, const Test& test) {
    return test(line) && (!says_something(line) || std::ranges::any_of(commands_run(line), test));
}

bool backs_up(std::string_view line) {
    return runs(line, [](std::string_view text) { return is_found(backing_up(), text); });
}

bool restores(std::string_view line) {
    static const RE2 pattern(
        R"((^|[^\w./-])(pg_restore|restic\b.*\brestore|velero\b.*\brestore create|mongorestore|)"
        R"(wal-g\b.*backup-fetch|pgbackrest\b.*\brestore|etcdctl\b.*snapshot restore|)"
        R"(aws rds restore-db\S*|terraform\b.*\bstate push)\b|)"
        R"(\b(psql|mysql|mariadb)\b[^|]*<\s*\S|(zcat|gunzip|cat|gpg)\b.*\|\s*.*\b(psql|mysql|mariadb)\b)"
    );
    return is_found(pattern, line) && (!says_something(line) || !commands_run(line).empty());
}

/// Commands of one origin.
struct Commands {
    const Subject* origin;
    std::string path;
    std::vector<documents::ScriptLine> lines;
    std::vector<std::string_view> strict;
    const Node* schedule = nullptr;
};

/// The text of a block begins on the line below its sign.
std::vector<documents::ScriptLine> lines_of(const Node& text) {
    const bool is_block = text.text.find('\n') != text.text.npos;
    return documents::script_lines(text.text, text.spot.line + (is_block ? 1 : 0));
}

void append(std::vector<documents::ScriptLine>& to, const Node& text) {
    if (text.is_scalar()) {
        auto lines = lines_of(text);
        std::ranges::move(lines, std::back_inserter(to));
    }
}

class Gathering {
public:
    explicit Gathering(Facts& facts) : facts_(facts) {
        AssessedFile made;
        made.path = ".";
        made.kind = unrecognised;  // it counts for nothing that was read
        made.rendering = "commands";
        tree_ = &facts.add(std::move(made)).tree;
    }

    void take(const Commands& commands) {
        for (const auto& [kind, is_one] : kinds) {
            const auto found = std::ranges::find_if(commands.lines, [&](const auto& line) {
                return is_one(line.text);
            });
            const bool is_of_test = is_one == runs_delivery && are_for_a_test(commands.lines);
            if (found == commands.lines.end() || is_of_test) {
                continue;
            }
            if (facts_.of(kind).size() < most) {
                add(kind, commands, found->spot);
            } else {
                facts_.add(TooMany{kind, commands.origin->file});
            }
        }
    }

private:
    /// Of each kind: checks hold them against all else that runs.
    static constexpr std::size_t most = 300;

    struct Kind {
        const char* name;
        bool (*is_one)(std::string_view);
    };

    static constexpr std::array<Kind, 3> kinds = {
        {{"deploy-commands", runs_delivery},
         {"backup-commands", backs_up},
         {"restore-commands", restores}}
    };

    void add(const char* kind, const Commands& commands, Spot spot) {
        std::vector<Node> lines;
        for (const auto& line : commands.lines) {
            lines.push_back(tree_->scalar(line.spot, tree_->keep(line.text), NodeKind::quoted));
        }
        std::vector<Node> strict;
        for (const auto name : commands.strict) {
            strict.push_back(tree_->scalar(spot, tree_->keep(name)));
        }
        std::vector<Node> tools;
        for (const auto& name : tools_of(commands)) {
            tools.push_back(tree_->scalar(spot, tree_->keep(name), NodeKind::quoted));
        }
        std::vector<NodeEntry> entries = {
            {"tools", spot, tree_->list(spot, tools)},
            {"lines", spot, tree_->list(spot, lines)},
            {"runs", spot, runs_of(commands, spot)},
            {"text", spot, tree_->scalar(spot, tree_->keep(joined(commands)), NodeKind::quoted)},
            {"strict", spot, tree_->list(spot, strict)}
        };
        if (commands.schedule != nullptr) {
            entries.push_back({"schedule", commands.schedule->spot, *commands.schedule});
        }
        Subject subject;
        subject.kind = kind;
        subject.name = commands.origin->name;
        subject.path = commands.path;
        subject.node = &nodes(tree_->map(spot, entries));
        subject.file = commands.origin->file;
        subject.parent = commands.origin;
        subject.scope = commands.origin->scope;
        facts_.add(std::move(subject));
    }

    /// Those of the line at `first` come first: reports show it.
    Node runs_of(const Commands& commands, Spot first) {
        std::vector<Node> runs;
        const auto append_runs = [&](const documents::ScriptLine& line) {
            for (const auto& run : commands_run(line.text)) {
                runs.push_back(tree_->scalar(line.spot, tree_->keep(run), NodeKind::quoted));
            }
        };
        const auto is_first = [&](const documents::ScriptLine& line) {
            return line.spot.line == first.line && line.spot.column == first.column;
        };
        for (const auto& line : commands.lines) {
            if (is_first(line)) {
                append_runs(line);
            }
        }
        for (const auto& line : commands.lines) {
            if (!is_first(line)) {
                append_runs(line);
            }
        }
        return tree_->list(first, runs);
    }

    /// What backs up, each once; more than these are nobody's script.
    static std::set<std::string> tools_of(const Commands& commands) {
        constexpr std::size_t most_tools = 20;
        std::set<std::string> tools;
        for (const auto& line : commands.lines) {
            std::string tool;
            if (tools.size() < most_tools && backs_up(line.text) &&
                RE2::PartialMatch(line.text, backing_up(), nullptr, &tool)) {
                tools.insert(tool);
            }
        }
        return tools;
    }

    static std::string joined(const Commands& commands) {
        std::string text;
        for (const auto& line : commands.lines) {
            text += (text.empty() ? "" : "; ") + line.text;
        }
        return text;
    }

    /// A list of one, since the list of roots moves as it grows.
    const Node& nodes(const Node& node) { return tree_->list(node.spot, {node}).items.front(); }

    Facts& facts_;
    documents::Tree* tree_ = nullptr;
};

std::vector<std::string_view> texts(const Node& list) {
    std::vector<std::string_view> found;
    for (const auto& item : list.items) {
        found.push_back(item.text);
    }
    return found;
}

Commands of_script(const Subject& script) {
    Commands commands{&script, script.path, {}, texts(script.node->at("strict")), nullptr};
    for (const auto& line : script.node->at("lines").items) {
        commands.lines.push_back({std::string(line.text), line.spot});
    }
    return commands;
}

Commands of_target(const Subject& makefile, const NodeEntry& target) {
    Commands commands{
        &makefile, makefile.path + " -> target/" + std::string(target.key), {}, {}, {}
    };
    const auto flags = makefile.node->text_at("variables/.SHELLFLAGS");
    commands.strict = {"errexit"};
    if (flags.find("pipefail") != flags.npos) {
        commands.strict.push_back("pipefail");
    }
    for (const auto& line : target.value.at("recipe").items) {
        auto text = line.text;
        while (!text.empty() && std::string_view("@-+").find(text.front()) != text.npos) {
            text.remove_prefix(1);
        }
        commands.lines.push_back({std::string(documents::trim(text)), line.spot});
    }
    return commands;
}

/// What a step takes from elsewhere, and what its environment sets, as lines of a script.
void append_setting(std::vector<documents::ScriptLine>& to, const Node& node) {
    if (node.at("uses").is_scalar()) {
        to.push_back({"uses: " + std::string(node.text_at("uses")), node.at("uses").spot});
    }
    for (const auto& entry : node.at("env").entries) {
        to.push_back({std::string(entry.key) + "=" + std::string(entry.value.text), entry.spot});
    }
}

/// GitHub's own shell ends at failures; pipes only where `shell: bash` is said.
Commands of_workflow_job(const Subject& job) {
    Commands commands{&job, job.path, {}, {"errexit"}, nullptr};
    const auto& node = *job.node;
    auto shell = node.text_at("defaults/run/shell");
    append_setting(commands.lines, node);
    if (job.parent != nullptr) {
        const auto& workflow = *job.parent->node;
        shell = shell.empty() ? workflow.text_at("defaults/run/shell") : shell;
        const auto& cron = workflow.at("on/schedule/0/cron");
        commands.schedule = cron.is_scalar() ? &cron : nullptr;
    }
    bool is_pipe_strict = true;
    for (const auto& step : node.at("steps").items) {
        append_setting(commands.lines, step);
        append(commands.lines, step.at("run"));
        const auto own = step.text_at("shell", shell);
        is_pipe_strict = is_pipe_strict && (!step.at("run").exists() || own == "bash");
    }
    if (is_pipe_strict) {
        commands.strict.emplace_back("pipefail");
    }
    return commands;
}

Commands of_gitlab_job(const Subject& job) {
    Commands commands{&job, job.path, {}, {"errexit", "pipefail"}, nullptr};
    for (const auto* const key : {"before_script", "script", "after_script"}) {
        const auto& script = job.node->at(key);
        append(commands.lines, script);
        for (const auto& line : script.items) {
            append(commands.lines, line);
        }
    }
    return commands;
}

/// Of `set` in the commands themselves.
void find_strictness(Commands& commands) {
    static const RE2 pipefail("set -\\w*o pipefail");
    static const RE2 errexit("set -\\w*e");
    for (const auto& line : commands.lines) {
        if (is_found(errexit, line.text)) {
            commands.strict.emplace_back("errexit");
        }
        if (is_found(pipefail, line.text)) {
            commands.strict.emplace_back("pipefail");
        }
    }
}

/// Whether the next argument is a script: `sh -c`, `bash -ceu`, or the first one of all.
bool takes_script(std::string_view before) {
    static const RE2 option("(^| )-[a-z]*c[a-z]*$");
    return before.empty() || is_found(option, before);
}

/// Scripts by themselves, and all other arguments in one line: `[pg_dump, -Fc, shop]`.
Commands of_container(const Subject& container) {
    Commands commands{&container, container.path, {}, {}, nullptr};
    std::string joined;
    Spot spot;
    for (const auto* const key : {"command", "args"}) {
        for (const auto& word : container.node->at(key).items) {
            const bool is_spaced = word.text.find_first_of(" \n") != word.text.npos;
            if (is_spaced && takes_script(joined)) {
                append(commands.lines, word);
                continue;
            }
            const auto quote = is_spaced ? "\"" : "";
            joined += (joined.empty() ? "" : " ") + (quote + std::string(word.text)) + quote;
            spot = spot.line == 0 ? word.spot : spot;
        }
    }
    if (!joined.empty()) {
        commands.lines.push_back({joined, spot});
    }
    find_strictness(commands);
    const auto* workload = container.nearest("workload");
    if (workload != nullptr && workload->node->at("spec/schedule").is_scalar()) {
        commands.schedule = &workload->node->at("spec/schedule");
    }
    return commands;
}

void gather(FileList /*files*/, Facts& facts) {
    Gathering gathering(facts);
    using One = Commands (*)(const Subject&);
    static constexpr std::array<std::pair<const char*, One>, 4> origins = {
        {{"script", of_script},
         {"workflow-job", of_workflow_job},
         {"gitlab-job", of_gitlab_job},
         {"container", of_container}}
    };
    for (const auto& [kind, commands_of] : origins) {
        for (const auto* subject : facts.of(kind)) {
            gathering.take(commands_of(*subject));
        }
    }
    for (const auto* makefile : facts.of("makefile")) {
        for (const auto& target : makefile->node->at("targets").entries) {
            gathering.take(of_target(*makefile, target));
        }
    }
}

}  // namespace

Input commands_input() {
    return {"commands", "", [](const AssessedFile& /*file*/) { return false; }, gather, nullptr};
}

}  // namespace deployctl::readiness
