// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/terraform.hpp"
#include "readiness/checks/terraform_relations.hpp"
#include "readiness/checks/terraform_walk.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>
#include <set>
#include <string>

namespace deployctl::readiness {

namespace {

using documents::Node;
using Asked = std::optional<Answer>;

constexpr Companion versioning{
    "tf:aws_s3_bucket_versioning",
    "bucket",
    "bucket",
    {"versioning_configuration/0/status"},
    "Enabled",
    "versioning/0/enabled",
    "true"
};
constexpr Companion own_key{
    "tf:aws_s3_bucket_server_side_encryption_configuration",
    "bucket",
    "bucket",
    {"rule/0/apply_server_side_encryption_by_default/0/sse_algorithm"},
    "aws:kms",
    "server_side_encryption_configuration/0/rule/0/apply_server_side_encryption_by_default/0/"
    "sse_algorithm",
    "aws:kms"
};
constexpr Companion public_access{
    "tf:aws_s3_bucket_public_access_block",
    "bucket",
    "bucket",
    {"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"},
    "true"
};
constexpr Companion lifecycle{
    "tf:aws_s3_bucket_lifecycle_configuration", "bucket", "bucket", {}, {}, "lifecycle_rule/0"
};
constexpr Companion replication{
    "tf:aws_s3_bucket_replication_configuration",
    "bucket",
    "bucket",
    {},
    {},
    "replication_configuration/0"
};
constexpr Companion file_backup{
    "tf:aws_efs_backup_policy", "file_system_id", "id", {"backup_policy/0/status"}, "ENABLED"
};
constexpr Companion rotation{"tf:aws_secretsmanager_secret_rotation", "secret_id", "name"};
constexpr Companion table_scaling{
    "tf:aws_appautoscaling_target", "resource_id", "name", {}, {}, "billing_mode", "PAY_PER_REQUEST"
};
constexpr Companion copied_backups{
    "tf:aws_db_instance_automated_backups_replication", "source_db_instance_arn", "arn"
};
constexpr Companion repository_lifecycle{"tf:aws_ecr_lifecycle_policy", "repository", "name"};

Asked bucket_is_private(const Subject& subject, const Facts& facts) {
    for (const auto* block : facts.of("tf:aws_s3_account_public_access_block", *subject.scope)) {
        if (block->node->flag_at("block_public_acls") &&
            block->node->flag_at("block_public_policy")) {
            return holds("aws_s3_account_public_access_block");
        }
    }
    return ask_companion(public_access, subject, facts);
}

/// An instance that is made `count` times counts as many.
int times_of(const Node& node) {
    const auto& count = node.at("count");
    if (node.at("for_each").exists()) {
        const auto& each = node.at("for_each");
        return each.is_unknown() ? -1 : static_cast<int>(each.items.size() + each.entries.size());
    }
    if (count.is_unknown()) {
        return -1;
    }
    return !count.is_scalar() || count.text == "1" ? 1 : 2;
}

Asked cluster_has_two(const Subject& subject, const Facts& facts) {
    int instances = 0;
    constexpr Kinship of_cluster{
        "tf:aws_rds_cluster_instance", "cluster_identifier", "cluster_identifier"
    };
    const auto relatives = find_relatives(subject, of_cluster, facts);
    bool is_known = relatives.are_all && is_read_whole(subject);
    for (const auto* instance : relatives.those) {
        const auto meant =
            means(instance->node->at("cluster_identifier"), subject, "cluster_identifier");
        const int times = times_of(*instance->node);
        is_known = is_known && meant != Truth::unknown && (meant == Truth::no || times >= 0);
        instances += meant == Truth::yes && times > 0 ? times : 0;
    }
    if (instances >= 2) {
        return holds();
    }
    return is_known ? fails(std::to_string(instances) + " instances", "2 or more")
                    : not_known("how many instances it has is not known here");
}

/// "infra" of "infra (production) -> module.db/aws_db_instance.main".
std::string_view root_of(const Subject& subject) {
    const std::string_view path = subject.path;
    const auto root = path.substr(0, path.find(" -> "));
    return root.substr(0, root.find(" ("));
}

Asked is_tagged(const Subject& subject, const Facts& facts) {
    const auto& tags = subject.node->at("tags");
    if (tags.exists() && (tags.is_unknown() || !tags.entries.empty())) {
        return holds();
    }
    for (const auto* provider : facts.of("tf:provider")) {
        const bool is_its =
            provider->parent != nullptr && provider->parent->path == root_of(subject);
        if (is_its && provider->name == "aws" && provider->node->at("default_tags").exists()) {
            return holds("default_tags of the provider");
        }
    }
    return is_read_whole(subject)
               ? fails("it has no tags, and its provider no default_tags")
               : not_known("a file that could not be read may have default_tags");
}

/// "eu-west-1" of "eu-west-1b"; empty: it is no region.
std::string region_of(std::string_view text) {
    static const RE2 pattern(
        "^((?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov)?-(?:north|south|east|west|central)"
        "(?:east|west)?-\\d)[a-z]?$"
    );
    std::string region;
    RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern, &region);
    return region;
}

/// Of what a root makes: its providers say where.
Asked regions_are_those_of_providers(const Subject& subject, const Facts& facts) {
    std::set<std::string> regions;
    for (const auto* provider : facts.of("tf:provider", *subject.scope)) {
        const auto& region = provider->node->at("region");
        if (region.is_unknown()) {
            return std::nullopt;
        }
        if (region.is_scalar()) {
            regions.insert(std::string(region.text));
        }
    }
    if (regions.empty()) {
        return std::nullopt;
    }
    const Node* stranger = nullptr;
    for (const auto type : {"resource", "data", "module"}) {
        find_block(*subject.node, type, [&](const Node& block) {
            const auto* found =
                find_value(block, {}, [&](std::string_view /*key*/, const Node& node) {
                    const auto region = node.is_scalar() ? region_of(node.text) : std::string();
                    return !region.empty() && regions.count(region) == 0;
                });
            stranger = stranger == nullptr ? found : stranger;
            return stranger != nullptr;
        });
    }
    return stranger == nullptr ? holds()
                               : fails_at(*stranger, std::string(stranger->text), *regions.begin());
}

/// Whether a role may be made in a way that is not seen here.
bool may_make_more_roles(const Facts& facts) {
    const auto modules = facts.of("tf:module");
    const auto directories = facts.of("tf:directory");
    return std::any_of(
               modules.begin(),
               modules.end(),
               [](const Subject* module) {
                   return !module->node->text_at("source").starts_with(".");
               }
           ) ||
           !std::all_of(directories.begin(), directories.end(), [](const Subject* directory) {
               return is_read_whole(*directory);
           });
}

/// Of a ServiceAccount that takes a role by its annotation.
Asked role_is_made(const Subject& subject, const Facts& facts) {
    const auto& role = subject.node->at("metadata/annotations/eks.amazonaws.com~1role-arn");
    if (!role.exists() || facts.of("tf:directory").empty()) {
        return std::nullopt;
    }
    const auto name = role.text.substr(role.text.rfind('/') + 1);
    bool is_known = !role.is_unknown() && !may_make_more_roles(facts);
    for (const auto* made : facts.of("tf:aws_iam_role")) {
        const auto& its = made->node->at("name");
        if (its.is_scalar() && its.text == name) {
            return holds(made->path);
        }
        is_known = is_known && its.is_scalar();
    }
    return is_known ? fails_at(role, "no aws_iam_role is named " + std::string(name))
                    : not_known("roles whose names are not known here may be meant");
}

constexpr std::array<NamedCheck, 14> table = {{
    {"aws-bucket-is-versioned", has_companion<versioning>},
    {"aws-bucket-has-own-key", has_companion<own_key>},
    {"aws-bucket-is-private", bucket_is_private},
    {"aws-bucket-has-lifecycle", has_companion<lifecycle>},
    {"aws-bucket-is-replicated", has_companion<replication>},
    {"aws-file-system-is-backed-up", has_companion<file_backup>},
    {"aws-secret-is-rotated", has_companion<rotation>},
    {"aws-table-scales", has_companion<table_scaling>},
    {"aws-backups-are-copied", has_companion<copied_backups>},
    {"aws-images-are-swept", has_companion<repository_lifecycle>},
    {"aws-cluster-has-two-instances", cluster_has_two},
    {"aws-is-tagged", is_tagged},
    {"aws-regions-are-those-of-providers", regions_are_those_of_providers},
    {"aws-role-is-made", role_is_made},
}};

}  // namespace

std::span<const NamedCheck> aws_checks() {
    return table;
}

}  // namespace deployctl::readiness
