// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/shell.hpp"

#include "cli/complaint.hpp"
#include "cli/parsing.hpp"
#include "simcluster/run.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdlib.h>

namespace deployctl::tests {

using namespace simcluster;

namespace {

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> words{""};
    bool is_quoted = false;
    for (const char letter : line) {
        if (letter == '\'') {
            is_quoted = !is_quoted;
        } else if (letter == ' ' && !is_quoted) {
            words.emplace_back();
        } else {
            words.back() += letter;
        }
    }
    std::erase(words, "");
    return words;
}

}  // namespace

FakeParts::FakeParts() : world(time), signals(time), keyboard(time) {
    lose_journal();
}

void FakeParts::lose_journal() {
    entries = std::make_unique<state::MemStore>(time);
    deeds = std::make_unique<state::MemOperations>(time);
}

void FakeParts::has_promoted(
    const std::string& app, const std::string& env, const std::string& tag
) {
    NewRollout made;
    made.record.id = app + "-" + env + "-" + tag;
    made.record.target = {app, env, app + "-" + env, "uid"};
    made.record.next_version = tag;
    simcluster::run(entries->begin(made));
    using enum RolloutState;
    const std::vector<Entry> end{
        StateChanged{pending, running, Direction::forward, "", {}},
        StateChanged{running, promoted, Direction::forward, "", ExitCode::done},
    };
    simcluster::run(entries->append(made.record.id, 1, end));
}

Task<cli::ClusterChoice> FakeParts::settle(cli::ClusterChoice choice) {
    if (server_is_away) {
        throw Error(ExitCode::stopped_watching, "the API server does not answer", "try again");
    }
    choice.context = choice.context.empty() ? "lab" : choice.context;
    choice.kube_namespace = choice.kube_namespace.empty() ? "shop" : choice.kube_namespace;
    co_return choice;
}

Cluster& FakeParts::cluster(const cli::ClusterChoice& choice) {
    last_choice = choice;
    const auto found = others.find(choice.kube_namespace);
    return found == others.end() ? world : *found->second;
}

SimCluster& FakeParts::world_in(const std::string& kube_namespace) {
    auto& made = others[kube_namespace];
    if (!made) {
        made = std::make_unique<SimCluster>(time, Pace{}, kube_namespace);
    }
    return *made;
}

Task<HttpAnswer> FakeParts::ask_server(cli::ClusterChoice, std::string) {
    HttpAnswer answer;
    answer.status = 200;
    answer.headers["date"] = "Sat, 01 Jan 2000 00:00:00 GMT";
    co_return answer;
}

void FakeParts::drive(Task<> task) {
    tests::run(std::move(task));
}

Shell::Shell() {
    parts.world
        .add(a_deployment("web")
                 .replicas(4)
                 .image("registry/shop/web:v1")
                 .set(
                     "/spec/template/spec/containers/0/readinessProbe/httpGet",
                     Value::map({{"path", "/healthz"}, {"port", 8080}})
                 ))
        .add(a_service("web"))
        .settle();
    for (const auto* tag : {"v1", "v2", "v3-errors", "v5-crash"}) {
        parts.images.has(
            std::string("registry/shop/web:") + tag, "sha256:" + std::string(63, 'a') + tag[1]
        );
    }
    parts.world.behave("v3-errors", failing_requests(0.5));
    parts.world.behave("v5-crash", crashing().saying({"12:45:04 ERROR cannot open the database"}));
}

Answer Shell::run(const std::string& line) {
    return run_with_input(line, "");
}

Answer Shell::run_with_input(const std::string& line, const std::string& input) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const cli::EnvironmentLookup look_up = [this](const std::string& name
                                           ) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    cli::Globals globals;
    Answer answer;
    cli::Style style;
    style.width = columns;
    try {
        const auto invocation = cli::parse(split(line), look_up, globals);
        const auto measure = [this] { return cli::ScreenSize{columns, 24}; };
        const auto listen = [this] { return parts.keyboard.listen(); };
        cli::Terminal terminal{in, out, err, measure, listen};
        terminal.out_style = cli::style_for({has_terminal, columns}, globals.look, look_up);
        terminal.err_style = terminal.out_style;
        terminal.ends = {has_terminal, has_terminal, has_terminal && !input.empty()};
        cli::Session session{globals, terminal, parts, look_up};
        out << invocation.text;
        answer.exit = invocation.run ? static_cast<int>(invocation.run(session)) : 0;
    } catch (const Error& error) {
        err << cli::complaint(error, style);
        answer.exit = static_cast<int>(error.exit());
    }
    answer.out = out.str();
    answer.err = err.str();
    return answer;
}

Folder::Folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "deployctl-cli-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

Folder::~Folder() {
    std::error_code ignored;  // what cannot be removed is the machine's to clean
    std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::trunc) << text;
    return path(name);
}

std::string Folder::read(const std::string& name) const {
    std::ifstream file(path(name));
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
}

}  // namespace deployctl::tests
