// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/images.hpp"

#include "readiness/inputs/images.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>
#include <vector>

namespace deployctl::readiness {

namespace {

using documents::Node;

constexpr std::array<std::string_view, 3> probes = {
    "readinessProbe", "livenessProbe", "startupProbe"
};

std::optional<long> number_of(std::string_view text) {
    long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    return whole ? std::optional(number) : std::nullopt;
}

/// Of the container, or of its pod.
const Node& security(const Subject& container, std::string_view key) {
    const auto path = "securityContext/" + std::string(key);
    const auto& own = container.node->at(path);
    const auto* const pod = container.nearest("pod");
    return own.exists() || pod == nullptr ? own : pod->node->at(path);
}

std::string said(const Subject& dockerfile, std::string_view what) {
    return std::string(what) + " of " + dockerfile.path;
}

/// UID 1000 in the image and runAsUser 1001 in the cluster: files of the image are not its own.
std::optional<Answer> user_is_the_images(const Subject& subject, const Facts& facts) {
    const auto* const dockerfile = dockerfile_of(subject, facts);
    const auto& run_as = security(subject, "runAsUser");
    if (dockerfile == nullptr || !run_as.exists()) {
        return std::nullopt;
    }
    const auto& user = dockerfile->node->at("image/user");
    if (user.is_unknown() || run_as.is_unknown()) {
        return not_known("USER or runAsUser is not known here");
    }
    const auto built = number_of(user.text.substr(0, user.text.find(':')));
    const auto runs = number_of(run_as.text);
    if (!built || !runs) {
        return std::nullopt;
    }
    const auto observed = "runAsUser " + std::to_string(*runs) + ", USER " +
                          std::to_string(*built) + " of " + dockerfile->path;
    return *built == *runs ? holds(observed) : fails_at(run_as, observed, std::to_string(*built));
}

/// The kubelet refuses a name where it has to tell that it is not root.
std::optional<Answer> user_can_be_told(const Subject& subject, const Facts& facts) {
    const auto* const dockerfile = dockerfile_of(subject, facts);
    const auto& required = security(subject, "runAsNonRoot");
    constexpr std::string_view yes = "true";
    if (dockerfile == nullptr || required.text != yes) {
        return std::nullopt;
    }
    if (security(subject, "runAsUser").exists()) {
        return holds();
    }
    const auto& user = dockerfile->node->at("image/user");
    if (user.is_unknown()) {
        return not_known("USER is not known here");
    }
    const auto built = number_of(user.text.substr(0, user.text.find(':')));
    if (built && *built > 0) {
        return holds();
    }
    const auto observed = user.exists() ? "USER " + std::string(user.text) : std::string("no USER");
    return fails_at(required, said(*dockerfile, observed), "runAsUser, or USER with a number");
}

struct Exposed {
    std::set<long> ports;
    bool is_known = true;
};

Exposed exposed_by(const Subject& dockerfile) {
    Exposed exposed;
    for (const auto& port : dockerfile.node->at("image/expose").items) {
        const auto number = number_of(port.text.substr(0, port.text.find('/')));
        if (number) {
            exposed.ports.insert(*number);
        } else {
            exposed.is_known = false;
        }
    }
    return exposed;
}

std::string listed(const std::set<long>& ports) {
    std::string text;
    for (const auto port : ports) {
        text += (text.empty() ? "" : ", ") + std::to_string(port);
    }
    return text;
}

/// Of a port that Kubernetes believes in, by number.
std::optional<Answer> is_exposed(
    const Node& port, const Subject& dockerfile, std::string_view what
) {
    const auto number = number_of(port.text);
    if (!port.is_scalar() || !number) {
        return std::nullopt;
    }
    const auto exposed = exposed_by(dockerfile);
    if (exposed.ports.contains(*number)) {
        return holds();
    }
    if (!exposed.is_known) {
        return not_known(said(dockerfile, "EXPOSE") + " is not known here");
    }
    return fails_at(
        port,
        std::string(what) + " " + std::to_string(*number) + ", EXPOSE " + listed(exposed.ports) +
            " of " + dockerfile.path,
        listed(exposed.ports)
    );
}

/// The worst of several; nothing where there is none.
void keep_worst(std::optional<Answer>& kept, std::optional<Answer> answer) {
    const auto rank = [](const std::optional<Answer>& one) {
        return !one ? 0 : one->holds == Truth::yes ? 1 : one->holds == Truth::unknown ? 2 : 3;
    };
    if (rank(answer) > rank(kept)) {
        kept = std::move(answer);
    }
}

bool exposes(const Subject* dockerfile) {
    return dockerfile != nullptr && !dockerfile->node->at("image/expose").items.empty();
}

std::optional<Answer> ports_are_exposed(const Subject& subject, const Facts& facts) {
    const auto* const dockerfile = dockerfile_of(subject, facts);
    std::optional<Answer> worst;
    for (const auto& port : subject.node->at("ports").items) {
        if (exposes(dockerfile)) {
            keep_worst(worst, is_exposed(port.at("containerPort"), *dockerfile, "containerPort"));
        }
    }
    return worst;
}

const Node& probe_port(const Node& probe) {
    const auto& http = probe.at("httpGet/port");
    const auto& tcp = probe.at("tcpSocket/port");
    return http.exists() ? http : tcp.exists() ? tcp : probe.at("grpc/port");
}

std::optional<Answer> probe_ports_are_exposed(const Subject& subject, const Facts& facts) {
    const auto* const dockerfile = dockerfile_of(subject, facts);
    std::optional<Answer> worst;
    for (const auto name : probes) {
        if (exposes(dockerfile)) {
            const auto& port = probe_port(subject.node->at(name));
            keep_worst(worst, is_exposed(port, *dockerfile, name));
        }
    }
    return worst;
}

/// "/health" of `curl -f http://localhost:8080/health`.
std::string_view path_asked(const Node& healthcheck) {
    static const RE2 address("https?://[^/\\s\"']+(/[^\\s\"'?|;)]*)");
    const auto args = healthcheck.text_at("args");
    re2::StringPiece path;
    const re2::StringPiece text(args.data(), args.size());
    return RE2::PartialMatch(text, address, &path) ? std::string_view(path.data(), path.size())
                                                   : std::string_view();
}

std::optional<Answer> healthcheck_asks_what_probes_ask(const Subject& subject, const Facts& facts) {
    const auto* const dockerfile = dockerfile_of(subject, facts);
    const auto asked =
        dockerfile == nullptr ? "" : path_asked(dockerfile->node->at("image/healthcheck"));
    const Node* last = nullptr;
    for (const auto name : probes) {
        const auto& path = subject.node->at(name).at("httpGet/path");
        if (path.is_scalar() && path.text == asked) {
            return asked.empty() ? std::nullopt : std::optional(holds());
        }
        last = path.is_scalar() ? &path : last;
    }
    if (asked.empty() || last == nullptr) {
        return std::nullopt;
    }
    return fails_at(
        *last,
        std::string(last->text) + ", HEALTHCHECK " + std::string(asked) + " of " + dockerfile->path,
        std::string(asked)
    );
}

/// The only one, and nobody says whose it is.
bool is_dockerfile_of_somebody(const Facts& facts) {
    return facts.of("dockerfile").size() == 1 &&
           std::ranges::none_of(facts.of("compose-service"), [&](const Subject* service) {
               return dockerfile_of(*service, facts) != nullptr;
           });
}

/// A Dockerfile that somebody reads to mend what runs.
std::optional<Answer> image_is_built_here(const Subject& subject, const Facts& facts) {
    const auto image = subject.node->text_at("image");
    static const RE2 shared(
        "^(docker\\.io|ghcr\\.io|quay\\.io|gcr\\.io|registry\\.k8s\\.io|mcr\\.microsoft\\.com|"
        "public\\.ecr\\.aws|cgr\\.dev|registry\\.gitlab\\.com)/"
    );
    static const RE2 host("^[^/]*[.:][^/]*/");
    if (!is_found(host, image) || is_found(shared, image) || is_public_image(image) ||
        facts.of("dockerfile").empty()) {
        return std::nullopt;
    }
    const auto* const dockerfile = dockerfile_of(subject, facts);
    if (dockerfile == nullptr && is_dockerfile_of_somebody(facts)) {
        return not_known(
            "no name tells whether " + facts.of("dockerfile").front()->path + " is that of " +
            std::string(image)
        );
    }
    return dockerfile != nullptr
               ? holds(dockerfile->path)
               : fails_at(subject.node->at("image"), std::string(image), "a Dockerfile");
}

constexpr std::array<NamedCheck, 6> checks = {{
    {"container-user-is-its-images", user_is_the_images},
    {"container-user-can-be-told", user_can_be_told},
    {"container-ports-are-exposed", ports_are_exposed},
    {"probe-ports-are-exposed", probe_ports_are_exposed},
    {"healthcheck-asks-what-probes-ask", healthcheck_asks_what_probes_ask},
    {"image-is-built-here", image_is_built_here},
}};

}  // namespace

std::span<const NamedCheck> image_checks() {
    return checks;
}

}  // namespace deployctl::readiness
