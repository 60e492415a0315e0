// SPDX-License-Identifier: Apache-2.0
#include "config/artifact_semantics.hpp"

#include "config/placeholders.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace deployctl::config {

namespace {

using documents::YamlEntry;

/// It becomes part of a query.
void check_package(const YamlEntry& gate, const std::string& name, Report& report) {
    const auto is_good = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
    };
    const auto* entry = gate.value.find("namespace");
    if (entry != nullptr && !std::ranges::all_of(name, is_good)) {
        auto& wrong =
            report.add("C1071", "`" + name + "` is no name of a package", entry->value.place);
        wrong.note = "letters, digits and `_`, with dots between";
        wrong.help = "write the name after `package` in the policy, such as `main`";
        wrong.docs = "gates.namespace";
    }
}

/// By a key, or by an identity and its issuer: one of both.
void check_signer(const YamlEntry& gate, Report& report) {
    const auto* key = gate.value.find("cosign_key");
    const auto* identity = gate.value.find("cosign_identity");
    const auto* issuer = gate.value.find("cosign_issuer");
    const auto* keyless = identity == nullptr ? issuer : identity;
    if (key != nullptr && keyless != nullptr) {
        auto& wrong = report.add(
            "C1072", "a key and an identity both say who has signed the image", keyless->place
        );
        wrong.help = "keep one of them, or write two gates";
        wrong.docs = "gates.cosign_key";
    } else if ((identity == nullptr) != (issuer == nullptr)) {
        const std::string missing = identity == nullptr ? "cosign_identity" : "cosign_issuer";
        auto& wrong =
            report.add("C1073", "`" + keyless->key + "` needs `" + missing + "`", keyless->place);
        wrong.note = "an identity is worth as much as the one that vouches for it";
        wrong.help = "write `" + missing + "` beside it";
        wrong.docs = "gates." + missing;
    }
}

struct ArtifactCheck {
    const YamlEntry& gate;
    Report& report;

    void operator()(const auto&) const {}

    void operator()(const ScanQuestion&) const {
        check_names(gate, "file", report);
        check_names(gate, "vex", report);
    }

    void operator()(const PolicyQuestion& policy) const {
        check_names(gate, "policy", report);
        check_package(gate, policy.rego_package, report);
    }

    void operator()(const ImageQuestion&) const { check_signer(gate, report); }
};

}  // namespace

void check_artifact_gate(const YamlEntry& entry, const GateQuestion& question, Report& report) {
    std::visit(ArtifactCheck{entry, report}, question);
}

}  // namespace deployctl::config
