// SPDX-License-Identifier: Apache-2.0
// What depends on a version: whether it is still mended, and what its provider takes for absent.
#include "readiness/checks/end_dates.hpp"
#include "readiness/checks/terraform.hpp"
#include "readiness/patterns.hpp"

#include <array>
#include <charconv>
#include <string>

namespace deployctl::readiness {

namespace {

using documents::Node;
using Asked = std::optional<Answer>;

Answer derived(Answer answer) {
    answer.confidence = Confidence::derived;
    return answer;
}

Answer judged(const Node& where, const EndOfVersion& known) {
    return known.ends >= looked_up
               ? holds()
               : fails_at(
                     where,
                     std::string(known.version) + " ended on " + std::string(known.ends) +
                         " (as of " + std::string(looked_up) + ")",
                     "a version that is mended"
                 );
}

/// 32 of "1.32".
std::optional<int> minor_of(std::string_view version) {
    constexpr std::string_view major = "1.";
    int minor = 0;
    if (!version.starts_with(major)) {
        return std::nullopt;
    }
    version.remove_prefix(major.size());
    const auto* const end = version.data() + version.size();
    const auto [stop, error] = std::from_chars(version.data(), end, minor);
    return error == std::errc() && stop == end ? std::optional(minor) : std::nullopt;
}

/// What is newer than the table is no older than it; what is none at all is what AWS takes today.
Asked cluster_version_is_mended(const Subject& subject, const Facts& /*facts*/) {
    const auto& version = subject.node->at("version");
    if (version.is_unknown()) {
        return not_known("the version is not known here");
    }
    if (!version.exists()) {
        return derived(holds("the newest when it was made"));
    }
    if (const auto* known = find_end(eks_versions, version.text)) {
        return judged(version, *known);
    }
    const auto minor = minor_of(version.text);
    if (!minor) {
        return fails_at(version, std::string(version.text) + " is no version", "1.NN");
    }
    return *minor > *minor_of(eks_versions.back().version)
               ? holds()
               : fails_at(version, std::string(version.text) + " has ended long ago");
}

Asked runtime_is_mended(const Subject& subject, const Facts& /*facts*/) {
    const auto& runtime = subject.node->at("runtime");
    if (runtime.is_unknown()) {
        return not_known("the runtime is not known here");
    }
    // An image brings its own.
    if (!runtime.exists()) {
        return std::nullopt;
    }
    const auto* known = find_end(lambda_runtimes, runtime.text);
    return known == nullptr ? holds() : judged(runtime, *known);
}

/// By what the folder asks of the AWS provider: from 6 on, before 6, or either.
Truth is_before_six(const Subject& subject) {
    static const RE2 later("^\\s*(~>|>=|=|>)?\\s*v?([6-9]|[1-9]\\d)\\b");
    static const RE2 earlier(
        "^\\s*(~>|=|<)?\\s*v?[0-5](\\.\\d+)*\\s*$|<\\s*v?6(\\.0)*\\s*$|~>\\s*v?[0-5]\\.\\d"
    );
    const auto* const directory = subject.nearest("tf:directory");
    if (directory == nullptr) {
        return Truth::unknown;
    }
    const auto version = directory->node->text_at("providers/aws/version");
    if (is_found(later, version)) {
        return Truth::no;
    }
    return is_found(earlier, version) ? Truth::yes : Truth::unknown;
}

/// A cluster of Redshift was public where nothing was said, until version 6 of the provider.
Asked data_is_not_public(const Subject& subject, const Facts& /*facts*/) {
    constexpr std::string_view was_public = "tf:aws_redshift_cluster";
    const auto& is_public = subject.node->at("publicly_accessible");
    if (is_public.is_unknown()) {
        return not_known("whether it has a public address is not known here");
    }
    if (is_public.exists()) {
        return subject.node->flag_at("publicly_accessible")
                   ? fails_at(is_public, "it has a public address", "publicly_accessible = false")
                   : holds();
    }
    const auto is_default = subject.kind == was_public ? is_before_six(subject) : Truth::no;
    switch (is_default) {
        case Truth::no: return derived(holds());
        case Truth::yes:
            return derived(fails("before version 6 of the provider it has one where nothing is said"
            ));
        case Truth::unknown: break;
    }
    return not_known("the default depends on the version of the provider, which is not known here");
}

constexpr std::array<NamedCheck, 3> table = {{
    {"aws-cluster-version-is-mended", cluster_version_is_mended},
    {"aws-runtime-is-mended", runtime_is_mended},
    {"aws-data-is-not-public", data_is_not_public},
}};

}  // namespace

std::span<const NamedCheck> aws_version_checks() {
    return table;
}

}  // namespace deployctl::readiness
