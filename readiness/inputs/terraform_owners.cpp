// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform_owners.hpp"

#include <array>
#include <re2/re2.h>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// Those by which a resource says whose it is. What checks ask for has to be among them.
constexpr std::array<std::string_view, 8> owner_attributes = {
    "bucket",
    "cluster_identifier",
    "file_system_id",
    "repository",
    "resource_id",
    "secret_id",
    "source_db_instance_arn",
    "vpc_id"
};

std::string key(const OwnerQuestion& question, char what, std::string_view value) {
    std::string text;
    for (const auto part :
         {std::string_view(question.near->scope->name),
          terraform_call(*question.near),
          question.kind,
          question.attribute}) {
        text.append(part).append("\n");
    }
    return text.append(1, what).append(value);
}

std::set<std::string> types_in(std::string_view expression) {
    static const RE2 type("([a-z][a-z0-9]*_[a-z0-9_]+)\\.");
    std::set<std::string> types;
    re2::StringPiece rest(expression.data(), expression.size());
    std::string found;
    while (RE2::FindAndConsume(&rest, type, &found)) {
        types.insert(found);
    }
    return types;
}

}  // namespace

std::string_view terraform_call(const Subject& resource) {
    const std::string_view path = resource.path;
    const auto arrow = path.find("-> ");
    const auto begin = arrow == path.npos ? 0 : arrow + 3;
    // A key of `for_each` may have a slash in it.
    const auto slash = path.rfind('/', path.find('[', begin));
    return path.substr(0, slash == path.npos || slash < begin ? begin : slash + 1);
}

std::string_view terraform_address(const Subject& resource) {
    return std::string_view(resource.path).substr(terraform_call(resource).size());
}

std::string key_of_value(const OwnerQuestion& question, std::string_view value) {
    return key(question, '=', value);
}

std::string key_of_known(const OwnerQuestion& question) {
    return key(question, '!', {});
}

std::string key_of_unknown(const OwnerQuestion& question) {
    return key(question, '?', {});
}

std::string key_of_type(const OwnerQuestion& question, std::string_view type) {
    return key(question, '~', type);
}

void file_by_owner(const Subject& resource, Facts& facts) {
    for (const auto attribute : owner_attributes) {
        const auto& value = resource.node->at(attribute);
        const OwnerQuestion question{&resource, resource.kind, attribute};
        if (value.is_unknown()) {
            facts.relate(key_of_unknown(question), resource);
            for (const auto& type : types_in(value.text)) {
                facts.relate(key_of_type(question, type), resource);
            }
        } else if (value.is_scalar()) {
            facts.relate(key_of_known(question), resource);
            facts.relate(key_of_value(question, value.text), resource);
        }
    }
}

}  // namespace deployctl::readiness
