// SPDX-License-Identifier: Apache-2.0
#include "cli/folder_assessor.hpp"

#include "cli/assessing.hpp"
#include "cli/version.hpp"
#include "documents/json.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/system/system_clock.hpp"
#include "readiness/reports/assessment_json.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <exception>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

namespace deployctl::cli {

namespace asio = boost::asio;

namespace {

/// "assess.yaml:2:1: unknown key `waiver`"
std::string first_mistake(const ConfigError& mistakes) {
    for (const auto& one : mistakes.diagnostics()) {
        if (one.severity == Severity::error) {
            return one.place.file + ":" + std::to_string(one.place.line) + ":" +
                   std::to_string(one.place.column) + ": " + one.message;
        }
    }
    return mistakes.what();
}

struct Prepared {
    std::optional<AssessedFolder> folder;
    readiness::AssessmentOrder order;
    std::string failure;
};

Prepared prepare(const AssessorQuestion& question, Process& process, Clock& clock) {
    Prepared prepared;
    AssessScope scope;
    scope.path = question.folder;
    // A folder that cannot be assessed is no reason to end a rollout: the gate has no answer.
    try {
        prepared.folder = read_folder(scope, question.environment);
        prepared.order = order_of(*prepared.folder, process, clock);
    } catch (const ConfigError& mistakes) {
        prepared.failure = first_mistake(mistakes);
    } catch (const Error& error) {
        prepared.failure = error.what();
    }
    return prepared;
}

Task<AssessorAnswer> assess_folder(Process* process, Clock* clock, AssessorQuestion question) {
    AssessorAnswer answer;
    auto prepared = prepare(question, *process, *clock);
    if (!prepared.failure.empty()) {
        answer.failure = std::move(prepared.failure);
        co_return answer;
    }
    auto assessing = readiness::assess(std::move(prepared.folder->read), std::move(prepared.order));
    const auto assessment = co_await std::move(assessing);
    const readiness::ReportHead head{"", question.environment, version_number(), clock->now()};
    answer.report = documents::write_json(readiness::to_value(assessment, head));
    co_return answer;
}

/// What the thread has brought about.
struct Ended {
    std::exception_ptr error;
    AssessorAnswer answer;
};

}  // namespace

/// One assessment, and the thread that it has.
class FolderAssessor::Assessing {
public:
    using Tell = std::function<void(Ended)>;

    Assessing(AssessorQuestion question, Tell tell)
        : thread_([this, question = std::move(question), tell = std::move(tell)] {
              tell(work(question));
              has_ended_ = true;
          }) {}

    ~Assessing() {
        call_off();
        thread_.join();
    }

    Assessing(const Assessing&) = delete;
    Assessing& operator=(const Assessing&) = delete;

    /// Programs of it end now; what only counts goes on to its end.
    void call_off() {
        asio::post(loop_, [this] {
            is_called_off_ = true;
            if (has_begun_) {  // before that Asio would throw it out of the loop
                cancelled_.emit(asio::cancellation_type::terminal);
            }
        });
    }

    bool has_ended() const { return has_ended_; }

private:
    Task<AssessorAnswer> assess(Process* process, Clock* clock, AssessorQuestion question) {
        has_begun_ = true;
        AssessorAnswer answer;
        if (is_called_off_) {
            answer.failure = "the assessment was called off";
            co_return answer;
        }
        answer = co_await assess_folder(process, clock, question);
        co_return answer;
    }

    Ended work(const AssessorQuestion& question) {
        plugins::BoostProcess process;
        plugins::SystemClock clock;
        Ended ended;
        auto keep = [&ended](std::exception_ptr error, AssessorAnswer answer) {
            ended.error = std::move(error);
            ended.answer = std::move(answer);
        };
        asio::co_spawn(
            loop_,
            assess(&process, &clock, question),
            asio::bind_cancellation_slot(cancelled_.slot(), std::move(keep))
        );
        loop_.run();
        return ended;
    }

    asio::io_context loop_;
    asio::cancellation_signal cancelled_;
    bool has_begun_ = false;  // of the loop's thread, as is the next
    bool is_called_off_ = false;
    std::atomic<bool> has_ended_ = false;
    std::thread thread_;  // the last: it uses what stands above
};

FolderAssessor::FolderAssessor() = default;

FolderAssessor::~FolderAssessor() = default;

Task<AssessorAnswer> FolderAssessor::assess(AssessorQuestion question) {
    std::erase_if(begun_, [](const auto& one) { return one->has_ended(); });
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    auto* const begun = &begun_;
    auto* const asked = &question;
    const auto* const home = &executor;
    // Captures pointers only: GCC 12 destroys other captures of an awaited call's lambda twice.
    auto begin = [begun, asked, home](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        // Shared by the thread, which may end later, and by whoever cancels it.
        auto waiting = std::make_shared<std::optional<decltype(handler)>>(std::move(handler));
        auto answer = [waiting, slot](const Ended& ended) mutable {
            if (*waiting) {
                slot.clear();
                auto complete = std::move(**waiting);
                waiting->reset();
                std::move(complete)(ended.error, ended.answer);
            }
        };
        auto work = asio::make_work_guard(*home);
        auto tell = [answer, executor = *home, work](Ended ended) mutable {
            asio::post(executor, [answer, ended = std::move(ended)]() mutable { answer(ended); });
        };
        begun->push_back(std::make_unique<Assessing>(std::move(*asked), std::move(tell)));
        if (slot.is_connected()) {
            auto* const assessing = begun->back().get();
            slot.assign([assessing, answer, executor = *home](asio::cancellation_type) mutable {
                assessing->call_off();
                Ended ended;
                ended.answer.failure = "the assessment was called off";
                asio::post(executor, [answer, ended]() mutable { answer(ended); });
            });
        }
    };
    using Answered = void(std::exception_ptr, AssessorAnswer);
    auto answer = co_await asio::async_initiate<const asio::use_awaitable_t<>, Answered>(
        begin, asio::use_awaitable
    );
    co_return answer;
}

}  // namespace deployctl::cli
