// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/line_shell.hpp"

#include "cli/complaint.hpp"
#include "cli/parsing.hpp"

#include <algorithm>
#include <sstream>

namespace deployctl::tests {

Task<TagAnswer> RegistryByDigest::resolve(ImageRef image) {
    if (!image.tag.empty()) {
        auto answer = co_await tags_.resolve(image);
        if (answer.kind == TagAnswer::Kind::found) {
            kept_.push_back(answer.digest);
        }
        co_return answer;
    }
    if (std::ranges::count(kept_, image.digest) > 0) {
        co_return TagAnswer{TagAnswer::Kind::found, image.digest, ""};
    }
    co_return TagAnswer{TagAnswer::Kind::no_such_tag, "", "no manifest " + image.digest};
}

template <class T>
Task<T> DyingOperations::written(Task<T> write) {
    const bool is_last = left_ > 0 && --left_ == 0;
    has_died_ = has_died_ || is_last;
    const Error death(ExitCode::internal_error, "killed");
    if (is_last && side_ == Side::before) {
        throw death;
    }
    auto answer = co_await std::move(write);
    if (is_last) {
        throw death;
    }
    co_return answer;
}

Task<BeginOperation> DyingOperations::begin_operation(Operation operation) {
    return written(kept_.begin_operation(std::move(operation)));
}

Task<bool> DyingOperations::note_operation(std::string id, Runner runner, OperationEvent event) {
    return written(kept_.note_operation(std::move(id), std::move(runner), std::move(event)));
}

Task<bool> DyingOperations::end_operation(Operation operation) {
    return written(kept_.end_operation(std::move(operation)));
}

Task<bool> DyingOperations::take_operation(std::string id, Runner was, Runner runner) {
    return written(kept_.take_operation(std::move(id), std::move(was), std::move(runner)));
}

Task<std::optional<Operation>> DyingOperations::find_operation(std::string reference) {
    return kept_.find_operation(std::move(reference));
}

Task<std::vector<Operation>> DyingOperations::operations(OperationFilter filter) {
    return kept_.operations(std::move(filter));
}

Task<std::vector<OperationEvent>> DyingOperations::operation_events(std::string id) {
    return kept_.operation_events(std::move(id));
}

Outside LineParts::outside() {
    const auto around = base.outside();
    return {
        around.metrics,
        around.http,
        around.process,
        around.files,
        images,
        around.assessor,
        around.tasks,
    };
}

Task<cli::ClusterChoice> LineParts::settle(cli::ClusterChoice choice) {
    choice.context = choice.context.empty() ? "lab" : choice.context;
    co_return choice;
}

Cluster& LineParts::cluster(const cli::ClusterChoice& choice) {
    return world_in(choice.kube_namespace);
}

Task<HttpAnswer> LineParts::ask_server(cli::ClusterChoice choice, std::string path) {
    auto answer = co_await base.ask_server(choice, path);
    co_return answer;
}

SimCluster& LineParts::world_in(const std::string& kube_namespace) {
    auto& made = worlds_[kube_namespace];
    if (!made) {
        made = std::make_unique<SimCluster>(base.time, Pace{}, kube_namespace);
    }
    return *made;
}

LineShell::LineShell(const std::string& yaml) : file(folder.write("deploy.yaml", yaml)) {}

Answer LineShell::run(const std::string& line) {
    std::istringstream words("-f " + file + " " + line);
    std::vector<std::string> all;
    for (std::string word; words >> word;) {
        all.push_back(word);
    }
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const cli::EnvironmentLookup nothing = [](const std::string&) -> std::optional<std::string> {
        return std::nullopt;
    };
    cli::Globals globals;
    Answer answer;
    try {
        const auto invocation = cli::parse(all, nothing, globals);
        const auto measure = [] { return cli::ScreenSize{100, 24}; };
        const auto listen = [this] { return parts.base.keyboard.listen(); };
        cli::Terminal terminal{in, out, err, measure, listen};
        terminal.out_style.width = 100;
        terminal.err_style.width = 100;
        terminal.ends = {false, false, false};
        cli::Session session{globals, terminal, parts, nothing};
        answer.exit = static_cast<int>(invocation.run(session));
    } catch (const Error& error) {
        err << cli::complaint(error, cli::Style{});
        answer.exit = static_cast<int>(error.exit());
    }
    answer.out = out.str();
    answer.err = err.str();
    return answer;
}

std::string LineShell::image_in(const std::string& kube_namespace, const std::string& workload) {
    auto& world = parts.world_in(kube_namespace);
    const auto object = world.object(world.ref_to(Kind::deployment, workload));
    return object.text("/spec/template/spec/containers/0/image");
}

void LineShell::lose_runner_in(Duration time) {
    auto& base = parts.base;
    base.signals.send_at(base.time.elapsed() + time, Interrupt::hold);
    base.people.say("ada@laptop", Liveness::dead);
}

}  // namespace deployctl::tests
