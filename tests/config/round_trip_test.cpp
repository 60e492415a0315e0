// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace deployctl;
using namespace deployctl::config;

namespace {

/// Any configuration that a file can say, from a seed.
class Dice {
public:
    explicit Dice(unsigned seed) : random_(seed) {}

    int upto(int least, int most) {
        return least + static_cast<int>(random_() % static_cast<unsigned>(most - least + 1));
    }

    bool coin() { return upto(0, 1) == 1; }

    std::string name() {
        const std::string letters = "abcxyz0189";
        std::string text = "n";
        for (int i = upto(0, 8); i > 0; --i) {
            text += letters[static_cast<std::size_t>(upto(0, 9))];
        }
        return text;
    }

    std::string text() {
        const std::vector<std::string> all{
            "a: b", "#x", "yes", "null", "\"q\"", "\xC3\xA4", "plain", "12", "- a", "\\", "it's"
        };
        return all[static_cast<std::size_t>(upto(0, 10))];
    }

    Duration span() {
        return coin() ? Duration(microseconds(upto(1, 999'999))) : Duration(seconds(upto(1, 3600)));
    }

    Configuration configuration() {
        Configuration all;
        all.app = app();
        all.timeouts = {span(), span() + minutes(6000), span() + minutes(6000), span()};
        all.confirm = {span(), span(), span()};
        all.drain = span();
        all.on_failure = coin() ? OnFailure::hold : OnFailure::rollback;
        all.on_interrupt = coin() ? OnInterrupt::hold : OnInterrupt::rollback;
        all.evidence = {upto(0, 1000), upto(0, 500), coin()};
        for (int i = upto(0, 3); i > 0; --i) {
            all.gates[name()] = gate();
        }
        all.strategies = strategies(all.gates);
        if (coin()) {
            all.prometheus = prometheus();
        } else if (coin()) {
            all.metrics_program.emplace();
            all.metrics_program->run = {text(), text()};
            all.metrics_program->timeout = std::min<Duration>(span(), longest_gate_sample);
        }
        for (int i = upto(0, 3); i > 0; --i) {
            all.queries[name() + "_Rate"] = coin() ? text() : text() + "\n\t" + text() + "\n";
        }
        for (int i = upto(1, 3); i > 0; --i) {
            auto one = environment(all.gates);
            all.environments[one.name] = one;
        }
        all.approvals = approvals();
        const auto first = all.environments.begin()->first;
        all.freeze = freeze(first);
        all.infra = infra(first);
        all.backup = backup(first);
        all.hooks = hooks(first);
        all.promotion = promotion(first);
        if (coin()) {
            all.group = group(all.gates);
        }
        if (coin()) {
            auto& standby = all.environments["standby"];
            standby = environment(all.gates);
            standby.name = "standby";
            standby.kube_namespace = "standby";
            standby.follows = coin() ? first : "";
            standby.max_lag = standby.follows.empty() ? std::nullopt : maybe_span();
            standby.waves = coin() ? waves() : WaveSettings{};
            all.disaster = disaster(first);
        }
        return all;
    }

private:
    AppSettings app() {
        AppSettings app;
        app.name = name();
        app.image = "example.com:5000/" + name();
        app.digest = coin() ? DigestPolicy::require : DigestPolicy::off;
        app.workload = {"Deployment", name() + "." + name(), coin() ? name() : ""};
        app.manifests.kustomize = coin() ? "k8s/${env}" : "";
        app.manifests.apply = coin() ? ManifestScope::all : ManifestScope::pod_template;
        app.manifests.dir = app.manifests.kustomize.empty() && coin() ? text() : "";
        if (coin()) {
            app.config_objects = {{"web-flags"}, coin() ? std::vector{name()} : none};
            app.version_probe = VersionProbe{upto(1, 65535), "/" + name(), "$." + name()};
        }
        app.runbook = coin() ? text() : "";
        app.owners = {text(), text()};
        return app;
    }

    HttpQuestion http() {
        HttpQuestion http;
        http.port = upto(0, 65535);
        http.path = "/" + name();
        http.expect_status = upto(100, 599);
        http.requests = upto(1, 1000);
        http.max_errors = upto(0, 1000) / 1000.0;
        http.timeout = std::min<Duration>(span(), longest_gate_sample);
        return http;
    }

    GrpcQuestion grpc(Duration timeout) {
        GrpcQuestion grpc{name() + ":80", coin() ? text() : "", coin(), timeout};
        grpc.ca_file = grpc.tls && coin() ? text() : "";
        return grpc;
    }

    std::optional<double> maybe_number() {
        return coin() ? std::optional(upto(-1000, 1000) / 8.0) : std::nullopt;
    }

    AnalysisQuestion analysis() {
        AnalysisQuestion analysis;
        analysis.errors = text();
        analysis.total = text();
        analysis.alpha = upto(1, 400) / 1000.0;
        analysis.max_ratio = 1 + upto(1, 90) / 10.0;
        analysis.max = upto(0, 1000) / 1000.0;
        analysis.min_samples = upto(1, 100'000);
        analysis.warm_up = span();
        if (coin()) {
            analysis.buckets = text();
            analysis.quantiles = {upto(500, 999) / 1000.0, 0.99};
            analysis.edges = {upto(1, 1000) / 100.0};
            analysis.max_slow = upto(0, 100) / 100.0;
        }
        return analysis;
    }

    AlertsQuestion alerts() {
        AlertsQuestion alerts;
        alerts.labels = {{"service", text()}, {"_" + name(), text()}};
        alerts.alertmanager = coin() ? "http://" + name() + ":9093" : "";
        alerts.silenced = coin() ? SilencedAlerts::count : SilencedAlerts::ignore;
        alerts.ignore = {text()};
        return alerts;
    }

    SlopeSettings slope() { return {text(), upto(-9, 9) / 2.0, upto(1, 9) / 20.0, span(), span()}; }

    std::optional<Duration> maybe_span() { return coin() ? std::optional(span()) : std::nullopt; }

    ExhaustionQuestion exhaustion() {
        const auto limit = maybe_number();
        return {text(), limit, limit ? "" : text(), span(), maybe_span(), span(), span()};
    }

    MannWhitneyQuestion mann_whitney() {
        MannWhitneyQuestion series{text()};
        series.direction = coin() ? SeriesDirection::increase : SeriesDirection::decrease;
        series.tolerance = upto(0, 40) / 8.0;
        series.pass_score = upto(50, 100);
        series.marginal_score = upto(0, 50);
        series.window = maybe_span();
        series.resolution = span();
        series.warm_up = span();
        return series;
    }

    GateQuestion question() {
        const auto timeout = std::min<Duration>(span(), longest_gate_sample);
        switch (upto(1, 12)) {
            case 10: return TrendQuestion{slope()};
            case 11: return LeakQuestion{slope()};
            case 12: return exhaustion();
            case 7: return mann_whitney();
            case 8: return SloQuestion{text(), text(), upto(500, 999) / 10.0};
            case 9:
                return ErrorBudgetQuestion{
                    text(), text(), upto(500, 999) / 10.0, span(), upto(0, 8) / 8.0
                };
            case 1: return http();
            case 4: return alerts();
            case 5: return TcpQuestion{name() + ".${env}:80", timeout};
            case 6: return grpc(timeout);
            case 2: return MetricQuestion{text(), upto(1, 9) / 2.0, maybe_number(), maybe_number()};
            default: return analysis();
        }
    }

    GateSettings gate() {
        GateSettings gate;
        gate.question = question();
        auto& policy = gate.policy;
        policy.every = span();
        policy.initial_delay = span();
        policy.pass_after = upto(1, 100);
        policy.fail_after = upto(1, 100);
        policy.on_fail = coin() ? OnGateFail::notify : OnGateFail::hold;
        policy.on_no_data = coin() ? OnNoData::fail : OnNoData::hold;
        policy.errors_in_a_row = upto(1, 1000);
        policy.hold_at_most = span();
        policy.on_inconclusive = coin() ? OnInconclusive::pass : OnInconclusive::rollback;
        policy.dry_run = coin();
        return gate;
    }

    MetricsSource prometheus() {
        MetricsSource source;
        source.url = "https://" + name() + ":9090/" + name();
        if (coin()) {
            source.token_file = text();
        } else {
            source.username = text();
            source.password_file = text();
        }
        source.ca_file = coin() ? text() : "";
        source.cert_file = coin() ? text() : "";
        source.key_file = source.cert_file.empty() ? "" : text();
        for (int i = upto(0, 2); i > 0; --i) {
            source.headers["X-" + name()] = text();
        }
        source.timeout = std::min<Duration>(span(), longest_gate_sample);
        source.retries = upto(0, 10);
        return source;
    }

    std::vector<std::string> some_of(const GatesByName& gates) {
        std::vector<std::string> names;
        for (const auto& [name, gate] : gates) {
            if (coin()) {
                names.push_back(name);
            }
        }
        return names;
    }

    StrategySettings strategies(const GatesByName& gates) {
        StrategySettings all;
        all.rolling = {{upto(1, 50), upto(51, 100)}, span(), span(), some_of(gates)};
        all.blue_green = {{name()}, coin() ? "preview" : "", span(), span(), some_of(gates), ""};
        all.canary.steps = {{upto(1, 40), span()}, {upto(41, 100), span()}};
        if (coin()) {
            all.blue_green.approval = an_approval;
            all.canary.steps.insert(all.canary.steps.begin() + 1, {0, Duration{}, an_approval});
        }
        all.canary.max_weight_error = upto(0, 100);
        all.canary.on_weight_error = coin() ? WeightErrorPolicy::refuse : WeightErrorPolicy::warn;
        all.canary.keep_old = span();
        all.canary.early = coin();
        all.canary.gates = some_of(gates);
        return all;
    }

    ApprovalsByName approvals() {
        ApprovalSettings one;
        one.people = coin() ? std::vector{"a" + name(), "b" + name(), "c" + name()}
                            : std::vector<std::string>{};
        one.count = upto(1, 3);
        one.not_initiator = coin();
        one.expires = span();
        return {{an_approval, one}};
    }

    FreezeSettings freeze(const std::string& environment) {
        FreezeSettings freeze;
        freeze.timezone = coin() ? "Asia/Kathmandu" : "UTC";
        for (int n = upto(0, 3); n > 0; --n) {
            FreezeWindow window;
            window.name = "w" + std::to_string(n);
            window.environments = coin() ? std::vector{environment} : std::vector<std::string>{};
            if (coin()) {
                window.cron = "*/" + std::to_string(upto(1, 59)) + " 0-12,17 * FEB-apr 5";
                window.length = span();
            } else {
                window.from = "2026-12-18T00:" + std::to_string(upto(10, 59));
                window.to = "2027-01-04T08:00";
            }
            freeze.windows.push_back(window);
        }
        if (coin()) {
            freeze.in_emergency = {{name(), name()}, an_approval};
        }
        return freeze;
    }

    std::vector<std::string> maybe(const std::string& one) {
        return coin() ? std::vector{one} : none;
    }

    Retention retention() { return {upto(1, 100), upto(0, 100)}; }

    InfraSettings infra(const std::string& environment) {
        InfraSettings infra;
        infra.program = coin() ? text() : "";
        infra.prices = text();
        infra.max_monthly_increase = coin() ? std::optional(upto(0, 1000) / 8.0) : std::nullopt;
        for (int n = upto(0, 2); n > 0; --n) {
            StackSettings stack;
            stack.dir = text();
            stack.workspace = coin() ? text() : "";
            stack.apply = ApplyWhen::after;
            stack.drift = DriftPolicy::warn;
            stack.allow_destroy = coin();
            stack.approval = coin() ? an_approval : "";
            stack.var_files = maybe(text());
            stack.backend_config = maybe(text());
            stack.on_rollback = coin() ? StackWayBack::revert : StackWayBack::keep;
            stack.environments = maybe(environment);
            stack.timeout = span();
            stack.lock_timeout = span();
            infra.stacks[name()] = stack;
        }
        infra.backup = {text(), coin() ? text() : "", retention()};
        return infra;
    }

    BackupSettings backup(const std::string& environment) {
        BackupSettings backup;
        backup.dir = text();
        for (int n = upto(0, 2); n > 0; --n) {
            auto& database = backup.databases[name()];
            const auto maker = upto(0, 2);
            database.run = maker == 0 ? std::vector{text(), std::string("${artifact}")}
                                      : std::vector<std::string>{};
            if (maker == 1) {
                database.volume_snapshot = {text(), coin() ? text() : ""};
            }
            database.cron_job = maker == 2 ? text() : "";
            database.verify = maybe(text());
            database.restore = maybe(text());
            database.dir = coin() ? text() : "";
            database.suffix = text();
            database.min_bytes = std::int64_t{upto(1, 1'000'000)} * upto(1, 1'000'000);
            database.encrypt_to = coin() && maker == 0 ? text() : "";
            database.keep = retention();
            database.max_age = maybe_span();
            database.when = coin() ? BackupWhen::before_infra : BackupWhen::before_traffic;
            database.environments = maybe(environment);
            database.timeout = span();
        }
        return backup;
    }

    Hooks hooks(const std::string& environment) {
        Hooks hooks;
        int number = 0;
        for (auto* list : {&hooks.pre_deploy, &hooks.post_verify, &hooks.on_rollback}) {
            for (int n = upto(0, 2); n > 0; --n) {
                HookSettings hook;
                hook.name = "h" + std::to_string(++number);
                (coin() ? hook.job : hook.run.emplace_back()) = text();
                hook.timeout = span();
                hook.on_error = coin() ? OnTaskError::warn : OnTaskError::fail;
                hook.migration = coin() ? Migration::expand : Migration::none;
                hook.after_crash = coin() ? AfterCrash::ask : AfterCrash::repeat;
                hook.environments = maybe(environment);
                list->push_back(hook);
            }
        }
        return hooks;
    }

    PromotionSettings promotion(const std::string& environment) {
        PromotionSettings promotion;
        promotion.order = maybe(environment);
        if (coin()) {
            promotion.require[environment] = {};
            promotion.soak[environment] = span();
        }
        promotion.same_digest = coin();
        return promotion;
    }

    GroupSettings group(const GatesByName& gates) {
        GroupSettings group{name(), {{"cart", {text(), {}}}}, some_of(gates)};
        group.members["web"] = {text(), maybe("cart")};
        return group;
    }

    WaveSettings waves() {
        WaveSettings waves;
        waves.clusters = {{"eu", "c-" + name(), ""}, {"us", "d-" + name(), name()}};
        if (coin()) {
            waves.order = {{"us"}, {"eu"}};
        }
        waves.soak = span();
        waves.on_failure = coin() ? WaveFailure::stop : WaveFailure::rollback_all;
        return waves;
    }

    DisasterSettings disaster(const std::string& primary) {
        DisasterSettings disaster;
        disaster.primary = primary;
        disaster.standby = "standby";
        disaster.rto = span();
        disaster.rpo = span();
        disaster.approval = coin() ? an_approval : "";
        for (auto* hook : {&disaster.replica, &disaster.promote, &disaster.verify}) {
            if (coin()) {
                *hook = {{text(), "${from}", "${to}"}, span()};
            }
        }
        disaster.drill_every = span();
        return disaster;
    }

    Environment environment(const GatesByName& gates) {
        Environment one;
        one.replicas = coin() ? std::optional(upto(1, 100)) : std::nullopt;
        one.name = name();
        one.context = coin() ? text() : "";
        one.kube_namespace = "of-" + one.name;
        one.is_protected = coin();
        if (coin()) {
            auto early = some_of(gates);
            std::erase_if(early, [&](const std::string& name) {
                return needs_traffic(gates.at(name).question);
            });
            one.preflight = early;
        }
        one.approval = coin() ? an_approval : "";
        if (coin()) {
            one.strategy = StrategyKind::blue_green;
            one.on_failure = OnFailure::hold;
            one.gates = some_of(gates);
        }
        return one;
    }

    const std::string an_approval = "sre";
    const std::vector<std::string> none;
    std::mt19937 random_;
};

Configuration read_again(const std::string& text) {
    const auto loaded = read_configuration(text, "deploy.yaml");
    INFO(text << render(loaded.diagnostics, ColorMode::plain));
    CHECK_FALSE(has_errors(loaded.diagnostics));
    return loaded.configuration;
}

const char* const small =
    "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\nenvironments:\n"
    "  dev: {namespace: shop}\n";

}  // namespace

TEST_CASE(
    "what is written in full reads back to the same, and so does the short form", "[config]"
) {
    for (unsigned seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        const auto configuration = Dice(seed).configuration();
        const auto full = to_yaml(configuration);
        const auto again = read_again(full);
        CHECK(again == configuration);
        CHECK(to_yaml(again) == full);
        CHECK(read_again(to_short_yaml(configuration)) == configuration);
    }
}

TEST_CASE("the short form says only what is not the default", "[config]") {
    CHECK(to_short_yaml(read_again(small)) == small);
}

TEST_CASE("the full form says every default", "[config]") {
    const auto full = to_yaml(read_again(small));
    for (const auto* line :
         {"timeouts: {first_ready: 5m, step: 20m, rollout: 2h, request: 10s}",
          "on_interrupt: shift",
          "steps: [{weight: 10, hold: 1m}, {weight: 50, hold: 1m}]",
          "digest: prefer",
          "dev: {namespace: shop, protected: false}"}) {
        CAPTURE(full);
        CHECK(full.find(line) != std::string::npos);
    }
}

TEST_CASE("an empty list of gates is not the same as none", "[config]") {
    auto configuration = read_again(small);
    CHECK_FALSE(configuration.environments["dev"].gates.has_value());
    configuration.environments["dev"].gates.emplace();
    const auto again = read_again(to_short_yaml(configuration));
    CHECK(again.environments.at("dev").gates == std::vector<std::string>{});
}
