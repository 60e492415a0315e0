// SPDX-License-Identifier: Apache-2.0
// The variables and locals of one folder of Terraform, called in one way, and copies of its nodes
// in which they are filled in. The tree has to outlive it, and whatever the nodes point into too.
// One thread. Bounded: `nodes_left` is shared by all, and where it is used up, nothing is known.
#pragma once

#include "readiness/inputs/terraform_expression.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace deployctl::readiness {

class TerraformValues {
public:
    TerraformValues(documents::Tree& tree, std::size_t& nodes_left)
        : tree_(&tree), nodes_left_(&nodes_left) {}

    /// A node with its source set; what was set before does not count any more.
    void set_variable(std::string_view name, const documents::Node& value);
    /// As it is written in the text that `source` stands for.
    void set_local(std::string_view name, const documents::Node& written, std::uint32_t source);

    /// Who knows the outputs of modules, by their names.
    void set_modules(std::function<std::optional<documents::Node>(std::string_view)> modules) {
        modules_ = std::move(modules);
    }

    /// A copy of what is written there: known where it can be, with the place where it is used.
    documents::Node resolved(const documents::Node& written, std::uint32_t source);

private:
    struct Local {
        const documents::Node* written;
        std::uint32_t source;
    };

    documents::Node copy(const documents::Node& written, std::uint32_t source);
    documents::Node computed(const documents::Node& written);
    std::optional<documents::Node> look_up(std::string_view of, std::string_view name);

    documents::Tree* tree_;
    std::size_t* nodes_left_;
    std::map<std::string_view, documents::Node> variables_;
    std::map<std::string_view, Local> locals_;
    std::function<std::optional<documents::Node>(std::string_view)> modules_;
    int depth_ = 0;
};

/// A deep copy whose places are in the text that `source` stands for.
documents::Node placed(const documents::Node& written, std::uint32_t source, documents::Tree& tree);

}  // namespace deployctl::readiness
