// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/stack_folder.hpp"

#include "documents/json.hpp"
#include "model/error.hpp"
#include "model/named.hpp"
#include "plugins/system/descriptor.hpp"
#include "plugins/system/host_files.hpp"
#include "plugins/terraform/root_module.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deployctl::plugins::terraform {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_record_bytes = 16UL << 20U;
constexpr std::size_t most_copies = 20;

[[noreturn]] void fail(const std::string& path) {
    throw Error(
        ExitCode::state_unreadable,
        "cannot write " + path + ": " + words_for(errno),
        "what is under way has to be written down before it begins"
    );
}

void write_file(const std::string& path, std::string_view text) {
    const auto half = path + ".half";
    {
        const Descriptor file(open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (!file.is_open() || !write_whole(file.number(), text) || fsync(file.number()) != 0) {
            fail(half);
        }
    }
    if (rename(half.c_str(), path.c_str()) != 0) {
        fail(path);
    }
    const Descriptor folder(
        open(fs::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    );
    fsync(folder.number());
}

std::string read_file(const std::string& path) {
    HostFiles files;
    const auto answer = files.read(path, most_record_bytes);
    return answer.kind == FileAnswer::Kind::read ? answer.text : "";
}

Value process_value(const std::optional<Runner>& runner) {
    if (!runner) {
        return {};
    }
    return Value::map({
        {"host", runner->host},
        {"pid", runner->pid},
        {"pid_start", runner->pid_start},
        {"boot_id", runner->boot_id},
        {"pid_namespace", runner->pid_namespace},
    });
}

std::optional<Runner> read_process(const Value& value) {
    if (value.is_null()) {
        return std::nullopt;
    }
    Runner runner;
    runner.host = value.text("/host");
    runner.pid = value.number("/pid");
    runner.pid_start = value.number("/pid_start");
    runner.boot_id = value.text("/boot_id");
    runner.pid_namespace = value.text("/pid_namespace");
    return runner;
}

/// The oldest copies go.
void thin_out(const fs::path& copies) {
    std::error_code ignored;
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(copies, ignored)) {
        all.push_back(entry.path());
    }
    std::ranges::sort(all, std::greater(), [](const fs::path& path) {
        std::error_code unknown;
        return fs::last_write_time(path, unknown);
    });
    for (std::size_t i = most_copies; i < all.size(); ++i) {
        fs::remove_all(all[i], ignored);
    }
}

}  // namespace

StackFolder::StackFolder(std::string path) : path_(std::move(path)) {
    std::error_code failure;
    for (const auto* part : {"", "/data", "/copies", "/before"}) {
        fs::create_directories(path_ + part, failure);
        if (chmod((path_ + part).c_str(), 0700) != 0) {
            fail(path_ + part);
        }
    }
}

StackFolder::~StackFolder() = default;

bool StackFolder::take() {
    const auto path = path_ + "/lock";
    lock_ = std::make_unique<Descriptor>(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock_->is_open()) {
        fail(path);
    }
    return flock(lock_->number(), LOCK_EX | LOCK_NB) == 0;
}

std::optional<StackRun> StackFolder::run() const {
    const auto text = read_file(path_ + "/run.json");
    const auto value = text.empty() ? std::nullopt : documents::try_read_json(text);
    if (!value) {
        return std::nullopt;
    }
    StackRun run;
    run.owner = value->text("/owner");
    run.dir = value->text("/dir");
    run.digest = value->text("/digest");
    run.changes = read_lines(value->at("/changes"));
    run.lineage = value->text("/lineage");
    run.serial = value->number("/serial");
    run.process = read_process(value->at("/process"));
    run.lock_id = value->text("/lock_id");
    return run;
}

void StackFolder::note(const StackRun& run) {
    const auto value = Value::map({
        {"v", 1},
        {"owner", run.owner},
        {"dir", run.dir},
        {"digest", run.digest},
        {"changes", lines_value(run.changes)},
        {"lineage", run.lineage},
        {"serial", run.serial},
        {"process", process_value(run.process)},
        {"lock_id", run.lock_id},
    });
    write_file(path_ + "/run.json", documents::write_json(value));
}

void StackFolder::forget_run() {
    unlink((path_ + "/run.json").c_str());
    unlink((path_ + "/apply.jsonl").c_str());
}

std::optional<AppliedConfiguration> StackFolder::applied() const {
    const auto value = documents::try_read_json(read_file(path_ + "/applied"));
    if (!value || value->text("/configuration").empty()) {
        return std::nullopt;
    }
    return AppliedConfiguration{
        value->text("/configuration"), {value->text("/lineage"), value->number("/serial")}
    };
}

std::string doubt_about(const std::optional<AppliedConfiguration>& last, const StateMark& found) {
    if (!last || last->state.lineage.empty()) {
        return "";
    }
    const auto& left = last->state;
    const auto was = "the last apply from here has left lineage " + left.lineage + ", serial " +
                     std::to_string(left.serial);
    if (found.lineage.empty()) {
        return "its state is empty or gone, and " + was;
    }
    if (found.lineage != left.lineage) {
        return "its state is another one (lineage " + found.lineage + "): " + was;
    }
    return found.serial < left.serial
               ? "its state is an older one (serial " + std::to_string(found.serial) + "): " + was
               : "";
}

void StackFolder::note_applied(const std::string& dir, const AppliedConfiguration& applied) {
    const auto& hash = applied.hash;
    unlink((path_ + "/applied").c_str());  // what it says is over, also where no copy can be kept
    if (hash.empty() || !copy_module(dir, hash, copy_of(hash))) {
        return;
    }
    std::error_code ignored;
    fs::last_write_time(copy_of(hash), fs::file_time_type::clock::now(), ignored);
    const auto value = Value::map({
        {"v", 1},
        {"configuration", hash},
        {"lineage", applied.state.lineage},
        {"serial", applied.state.serial},
    });
    write_file(path_ + "/applied", documents::write_json(value));
    thin_out(path_ + "/copies");
}

std::string StackFolder::copy_of(const std::string& hash) const {
    return path_ + "/copies/" + hash;
}

std::optional<BeforeRollout> StackFolder::before(const RolloutId& rollout) const {
    const auto text = read_file(path_ + "/before/" + rollout);
    const auto value = text.empty() ? std::nullopt : documents::try_read_json(text);
    if (!value) {
        return std::nullopt;
    }
    return BeforeRollout{
        value->text("/configuration"), read_lines(value->at("/creates")), value->text("/lineage")
    };
}

void StackFolder::write_before(const RolloutId& rollout, const BeforeRollout& before) {
    const auto value = Value::map({
        {"v", 1},
        {"configuration", before.configuration_hash},
        {"creates", lines_value(before.creates)},
        {"lineage", before.lineage},
    });
    write_file(path_ + "/before/" + rollout, documents::write_json(value));
}

void StackFolder::note_before(
    const RolloutId& rollout, const std::vector<std::string>& creates, const StateMark& state
) {
    if (before(rollout)) {
        return;
    }
    const auto last = applied();
    const bool is_still_so = last && last->state == state;
    write_before(rollout, {is_still_so ? last->hash : "", creates, state.lineage});
}

void StackFolder::note_lineage(const RolloutId& rollout, const std::string& lineage) {
    auto noted = before(rollout);
    if (noted && noted->lineage.empty() && !lineage.empty()) {
        noted->lineage = lineage;
        write_before(rollout, *noted);
    }
}

const char* to_text(Backend backend) {
    switch (backend) {
        case Backend::none: return "none";
        case Backend::local: return "local";
        case Backend::pg: return "pg";
        case Backend::other: break;
    }
    return "other";
}

Backend backend_in(const std::string& folder) {
    const auto known = documents::try_read_json(read_file(folder + "/data/terraform.tfstate"));
    const auto type = known ? known->text("/backend/type") : "";
    if (type.empty()) {
        return Backend::none;
    }
    return read_name(type, std::array{Backend::local, Backend::pg}).value_or(Backend::other);
}

bool has_local_path(const std::string& folder) {
    const auto known = documents::try_read_json(read_file(folder + "/data/terraform.tfstate"));
    return known && known->text("/backend/type") == std::string_view(to_text(Backend::local)) &&
           !(known->text("/backend/config/path").empty() &&
             known->text("/backend/config/workspace_dir").empty());
}

std::string stack_folder_path(
    const std::string& state_folder, const Target& target, const std::string& stack
) {
    const auto environment = target.environment.empty() ? "-" : target.environment;
    return state_folder + "/infra/" + target.app + "/" + environment + "/" + stack;
}

}  // namespace deployctl::plugins::terraform
