// SPDX-License-Identifier: Apache-2.0
#include "model/settings.hpp"

#include "model/named.hpp"

#include <array>

namespace deployctl {

const char* to_text(StrategyKind kind) {
    switch (kind) {
        case StrategyKind::rolling: return "rolling";
        case StrategyKind::blue_green: return "blue-green";
        case StrategyKind::canary: return "canary";
    }
    return "";
}

const char* to_text(OnFailure policy) {
    return policy == OnFailure::rollback ? "rollback" : "hold";
}

const char* to_text(OnInterrupt policy) {
    switch (policy) {
        case OnInterrupt::hold: return "hold";
        case OnInterrupt::shift: return "shift";
        case OnInterrupt::rollback: return "rollback";
    }
    return "";
}

const char* to_text(DigestPolicy policy) {
    switch (policy) {
        case DigestPolicy::require: return "require";
        case DigestPolicy::prefer: return "prefer";
        case DigestPolicy::off: return "off";
    }
    return "";
}

const char* to_text(WeightErrorPolicy policy) {
    return policy == WeightErrorPolicy::warn ? "warn" : "refuse";
}

const char* to_text(CanaryBaseline baseline) {
    return baseline == CanaryBaseline::stable ? "stable" : "fresh";
}

const char* to_text(ManifestScope scope) {
    return scope == ManifestScope::all ? "all" : "pod_template";
}

std::optional<ManifestScope> read_manifest_scope(std::string_view text) {
    return read_name(text, std::array{ManifestScope::pod_template, ManifestScope::all});
}

std::optional<StrategyKind> read_strategy(std::string_view text) {
    return read_name(
        text, std::array{StrategyKind::rolling, StrategyKind::blue_green, StrategyKind::canary}
    );
}

std::optional<OnFailure> read_on_failure(std::string_view text) {
    return read_name(text, std::array{OnFailure::rollback, OnFailure::hold});
}

std::optional<OnInterrupt> read_on_interrupt(std::string_view text) {
    return read_name(
        text, std::array{OnInterrupt::hold, OnInterrupt::shift, OnInterrupt::rollback}
    );
}

std::optional<DigestPolicy> read_digest_policy(std::string_view text) {
    return read_name(
        text, std::array{DigestPolicy::require, DigestPolicy::prefer, DigestPolicy::off}
    );
}

std::optional<WeightErrorPolicy> read_weight_error_policy(std::string_view text) {
    return read_name(text, std::array{WeightErrorPolicy::warn, WeightErrorPolicy::refuse});
}

std::optional<CanaryBaseline> read_canary_baseline(std::string_view text) {
    return read_name(text, std::array{CanaryBaseline::stable, CanaryBaseline::fresh});
}

std::optional<MetricsSource> metrics_source(const Configuration& configuration) {
    return configuration.prometheus ? configuration.prometheus : configuration.metrics_program;
}

}  // namespace deployctl
