// SPDX-License-Identifier: Apache-2.0
#include "config/metrics_semantics.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlNode;

bool stays_on_this_machine(std::string_view url) {
    const auto host = url.substr(std::min(url.find("://") + 3, url.size()));
    const auto ends_name = [&](std::string_view name) {
        return host.size() == name.size() || host[name.size()] == ':' || host[name.size()] == '/';
    };
    return std::ranges::any_of(
        std::array<std::string_view, 3>{"localhost", "127.0.0.1", "[::1]"},
        [&](std::string_view name) { return host.starts_with(name) && ends_name(name); }
    );
}

class MetricsMeaning {
public:
    MetricsMeaning(const MetricsSource& source, const YamlNode& node, Report& report)
        : source_(source), node_(node), report_(report) {}

    void check() {
        check_who_asks();
        check_certificate();
        check_clear_text();
        check_headers();
    }

private:
    void check_who_asks() {
        const auto* user = node_.find("username");
        const auto* password = node_.find("password_file");
        if (node_.find("token_file") != nullptr && (user != nullptr || password != nullptr)) {
            auto& wrong =
                add("C1034",
                    "`token_file` and a password both say who asks",
                    user == nullptr ? *password : *user);
            wrong.help = "keep one of them";
            wrong.docs = "prometheus.token_file";
        } else if (user != nullptr && password == nullptr) {
            needs(*user, "username", "password_file", "/run/secrets/prom-password");
        } else if (password != nullptr && user == nullptr) {
            needs(*password, "password_file", "username", "deployctl");
        }
    }

    void check_certificate() {
        const auto* certificate = node_.find("cert_file");
        const auto* key = node_.find("key_file");
        if (certificate != nullptr && key == nullptr) {
            needs(*certificate, "cert_file", "key_file", "/etc/ssl/deployctl.key");
        } else if (key != nullptr && certificate == nullptr) {
            needs(*key, "key_file", "cert_file", "/etc/ssl/deployctl.pem");
        }
    }

    /// Within a mesh it may be meant so: a warning.
    void check_clear_text() {
        const auto* url = node_.find("url");
        const bool has_secret = !source_.token_file.empty() || !source_.password_file.empty();
        if (url != nullptr && has_secret && source_.url.starts_with("http://") &&
            !stays_on_this_machine(source_.url)) {
            auto& wrong = add("C1036", "credentials go over the network in the clear", *url);
            wrong.severity = Severity::warning;
            wrong.note = "anybody on the way can read them";
            wrong.help = "write an https URL";
            wrong.docs = "prometheus.url";
        }
    }

    void check_headers() {
        const auto* headers = node_.find("headers");
        if (headers == nullptr) {
            return;
        }
        for (const auto& entry : headers->value.entries) {
            check_header(entry);
        }
    }

    void check_header(const YamlEntry& entry) {
        constexpr std::array<std::string_view, 3> secret{
            "authorization", "cookie", "proxy-authorization"
        };
        constexpr std::array<std::string_view, 4> ours{
            "accept", "content-length", "content-type", "transfer-encoding"
        };
        const auto name = lower(entry.key);
        if (std::ranges::count(secret, name) > 0) {
            auto& wrong = add("C1037", "`" + entry.key + "` is a secret: not in this file", entry);
            wrong.help = "write `token_file`, or `username` and `password_file`";
            wrong.docs = "prometheus.token_file";
        } else if (std::ranges::count(ours, name) > 0) {
            auto& wrong = add("C1037", "deployctl sets `" + entry.key + "` by itself", entry);
            wrong.help = "take it out";
            wrong.docs = "prometheus.headers";
        }
    }

    void needs(
        const YamlEntry& entry,
        const std::string& one,
        const std::string& other,
        const char* example
    ) {
        auto& wrong = add("C1035", "`" + one + "` needs `" + other + "`", entry);
        wrong.help = "write `" + other + ": " + example + "`";
        wrong.docs = "prometheus." + other;
    }

    Diagnostic& add(const char* code, std::string message, const YamlEntry& entry) {
        return report_.add(code, std::move(message), entry.place);
    }

    const MetricsSource& source_;
    const YamlNode& node_;
    Report& report_;
};

/// How long a gate is waited for counts on it.
void check_timeout(const MetricsSource& source, const YamlEntry& entry, Report& report) {
    const auto* timeout = entry.value.find("timeout");
    if (timeout == nullptr || source.timeout <= longest_gate_sample) {
        return;
    }
    const auto most = to_text(longest_gate_sample);
    auto& wrong = report.add(
        "C1063", "a query waits at most " + most + " for its answer", timeout->value.place
    );
    wrong.note = "a gate asks again, rather than wait for longer";
    wrong.help = "write `timeout: " + most + "` or less";
    wrong.docs = entry.key + ".timeout";
}

void check_program(const MetricsSource& source, const YamlEntry& entry, Report& report) {
    const auto* run = entry.value.find("run");
    if (run != nullptr && source.run.empty()) {
        auto& wrong = report.add("C1065", "`run` names no program", run->place);
        wrong.help = "write `run: [./ci/metrics.py]`";
        wrong.docs = "metrics_program.run";
    }
}

}  // namespace

void check_metrics(const Configuration& configuration, const YamlNode& root, Report& report) {
    const auto* prometheus = root.find("prometheus");
    if (prometheus != nullptr && configuration.prometheus) {
        MetricsMeaning(*configuration.prometheus, prometheus->value, report).check();
        check_timeout(*configuration.prometheus, *prometheus, report);
    }
    const auto* program = root.find("metrics_program");
    if (program == nullptr || !configuration.metrics_program) {
        return;
    }
    check_program(*configuration.metrics_program, *program, report);
    check_timeout(*configuration.metrics_program, *program, report);
    if (prometheus != nullptr) {
        auto& wrong = report.add(
            "C1064",
            "`prometheus` and `metrics_program` both say where metrics come from",
            program->place
        );
        wrong.help = "keep one of them";
        wrong.docs = "metrics_program";
    }
}

}  // namespace deployctl::config
