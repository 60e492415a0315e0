// SPDX-License-Identifier: Apache-2.0
// The stages of a disaster that are programs of the user's: what they are told, and what is looked
// at before a backup is handed to one.
#include "cli/disaster_backup.hpp"
#include "cli/disaster_run.hpp"
#include "cli/redacting.hpp"
#include "documents/json.hpp"
#include "model/text.hpp"
#include "plugins/tasks/program_end.hpp"
#include "ports/scripts.hpp"

#include <utility>

namespace deployctl::cli {

namespace {

using engine::DisasterStage;
using engine::Exercise;
using engine::StageEnd;
using engine::StageOutcome;

/// "12", "12.5" or "12 seconds behind": the number that it begins with.
std::optional<Duration> read_lag(const std::string& output) {
    const auto begin = output.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) {
        return std::nullopt;
    }
    const auto end = output.find_first_not_of("0123456789", begin);
    const auto number = whole_number(std::string_view(output).substr(begin, end - begin));
    constexpr std::int64_t longest = 100LL * 365 * 24 * 3600;
    return number && *number <= longest ? std::optional<Duration>(seconds(*number)) : std::nullopt;
}

StageEnd failed(std::string detail) {
    return {StageOutcome::failed, std::move(detail), {}, {}};
}

}  // namespace

/// In a failover data of any age is better than none: what was not measured is said, and judged at
/// the end.
engine::StageEnd DisasterRun::tell_age(const DisasterStage& stage) {
    std::optional<Duration> age;
    StageEnd end;
    if (stage.run.empty()) {
        age = plan_.backup ? std::optional<Duration>(operation_.started - plan_.backup->at)
                           : std::nullopt;
    } else {
        std::string output;
        end = run_program(stage, &output);
        age = end.outcome == StageOutcome::done ? read_lag(output) : std::nullopt;
        if (end.outcome == StageOutcome::done && !age) {
            end = failed("it printed no number of seconds");
        }
    }
    if (age) {
        const auto whole = std::chrono::ceil<seconds>(*age);
        end.evidence = Value::map({{"age_seconds", whole.count()}});
        end.detail = "the data is " + to_short_text(whole) + " old, the target is " +
                     deployctl::to_text(plan_.targets.rpo);
    }
    if (end.outcome == StageOutcome::failed && plan_.exercise == Exercise::failover) {
        end.outcome = StageOutcome::skipped;
    }
    return end;
}

/// What lies there is what was made, or nothing is begun: a restore may begin with a DROP.
engine::StageEnd DisasterRun::restore(const DisasterStage& stage) {
    if (plan_.backup) {
        const auto trouble = trouble_with_backup(
            session_, configuration_, {plan_.from, plan_.database}, *plan_.backup
        );
        if (!trouble.empty()) {
            const auto number = std::to_string(operation_.number);
            return failed(
                trouble + "; nothing was restored. Put it back, or `deployctl dr abandon " +
                number + " --reason TEXT` and begin again: that takes the newest good one"
            );
        }
    }
    return run_program(stage, nullptr);
}

engine::StageEnd DisasterRun::run_program(const DisasterStage& stage, std::string* output) {
    auto& files = session_.parts.outside().files;
    const FrozenScript script{stage.run.front(), stage.script_hash};
    if (const auto trouble = trouble_with(script, files, documents::sha256_hex); !trouble.empty()) {
        return failed(trouble);
    }
    Command command;
    command.argv = stage.run;
    command.timeout = stage.timeout;
    command.environment = {
        {"DEPLOYCTL_APP", plan_.app},
        {"DEPLOYCTL_OPERATION", operation_.id},
        {"DEPLOYCTL_DRILL", plan_.exercise == Exercise::drill ? "true" : "false"},
        {"DEPLOYCTL_FROM", plan_.from},
        {"DEPLOYCTL_TO", plan_.to},
        {"DEPLOYCTL_VERSION", plan_.version},
        {"DEPLOYCTL_DIGEST", plan_.digest},
        {"DEPLOYCTL_ARTIFACT", plan_.backup ? plan_.backup->artifact : ""},
    };
    const auto result = wait_for(session_.parts, session_.parts.process().run(command));
    const auto report = redacted(plugins::report_of(command, result));
    if (output != nullptr) {
        *output = result.output;
    }
    const bool is_done = report.end == TaskEnd::done;
    return {is_done ? StageOutcome::done : StageOutcome::failed, report.detail, {}, {}};
}

}  // namespace deployctl::cli
