// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

namespace deployctl::config {

namespace {

using enum KeyType;
using enum Presence;

constexpr std::string_view any_count = "0..1000000";

constexpr Key keys[] = {
    {"gates.file",
     text,
     "The report to judge: JSON of Trivy or Grype, or SARIF 2.1; `${version}`, `${app}`, `${env}`",
     "reports/${version}.json",
     required,
     {},
     {},
     "scan"},
    {"gates.max_critical",
     integer,
     "The most critical vulnerabilities that pass; one in a package counts once",
     "0",
     optional,
     any_count,
     {},
     "scan"},
    {"gates.max_high", integer, "The most high ones that pass", "0", optional, any_count, {}, "scan"
    },
    {"gates.max_medium",
     integer,
     "The most medium ones that pass; as many as there are where nothing is said",
     "20",
     optional,
     any_count,
     {},
     "scan"},
    {"gates.max_low",
     integer,
     "The most low ones that pass; as many as there are where nothing is said",
     "100",
     optional,
     any_count,
     {},
     "scan"},
    {"gates.max_age",
     positive_duration,
     "How old the report, or backup, may be, by its own time where it has one, else by the file's",
     "24h",
     optional,
     {},
     {},
     "scan|readiness|backup-age|performance"},
    {"gates.vex",
     text,
     "A CycloneDX or OpenVEX document: vulnerabilities that it calls not affected, false "
     "positives, "
     "resolved or fixed do not count",
     "reports/vex.json",
     optional,
     {},
     {},
     "scan"},
    {"gates.any_digest",
     flag,
     "The report may be about any image; else it must name the digest that is deployed",
     "true",
     optional,
     {},
     {},
     "scan"},
    {"gates.tool",
     choice,
     "The program that evaluates the policy; it must be installed where deployctl runs",
     "opa",
     optional,
     "conftest|opa",
     {},
     "policy"},
    {"gates.policy",
     text,
     "A folder or file of Rego: what its `deny` says of the workload as it will be fails",
     "policy",
     required,
     {},
     {},
     "policy"},
    {"gates.namespace",
     text,
     "The package of the rules, not of objects: conftest takes `deny`, `violation` and `warn` of "
     "it, opa "
     "`deny`, a set of texts",
     "main",
     optional,
     {},
     {},
     "policy"},
    {"gates.cosign_key",
     text,
     "The public key that must have signed the image: a file, or what else `cosign verify --key` "
     "takes; cosign must be installed where deployctl runs",
     "cosign.pub",
     optional,
     {},
     {},
     "image"},
    {"gates.cosign_identity",
     text,
     "Who must have signed it without a key, as the certificate names them; with cosign_issuer",
     "https://github.com/shop/web/.github/workflows/release.yml@refs/heads/main",
     optional,
     {},
     {},
     "image"},
    {"gates.cosign_issuer",
     text,
     "Who vouches for that identity",
     "https://token.actions.githubusercontent.com",
     optional,
     {},
     {},
     "image"},
};

}  // namespace

std::span<const Key> artifact_keys() {
    return keys;
}

}  // namespace deployctl::config
