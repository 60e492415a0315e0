// SPDX-License-Identifier: Apache-2.0
#include "gates/gate.hpp"

#include "gates/analysis_gate.hpp"
#include "gates/command_gate.hpp"
#include "gates/http_gate.hpp"
#include "gates/image_gate.hpp"
#include "gates/metric_gate.hpp"
#include "gates/policy_gate.hpp"
#include "gates/scan_gate.hpp"

namespace deployctl::gates {

namespace {

struct Maker {
    const Sources& sources;

    std::unique_ptr<Gate> operator()(const HttpQuestion& question) const {
        return std::make_unique<HttpGate>(sources.cluster, question);
    }

    std::unique_ptr<Gate> operator()(const MetricQuestion& question) const {
        return std::make_unique<MetricGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const AnalysisQuestion& question) const {
        return std::make_unique<AnalysisGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const CommandQuestion& question) const {
        return std::make_unique<CommandGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const ScanQuestion& question) const {
        return std::make_unique<ScanGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const PolicyQuestion& question) const {
        return std::make_unique<PolicyGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const ImageQuestion& question) const {
        return std::make_unique<ImageGate>(sources, question);
    }
};

}  // namespace

std::unique_ptr<Gate> make_gate(const GateQuestion& question, const Sources& sources) {
    return std::visit(Maker{sources}, question);
}

}  // namespace deployctl::gates
