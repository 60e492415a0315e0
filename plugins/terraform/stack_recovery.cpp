// SPDX-License-Identifier: Apache-2.0
// What a runner that is gone has left behind: its process, a state that could not be written, and a
// lock. In this order, since each could be damaged by the next one.
#include "documents/json.hpp"
#include "plugins/system/host_files.hpp"
#include "plugins/terraform/halts.hpp"
#include "plugins/terraform/stack.hpp"

#include <filesystem>

namespace deployctl::plugins::terraform {

namespace {

constexpr Duration between_looks = milliseconds(500);
constexpr std::size_t most_stream_bytes = 256UL << 20U;
constexpr const char* errored_state = "errored.tfstate";

std::string name_of(const Runner& process) {
    return "process " + std::to_string(process.pid) + " on " + process.host;
}

}  // namespace

RunStory read_story(const std::string& stream_file) {
    HostFiles files;
    const auto stream = files.read(stream_file, most_stream_bytes);
    RunStory story;
    Lines lines;
    const Lines::Take take = [&story](std::string_view line) { story.take(line); };
    lines.add(stream.text, take);
    lines.finish(take);
    return story;
}

std::vector<std::string> open_addresses(const std::string& stream_file) {
    return read_story(stream_file).open();
}

Task<std::optional<Halt>> Stack::recover(std::optional<StackRun>* was) {
    *was = folder_.run();
    const bool is_errored = std::filesystem::exists(std::filesystem::path(dir_) / errored_state);
    if (!*was) {
        if (!is_errored) {
            co_return std::nullopt;
        }
        co_return Halt{
            Halt::Kind::cannot_tell,
            dir_ +
                "/errored.tfstate is there, and no apply of deployctl has left it: a state that "
                "could not be written",
            "look at it, then: " + tool_.place().program + " -chdir=" + dir_ +
                " state push errored.tfstate, and remove it"
        };
    }
    const auto until = machine_.clock.boot_time() + order_.settings.timeout;
    bool is_told = false;
    while ((*was)->process) {
        const auto process = *(*was)->process;
        const auto liveness = machine_.runners.liveness(process);
        if (liveness == Liveness::dead) {
            break;
        }
        const auto stops = co_await tool_.count_stops();
        const bool gives_up = machine_.clock.boot_time() >= until || stops > 0;
        if (liveness == Liveness::unknown || gives_up) {
            co_return Halt{
                gives_up ? Halt::Kind::stopped : Halt::Kind::cannot_tell,
                "an earlier apply may still run: " + name_of(process),
                "where it is known to have ended, remove " + folder_.path() + "/run.json",
            };
        }
        if (!is_told) {
            say(Value::map({{"type", "waiting"}, {"text", "for " + name_of(process)}}));
            is_told = true;
        }
        co_await machine_.clock.sleep(between_looks);
    }
    auto halt = co_await save_errored_state();
    co_return halt;
}

Task<std::optional<Halt>> Stack::save_errored_state() {
    const auto dir = folder_.run()->dir;
    const auto path = std::filesystem::absolute(std::filesystem::path(dir) / errored_state);
    if (!std::filesystem::exists(path)) {
        co_return std::nullopt;
    }
    const auto push = call(state_push_arguments(order_.settings, dir_, path.string()));
    auto pushed = co_await tool_.run(push);
    const auto& run = *folder_.run();
    const bool is_locked = pushed.error_output.find("state lock") != std::string::npos;
    if (!pushed.is_done() && is_locked) {
        const Complaint complaint{"Error acquiring the state lock", pushed.error_output, "", ""};
        auto lock = *lock_of(complaint);
        lock.id = lock.id.empty() ? run.lock_id : lock.id;
        auto halt = co_await settle_lock(lock);
        if (halt) {
            co_return halt;
        }
        pushed = co_await tool_.run(push);
    }
    if (!pushed.is_done()) {
        auto halt = halt_of(push, pushed, "state push");
        halt.kind = Halt::Kind::cannot_tell;
        halt.why = "the state that an interrupted apply could not write is in " + path.string() +
                   ", and cannot be written now: " + halt.why;
        halt.what_to_do = tool_.place().program + " -chdir=" + dir + " state push errored.tfstate";
        co_return halt;
    }
    std::filesystem::remove(path);
    say(Value::map({{"type", "state_saved"}, {"text", "errored.tfstate was written to the backend"}}
    ));
    co_return std::nullopt;
}

/// Only a lock that is ours, and whose process is proven dead.
Task<std::optional<Halt>> Stack::settle_lock(StateLock lock) {
    const auto run = folder_.run();
    const bool is_ours = run && !run->lock_id.empty() && run->lock_id == lock.id;
    const bool is_dead =
        run && run->process && machine_.runners.liveness(*run->process) == Liveness::dead;
    if (!is_ours || !is_dead) {
        auto halt = backend_in(folder_.path()) == Backend::pg
                        ? locked_by_a_connection()
                        : locked_by(lock, dir_, tool_.place().program);
        if (run) {
            halt.kind = Halt::Kind::cannot_tell;
            halt.why = "an earlier apply has not ended well, and " + halt.why;
        }
        co_return halt;
    }
    const auto unlock = call(force_unlock_arguments(dir_, lock.id));
    const auto unlocked = co_await tool_.run(unlock);
    if (!unlocked.is_done()) {
        co_return halt_of(unlock, unlocked, "force-unlock " + lock.id);
    }
    say(Value::map({
        {"type", "unlocked"},
        {"text", "lock " + lock.id + " was ours, and its process is dead"},
    }));
    co_return std::nullopt;
}

}  // namespace deployctl::plugins::terraform
