// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/connection.hpp"
#include "cli/finding.hpp"
#include "cli/output/result.hpp"
#include "cli/pod_logs.hpp"
#include "cli/reading.hpp"
#include "documents/json.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

constexpr Duration poll_interval = seconds(1);

struct Options {
    std::string reference;
    std::optional<Slot> track;
    std::optional<int> lines;
    bool kept = false;
    bool follow = false;
};

std::vector<PodLog> kept_logs(const Options& options, Session& session, const RolloutRecord& of) {
    std::vector<PodLog> logs;
    if (options.track == Slot::stable) {
        return logs;
    }
    const auto told = read_story(session, of);
    if (told.story.cause) {
        for (const auto& pod : told.story.cause->pods) {
            logs.push_back({pod.pod, pod.container, "evidence", pod.log});
        }
    }
    return logs;
}

LogOrder order_of(const Options& options, Session& session, const RolloutRecord& rollout) {
    LogOrder order;
    order.plan = read_plan_of(session, rollout);
    order.slot = options.track.value_or(order.slot);
    order.lines = options.lines.value_or(order.lines);
    return order;
}

Value to_value(const PodLog& log) {
    return Value::map({
        {"pod", log.pod},
        {"container", log.container},
        {"source", log.source},
        {"lines", Value::Array(log.lines.begin(), log.lines.end())},
    });
}

std::string head_of(const PodLog& log, const Style& style) {
    const auto where = "==> " + printable(log.pod) + "/" + printable(log.container);
    return paint(style, Tone::strong, where) + "  " + log.source + "\n";
}

std::string lines_of(const PodLog& log) {
    std::string text;
    for (const auto& line : log.lines) {
        text += printable(line) + "\n";
    }
    return text;
}

std::string draw(const std::vector<PodLog>& logs, const Style& style) {
    std::string text;
    for (const auto& log : logs) {
        text += head_of(log, style) + lines_of(log);
    }
    return text.empty() ? "no log lines were kept, and no pod is there\n" : text;
}

/// Lines as they come; the head again where another pod speaks.
class Printer {
public:
    explicit Printer(const Session& session)
        : out_(session.terminal.out),
          style_(session.terminal.out_style),
          as_data_(wants_data(session)) {}

    void print(const std::vector<PodLog>& logs) {
        for (const auto& log : logs) {
            if (as_data_) {
                out_ << documents::write_json(to_value(log)) << "\n";
                continue;
            }
            out_ << (log.pod == speaker_ ? "" : head_of(log, style_)) << lines_of(log);
            speaker_ = log.pod;
        }
        out_.flush();
    }

private:
    std::ostream& out_;
    Style style_;
    bool as_data_;
    std::string speaker_;
};

/// To the end of the rollout; of one that has ended already until somebody presses Ctrl-C.
Task<ExitCode> follow(
    Parts* parts, LogFollower* follower, Printer* printer, RolloutRecord rollout
) {
    const bool was_over = is_terminal(rollout.state);
    auto& signals = parts->interrupts();
    for (;;) {
        const auto found = co_await parts->journal().find(rollout.id);
        const auto news = co_await follower->next();
        printer->print(news);
        if (!was_over && is_terminal(found.value_or(rollout).state)) {
            co_return ExitCode::done;
        }
        if (signals.take()) {
            co_return was_over ? ExitCode::done : ExitCode::stopped_watching;
        }
        co_await parts->clock().sleep(poll_interval);
    }
}

ExitCode list(Session& session, const std::vector<PodLog>& logs) {
    Result result;
    Value::Array items;
    for (const auto& log : logs) {
        items.push_back(to_value(log));
        result.names.push_back(log.pod);
    }
    result.value = Value::map({{"items", std::move(items)}});
    result.text = [&logs](const Style& style) { return draw(logs, style); };
    print(session, result);
    return ExitCode::done;
}

ExitCode run(const Options& options, Session& session) {
    const auto rollout = find_rollout(session, options.reference);
    auto logs = kept_logs(options, session, rollout);
    const bool is_over = is_terminal(rollout.state) && !options.track;
    if (options.kept || is_over) {
        return list(session, logs);
    }
    const auto choice = connect_to(session, rollout);
    auto& parts = session.parts;
    auto& cluster = parts.cluster(choice);
    auto order = order_of(options, session, rollout);
    if (options.follow) {
        Printer printer(session);
        printer.print(logs);
        LogFollower follower(cluster, parts.clock(), std::move(order));
        return wait_for(parts, follow(&parts, &follower, &printer, rollout));
    }
    const auto live = wait_for(parts, read_pod_logs(&cluster, std::move(order)));
    logs.insert(logs.end(), live.begin(), live.end());
    return list(session, logs);
}

}  // namespace

Run logs(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout, else the last)", into(options->reference)
    );
    form.add_option(
        "--track",
        "TRACK",
        "the pods of which side, from the cluster",
        one_of<std::optional<Slot>, Slot>(
            options->track, {{"stable", Slot::stable}, {"candidate", Slot::candidate}}
        )
    );
    form.add_option(
        "--lines", "N", "the last so many lines of each pod (default: 100)", into(options->lines)
    );
    form.add_flag("--kept", options->kept, "only what was kept as evidence; needs no cluster");
    form.add_flag("-F,--follow", options->follow, "go on until the rollout ends, or until Ctrl-C");
    form.describe(
        "What was kept when the rollout failed, after its pods are gone; of an active rollout its "
        "pods' logs too."
    );
    form.add_example("deployctl logs 128 --kept", "the evidence");
    form.add_example("deployctl logs --track stable --lines 20", "the old version, now");
    form.add_example("deployctl logs --follow", "the new version's lines as they come");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
