// SPDX-License-Identifier: Apache-2.0
#include "cli/output/progress.hpp"

#include "cli/output/event_stream.hpp"
#include "cli/output/plain_lines.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <fstream>
#include <ostream>

namespace deployctl::cli {

namespace {

/// A view on a file of its own.
template <class View>
class ToFile final : public EventSink {
public:
    template <class... Rest>
    explicit ToFile(std::unique_ptr<std::ofstream> file, Rest&&... rest)
        : file_(std::move(file)), view_(*file_, std::forward<Rest>(rest)...) {}

    void on_event(const Event& event) override { view_.on_event(event); }

    void on_progress(const Progress& progress) override { view_.on_progress(progress); }

    bool shows_progress() const override { return view_.shows_progress(); }

private:
    std::unique_ptr<std::ofstream> file_;
    View view_;
};

std::unique_ptr<std::ofstream> open_for_writing(const std::string& path, std::ios::openmode mode) {
    const auto is_descriptor = path.starts_with("fd:");
    const auto name = is_descriptor ? "/dev/fd/" + path.substr(3) : path;
    auto file = std::make_unique<std::ofstream>(name, is_descriptor ? std::ios::app : mode);
    if (!*file) {
        throw Error(
            ExitCode::usage, "cannot write " + path, "name a file in a folder that you may write to"
        );
    }
    return file;
}

ProgressStyle chosen_style(const Session& session) {
    const auto style = session.globals.look.progress;
    if (style != ProgressStyle::automatic) {
        return style;
    }
    const bool is_dumb = session.environment("TERM").value_or("dumb") == "dumb";
    const bool is_ci = session.environment("CI").has_value();
    return session.terminal.ends.err_is_tty && !is_dumb && !is_ci ? ProgressStyle::tty
                                                                  : ProgressStyle::plain;
}

Weight most_weight(int verbosity) {
    return verbosity <= 0 ? Weight::change : verbosity == 1 ? Weight::effect : Weight::detail;
}

Folds folds_of(const Session& session) {
    if (session.environment("GITHUB_ACTIONS").value_or("") == "true") {
        return Folds::github;
    }
    return session.environment("GITLAB_CI").value_or("") == "true" ? Folds::gitlab : Folds::none;
}

std::unique_ptr<EventSink> plain_view(const Session& session) {
    PlainOptions options;
    options.style = session.terminal.err_style;
    options.most = most_weight(session.globals.look.verbosity);
    options.folds = folds_of(session);
    return std::make_unique<PlainLines>(session.terminal.err, session.parts.clock(), options);
}

std::unique_ptr<LiveView> live_view(const Session& session, ProgressOrder& order) {
    auto& terminal = session.terminal;
    LiveArea area(terminal.err, terminal.measure, terminal.err_style);
    return std::make_unique<LiveView>(
        std::move(area), session.parts.clock(), order.headline, order.story, terminal.err_style
    );
}

}  // namespace

void ProgressViews::add(std::unique_ptr<EventSink> view) {
    views_.push_back(std::move(view));
}

void ProgressViews::show_live(std::unique_ptr<LiveView> view) {
    live_ = view.get();
    views_.push_back(std::move(view));
}

void ProgressViews::ask(const std::vector<std::string>& question) {
    if (live_ != nullptr) {
        live_->ask(question);
    } else if (lines_ != nullptr) {
        *lines_ << join(question, "\n") << "\n" << std::flush;
    }
}

void ProgressViews::answer(const std::string& words) {
    if (live_ != nullptr) {
        live_->ask({});
    } else if (lines_ != nullptr) {
        *lines_ << words << "\n" << std::flush;
    }
}

void ProgressViews::close() {
    live_ = nullptr;
    views_.clear();
}

void ProgressViews::on_event(const Event& event) {
    for (const auto& view : views_) {
        view->on_event(event);
    }
}

void ProgressViews::on_progress(const Progress& progress) {
    for (const auto& view : views_) {
        view->on_progress(progress);
    }
}

bool ProgressViews::shows_progress() const {
    return std::ranges::any_of(views_, [](const auto& view) { return view->shows_progress(); });
}

std::unique_ptr<ProgressViews> make_progress(const Session& session, ProgressOrder order) {
    auto views = std::make_unique<ProgressViews>();
    views->show_lines(session.terminal.err);
    switch (chosen_style(session)) {
        case ProgressStyle::tty: views->show_live(live_view(session, order)); break;
        case ProgressStyle::json:
            views->add(std::make_unique<EventStream>(session.terminal.err));
            break;
        case ProgressStyle::quiet: break;
        case ProgressStyle::automatic:
        case ProgressStyle::plain: views->add(plain_view(session)); break;
    }
    if (!order.events.empty()) {
        views->add(
            std::make_unique<ToFile<EventStream>>(open_for_writing(order.events, std::ios::trunc))
        );
    }
    if (const auto& path = session.globals.look.log_file; !path.empty()) {
        PlainOptions everything{Style{}, Weight::detail, Folds::none, seconds(60)};
        auto file = open_for_writing(path, std::ios::app);
        views->add(
            std::make_unique<ToFile<PlainLines>>(std::move(file), session.parts.clock(), everything)
        );
    }
    return views;
}

}  // namespace deployctl::cli
