// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/docker.hpp"
#include "readiness/checks/secrets.hpp"
#include "readiness/patterns.hpp"
#include "readiness/redaction.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;

/// What a secret is called is told, never what it is.
std::optional<Answer> environment_has_no_secrets(const Subject& subject, const Facts&) {
    auto all = holds();
    for (const auto& instruction : subject.node->at("instructions").items) {
        if (instruction.text_at("op") != "ENV") {
            continue;
        }
        for (const auto& pair : instruction.at("pairs").entries) {
            const auto secrecy = secrecy_of(pair.key, pair.value);
            if (secrecy == Secrecy::literal) {
                return fails_at(pair.value, std::string(pair.key), "a secret at run time");
            }
            if (secrecy == Secrecy::unknown) {
                all = not_known(std::string(pair.key) + " is not known here");
            }
        }
    }
    return all;
}

std::optional<Answer> secret_of(std::span<const NodeEntry> arguments, const Node& where) {
    for (const auto& argument : arguments) {
        const bool by_value = argument.value.is_scalar() && shows_a_secret(argument.value.text);
        if (names_a_secret(argument.key) || by_value) {
            const auto& node = argument.value.spot.line > 0 ? argument.value : where;
            return fails_at(node, std::string(argument.key), "--mount=type=secret");
        }
    }
    return std::nullopt;
}

std::optional<Answer> arguments_are_no_secrets(const Subject& subject, const Facts&) {
    if (auto found = secret_of(subject.node->at("args").entries, *subject.node)) {
        return found;
    }
    for (const auto& stage : subject.node->at("stages").items) {
        for (const auto& instruction : stage.at("instructions").items) {
            if (instruction.text_at("op") != "ARG") {
                continue;
            }
            if (auto found = secret_of(instruction.at("pairs").entries, instruction)) {
                return found;
            }
        }
    }
    return holds();
}

struct Trusting {
    RE2 programs;  ///< empty: whatever is called
    RE2 arguments;
};

/// How programs are told to take any certificate.
const std::array<Trusting, 9>& trusting() {
    static const std::array<Trusting, 9> ways = {{
        {"^curl$", "(^| )(-[a-zA-Z]*k[a-zA-Z]*|--insecure|--proxy-insecure)( |$)"},
        {"^wget$", "--no-check-certificate"},
        {"^(pip[0-9.]*|python[0-9.]*)$", "--trusted-host"},
        {"^(npm|yarn|pnpm)$", "strict-ssl[ =]false"},
        {"^git$", "(?i)http\\.sslverify[ =](false|0)"},
        {"^(yum|dnf|microdnf)$", "sslverify=(0|false)"},
        {"^(apt-get|apt)$", "(?i)Verify-(Peer|Host)=(false|0)"},
        {"^(go|export)$", "GOINSECURE=."},
        {"",
         "NODE_TLS_REJECT_UNAUTHORIZED=0|PYTHONHTTPSVERIFY=0|GIT_SSL_NO_VERIFY=(1|true)|"
         "sslverify *= *(0|false)$"},
    }};
    return ways;
}

bool trusts_anybody(const Node& command) {
    const auto text =
        std::string(command.text_at("settings")) + " " + std::string(command.text_at("args"));
    return std::ranges::any_of(trusting(), [&](const Trusting& one) {
        return is_found(one.programs, command.text_at("program")) && is_found(one.arguments, text);
    });
}

std::optional<Answer> trusting_setting(const Node& instruction) {
    static const RE2 settings(
        "^(NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY|NPM_CONFIG_STRICT_SSL)=(0|false)$|"
        "^GIT_SSL_NO_VERIFY=(1|true)$|^(PIP_TRUSTED_HOST|GOINSECURE)=."
    );
    for (const auto& pair : instruction.at("pairs").entries) {
        const auto text = std::string(pair.key) + "=" + std::string(pair.value.text);
        if (is_found(settings, text)) {
            return fails_at(pair.value, text, "its default");
        }
    }
    return std::nullopt;
}

std::optional<Answer> certificates_are_checked(const Subject& subject, const Facts&) {
    for (const auto& instruction : subject.node->at("instructions").items) {
        if (auto failure = trusting_setting(instruction)) {
            return failure;
        }
        for (const auto& command : instruction.at("commands").items) {
            if (trusts_anybody(command)) {
                const auto text = std::string(command.text_at("program")) + " " +
                                  std::string(command.text_at("args"));
                return fails_at(command, redacted(text).substr(0, 70));
            }
        }
    }
    return holds();
}

constexpr std::array<NamedCheck, 3> checks = {{
    {"environment-has-no-secrets", environment_has_no_secrets},
    {"arguments-are-no-secrets", arguments_are_no_secrets},
    {"certificates-are-checked", certificates_are_checked},
}};

}  // namespace

std::span<const NamedCheck> docker_secret_checks() {
    return checks;
}

}  // namespace deployctl::readiness
