// SPDX-License-Identifier: Apache-2.0
// infra backup: the states of stacks, each encrypted to a certificate, with its checksum beside it;
// older ones go as `infra.backup.keep` says.
#include "cli/commands/verbs.hpp"
#include "cli/infra_run.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/result.hpp"
#include "cli/report_file.hpp"
#include "documents/json.hpp"
#include "documents/sealing.hpp"
#include "model/placeholders.hpp"
#include "plugins/backup/artefact.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

using plugins::terraform::doubt_about;
using plugins::terraform::Halt;
using plugins::terraform::mark_of;
using plugins::terraform::PulledState;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_certificate_bytes = 1UL << 20U;
constexpr std::string_view ending = ".tfstate.cms";

std::string read_certificate(Session& session, const StateBackupSettings& settings) {
    if (settings.encrypt_to.empty()) {
        throw Error(
            ExitCode::usage,
            "`infra.backup.encrypt_to` names no certificate: a state holds secrets, so that no "
            "copy "
            "is kept without one",
            "openssl req -x509 -newkey rsa:3072 -nodes -keyout key.pem -out backup.crt -days 3650 "
            "-subj /CN=backup"
        );
    }
    const auto file =
        session.parts.outside().files.read(settings.encrypt_to, most_certificate_bytes);
    if (file.kind != FileAnswer::Kind::read) {
        throw Error(
            ExitCode::usage, "the certificate " + settings.encrypt_to + ": " + file.failure
        );
    }
    return file.text;
}

/// What neither rule keeps goes.
std::vector<std::string> rotate(const std::string& dir, const Retention& keep, WallTime now) {
    std::vector<fs::path> copies;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(dir, failure)) {
        if (entry.path().filename().string().ends_with(ending)) {
            copies.push_back(entry.path());
        }
    }
    std::ranges::sort(copies, std::greater());
    const auto cut = plugins::backup::stamp(now - std::chrono::hours(24 * keep.days));
    std::vector<std::string> gone;
    for (auto i = static_cast<std::size_t>(std::max(keep.last, 1)); i < copies.size(); ++i) {
        if (copies[i].filename().string() < cut) {
            fs::remove(copies[i], failure);
            fs::remove(copies[i].string() + ".json", failure);
            gone.push_back(copies[i].string());
        }
    }
    return gone;
}

PulledState pull(Session& session, const InfraScene& scene, const std::string& name) {
    OpenStack open(scene.place, stack_order(scene, name), session.parts);
    make_ready(session, open, name);
    auto pulled = wait_for(session.parts, open.stack.pull());
    if (pulled.halt) {
        refuse(name, *pulled.halt);
    }
    if (const auto doubt = doubt_about(open.folder.applied(), mark_of(pulled.facts));
        !doubt.empty()) {
        throw Error(
            ExitCode::blocked,
            "stack " + name + ": " + doubt,
            "no copy was kept; where that state is right, `deployctl infra apply " + name +
                " --confirm=" + name + "` agrees to it"
        );
    }
    return pulled;
}

Value keep_copy(
    Session& session,
    const InfraScene& scene,
    const std::string& name,
    const std::string& certificate
) {
    const auto& settings = scene.configuration.infra.backup;
    const auto pulled = pull(session, scene, name);
    const auto now = session.parts.clock().now();
    const Placeholders names{
        {"app", scene.place.target.app}, {"env", scene.place.target.environment}
    };
    const auto dir = fill_in(settings.dir, names) + "/" + name;
    auto value = Value::map({
        {"stack", name},
        {"serial", pulled.facts.serial},
        {"lineage", pulled.facts.lineage},
        {"resources", pulled.facts.resources},
    });
    if (pulled.facts.lineage.empty()) {
        value.set("/file", "");
        value.set("/why", "there is no state yet");
        return value;
    }
    std::error_code failure;
    fs::create_directories(dir, failure);
    fs::permissions(dir, fs::perms::owner_all, failure);
    const auto file = dir + "/" + plugins::backup::stamp(now) + "-" +
                      std::to_string(pulled.facts.serial) + std::string(ending);
    const auto sealed = documents::seal(pulled.text, certificate, now);
    write_report_file(file, sealed);
    value.set("/file", file);
    value.set("/sha256", documents::sha256_hex(pulled.text));
    value.set("/sealed_sha256", documents::sha256_hex(sealed));
    value.set("/bytes", static_cast<std::int64_t>(pulled.text.size()));
    write_report_file(file + ".json", documents::write_json_indented(value) + "\n");
    value.set("/removed", lines_value(rotate(dir, settings.keep, now)));
    return value;
}

ExitCode backup(Session& session, const std::string& wanted) {
    const auto scene = infra_scene(session, wanted);
    const auto certificate = read_certificate(session, scene.configuration.infra.backup);
    Result result;
    Value::Array items;
    for (const auto& name : scene.stacks) {
        Operation operation;
        operation.kind = "infra.backup";
        operation.app = scene.place.target.app;
        operation.environment = scene.place.target.environment;
        operation.subject = name;
        operation = begin_operation(session, operation);
        const auto value = in_operation(session, operation, [&] {
            return keep_copy(session, scene, name, certificate);
        });
        end_operation(session, operation, OperationState::done, value);
        items.push_back(value);
        result.names.push_back(value.text("/file"));
    }
    result.value = Value::map({{"items", items}});
    result.text = [&items](const Style& style) {
        return columns(items, {"stack", "serial", "resources", "file", "sha256"}, style);
    };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run infra_backup(Form& form) {
    const auto stack = std::make_shared<std::string>();  // shared with the form's reader
    form.add_optional_argument(
        "STACK", "one of `infra.stacks` (default: all of the environment)", into(*stack)
    );
    form.describe(
        "A state holds secrets: it is encrypted to the certificate that `infra.backup.encrypt_to` "
        "names before it is written, and only its key opens it (`openssl cms -decrypt -inform "
        "DER`). Beside it "
        "stand serial and checksum. An old state is for reading: to go back, apply the earlier "
        "configuration."
    );
    form.add_example(
        "deployctl infra backup -e production", "before a risky change, or every night"
    );
    return [stack](Session& session) { return backup(session, *stack); };
}

}  // namespace deployctl::cli::commands
