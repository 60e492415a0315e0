// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/output/event_line.hpp"
#include "cli/output/event_stream.hpp"
#include "cli/output/result.hpp"
#include "cli/watching.hpp"
#include "documents/json.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string reference;
    bool follow = false;
};

/// Each event as it comes, as a line for people or as a record.
class Lines final : public EventSink {
public:
    Lines(std::ostream& out, Style style, Format format)
        : out_(out), style_(style), narrator_(style), format_(format) {}

    void on_event(const Event& event) override {
        if (format_ == Format::ndjson || format_ == Format::json) {
            out_ << documents::write_json(to_value(event)) << "\n";
        } else {
            out_ << to_text(event, narrator_.tell(event), style_) << "\n";
        }
        out_.flush();
    }

    void on_progress(const Progress&) override {}

    bool shows_progress() const override { return false; }

private:
    std::ostream& out_;
    Style style_;
    Narrator narrator_;
    Format format_;
};

ExitCode list(Session& session, const RolloutRecord& rollout) {
    const auto events = wait_for(session.parts, session.parts.journal().events(rollout.id, 0));
    Result result;
    Value::Array items;
    for (const auto& event : events) {
        items.push_back(to_value(event));
        result.names.push_back(event.type);
    }
    result.value = Value::map({{"items", std::move(items)}});
    result.text = [&events](const Style& style) {
        std::string text;
        Narrator narrator(style);
        for (const auto& event : events) {
            text += to_text(event, narrator.tell(event), style) + "\n";
        }
        return text;
    };
    print(session, result);
    return ExitCode::done;
}

ExitCode run(const Options& options, Session& session) {
    const auto rollout = find_rollout(session, options.reference);
    if (!options.follow) {
        return list(session, rollout);
    }
    Lines lines(session.terminal.out, session.terminal.out_style, session.globals.look.format);
    WatchOrder order;
    order.rollout = rollout.id;
    const auto end = wait_for(session.parts, watch(&session.parts, &lines, order));
    return end.exit == ExitCode::stopped_watching ? end.exit : ExitCode::done;
}

}  // namespace

Run events(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout, else the last)", into(options->reference)
    );
    form.add_flag("-F,--follow", options->follow, "go on until the rollout ends");
    form.add_example("deployctl events 128", "all of them");
    form.add_example("deployctl events 128 --follow -o ndjson", "as they come, for a program");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
