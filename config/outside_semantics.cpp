// SPDX-License-Identifier: Apache-2.0
#include "config/outside_semantics.hpp"

#include "model/address.hpp"
#include "model/placeholders.hpp"

#include <algorithm>
#include <array>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlKind;
using documents::YamlNode;

class OutsideMeaning {
public:
    OutsideMeaning(const YamlEntry& gate, Report& report) : gate_(gate), report_(report) {}

    void operator()(const auto&) const {}

    void operator()(const CommandQuestion& command) const {
        if (command.run.empty() && gate_.value.find("run") != nullptr) {
            auto& wrong =
                report_.add("C1065", "gate `" + gate_.key + "` names no program", gate_.place);
            wrong.help = "write `run: [./ci/smoke.sh]`";
            wrong.docs = "gates.run";
        }
    }

    void operator()(const TcpQuestion& tcp) const { check_address(tcp.address); }

    void operator()(const GrpcQuestion& grpc) const {
        check_address(grpc.address);
        const auto* trusted = gate_.value.find("ca_file");
        if (trusted != nullptr && !grpc.ca_file.empty() && !grpc.tls) {
            auto& wrong = report_.add("C1067", "`ca_file` needs `tls`", trusted->value.place);
            wrong.note = "without TLS nobody shows a certificate";
            wrong.help = "write `tls: true`";
            wrong.docs = "gates.tls";
        }
    }

    void operator()(const AlertsQuestion&) const {
        const auto* labels = gate_.value.find("labels");
        if (labels == nullptr) {
            return;
        }
        const auto kind = labels->value.kind;
        const bool can_be_empty = kind == YamlKind::map || kind == YamlKind::null;
        if (can_be_empty && labels->value.entries.empty()) {
            auto& wrong = report_.add(
                "C1062", "gate `" + gate_.key + "` names no label of an alert", gate_.place
            );
            wrong.note = "every alert of every service would fail it";
            wrong.help = "write `labels: {service: \"${app}\"}`";
            wrong.docs = "gates.labels";
        }
        for (const auto& label : labels->value.entries) {
            check_names_in(label.value, "gates.labels");
        }
    }

private:
    /// As it may be with every name filled in.
    void check_address(const std::string& address) const {
        const auto* entry = gate_.value.find("address");
        if (entry == nullptr || address.empty()) {
            return;
        }
        check_names_in(entry->value, "gates.address");
        auto filled = address;
        for (const auto& name : placeholders_in(address)) {
            filled.replace(filled.find(name), name.size(), "x");
        }
        if (!is_address(filled)) {
            auto& wrong = report_.add(
                "C1066",
                "`address` takes a host and a port, not `" + address + "`",
                entry->value.place
            );
            wrong.note = "no scheme and no path; an IPv6 address in brackets";
            wrong.help = "write it as `address: web.shop.svc:8080`";
            wrong.docs = "gates.address";
        }
    }

    /// What stands for nothing would match nothing.
    void check_names_in(const YamlNode& text, const char* docs) const {
        constexpr std::array known{
            "${app}", "${env}", "${namespace}", "${version}", "${previous_version}", "${image}"
        };
        for (const auto& name : placeholders_in(text.text)) {
            if (std::ranges::count(known, name) == 0) {
                auto& wrong = report_.add("C1030", name + " stands for nothing", text.place);
                wrong.note = "known here: ${app}, ${env}, ${namespace}, ${version}, …";
                wrong.help = "write one of them, or the text itself";
                wrong.docs = docs;
            }
        }
    }

    const YamlEntry& gate_;
    Report& report_;
};

}  // namespace

void check_outside(const YamlEntry& entry, const GateQuestion& question, Report& report) {
    std::visit(OutsideMeaning(entry, report), question);
}

}  // namespace deployctl::config
