// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/artefact.hpp"

namespace deployctl::plugins::backup {

namespace {

constexpr std::string_view kind = "deployctl.backup/1";

Value to_value(const std::optional<Verification>& verified) {
    if (!verified) {
        return {};
    }
    return Value::map({
        {"at", to_rfc3339(verified->at)},
        {"by", verified->by},
        {"result", verified->result == Proof::passed ? "passed" : "failed"},
        {"detail", verified->detail},
    });
}

Value to_value(const Held& held) {
    return Value::map({
        {"kind", held.kind},
        {"namespace", held.kube_namespace},
        {"name", held.name},
        {"uid", held.uid},
        {"cluster_uid", held.cluster_uid},
        {"bytes", held.bytes},
    });
}

Held read_held(const Value& value) {
    return {
        value.text("/kind"),
        value.text("/namespace"),
        value.text("/name"),
        value.text("/uid"),
        value.text("/cluster_uid"),
        value.number("/bytes"),
    };
}

std::optional<Verification> read_verification(const Value& value) {
    const auto at = read_rfc3339(value.view("/at"));
    if (!at) {
        return std::nullopt;
    }
    const auto result = value.view("/result") == "passed" ? Proof::passed : Proof::failed;
    return Verification{*at, value.text("/by"), result, value.text("/detail")};
}

}  // namespace

Value to_value(const Artefact& artefact) {
    const auto& made = artefact.making;
    auto value = Value::map({
        {"kind", kind},
        {"id", artefact.id},
        {"app", artefact.scope.app},
        {"environment", artefact.scope.environment},
        {"database", artefact.scope.database},
        {"file", artefact.file},
        {"started", to_rfc3339(made.started)},
        {"ended", to_rfc3339(made.ended)},
        {"bytes", made.bytes},
        {"sha256", made.sha256},
        {"sealed", made.seal == Seal::sealed},
        {"command", lines_value(made.command)},
        {"warnings", lines_value(made.warnings)},
        {"verified", to_value(artefact.verified)},
    });
    if (!made.held.kind.empty()) {
        value.set("/held", to_value(made.held));
    }
    return value;
}

std::optional<Artefact> read_artefact(const Value& manifest, std::string_view file) {
    const auto started = read_rfc3339(manifest.view("/started"));
    const auto ended = read_rfc3339(manifest.view("/ended"));
    Artefact artefact;
    artefact.id = manifest.text("/id");
    artefact.scope = {
        manifest.text("/app"), manifest.text("/environment"), manifest.text("/database")
    };
    artefact.file = manifest.text("/file");
    const bool is_ours = manifest.view("/kind") == kind && started && ended &&
                         !artefact.id.empty() && artefact.file == file &&
                         is_plain_name(artefact.file) && is_name_of(artefact.file, artefact.scope);
    if (!is_ours) {
        return std::nullopt;
    }
    artefact.making = {
        *started,
        *ended,
        manifest.number("/bytes"),
        manifest.text("/sha256"),
        manifest.flag("/sealed") ? Seal::sealed : Seal::none,
        read_lines(manifest.at("/command")),
        read_lines(manifest.at("/warnings")),
        read_held(manifest.at("/held")),
    };
    artefact.verified = read_verification(manifest.at("/verified"));
    return artefact;
}

}  // namespace deployctl::plugins::backup
