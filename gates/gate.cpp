// SPDX-License-Identifier: Apache-2.0
#include "gates/gate.hpp"

#include "gates/address_gate.hpp"
#include "gates/alerts_gate.hpp"
#include "gates/analysis_gate.hpp"
#include "gates/backup_age_gate.hpp"
#include "gates/budget_gate.hpp"
#include "gates/capacity_gate.hpp"
#include "gates/command_gate.hpp"
#include "gates/dependency_gate.hpp"
#include "gates/exhaustion_gate.hpp"
#include "gates/http_gate.hpp"
#include "gates/image_gate.hpp"
#include "gates/mann_whitney_gate.hpp"
#include "gates/metric_gate.hpp"
#include "gates/performance_gate.hpp"
#include "gates/policy_gate.hpp"
#include "gates/readiness_gate.hpp"
#include "gates/scan_gate.hpp"
#include "gates/slope_gate.hpp"
#include "gates/soak_gate.hpp"

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

    std::unique_ptr<Gate> operator()(const SoakQuestion& question) const {
        return std::make_unique<SoakGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const DependencyQuestion& question) const {
        return std::make_unique<DependencyGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const ReadinessQuestion& question) const {
        return std::make_unique<ReadinessGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const BackupAgeQuestion& question) const {
        return std::make_unique<BackupAgeGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const PerformanceQuestion& question) const {
        return std::make_unique<PerformanceGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const CapacityQuestion& question) const {
        return std::make_unique<CapacityGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const AlertsQuestion& question) const {
        return std::make_unique<AlertsGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const TcpQuestion& question) const {
        return std::make_unique<AddressGate<TcpQuestion>>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const GrpcQuestion& question) const {
        return std::make_unique<AddressGate<GrpcQuestion>>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const TrendQuestion& question) const {
        return std::make_unique<SlopeGate>(sources, question.slope, Against::itself);
    }

    std::unique_ptr<Gate> operator()(const LeakQuestion& question) const {
        return std::make_unique<SlopeGate>(sources, question.slope, Against::stable);
    }

    std::unique_ptr<Gate> operator()(const ExhaustionQuestion& question) const {
        return std::make_unique<ExhaustionGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const MannWhitneyQuestion& question) const {
        return std::make_unique<MannWhitneyGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const SloQuestion& question) const {
        return std::make_unique<SloGate>(sources, question);
    }

    std::unique_ptr<Gate> operator()(const ErrorBudgetQuestion& question) const {
        return std::make_unique<ErrorBudgetGate>(sources, question);
    }
};

}  // namespace

Verdict no_answer(std::string measured, std::string why) {
    return {Answer::error, std::move(why), std::move(measured), "", {}};
}

std::unique_ptr<Gate> make_gate(const GateQuestion& question, const Sources& sources) {
    return std::visit(Maker{sources}, question);
}

}  // namespace deployctl::gates
