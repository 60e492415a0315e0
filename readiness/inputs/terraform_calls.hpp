// SPDX-License-Identifier: Apache-2.0
// What a folder of Terraform knows when it is called: a root by the values of an environment, a
// module by its arguments, and either by the outputs of the modules that it calls itself. One
// thread; folders, tree and count have to outlive it.
#pragma once

#include "readiness/inputs/terraform_folders.hpp"
#include "readiness/inputs/terraform_values.hpp"

#include <optional>
#include <string_view>

namespace deployctl::readiness {

class TerraformCalls {
public:
    TerraformCalls(const TerraformFolders& folders, documents::Tree& tree, std::size_t& nodes_left)
        : folders_(folders), tree_(tree), nodes_left_(nodes_left) {}

    /// Without a variant: defaults and what is read by itself. `values` must stay where it is.
    void set_root(
        const TerraformFolder& folder, const TerraformVariant* variant, TerraformValues& values
    );
    /// Of a `module` block whose values are known as far as its caller knows them.
    void set_arguments(
        const TerraformFolder& folder, const documents::Node& arguments, TerraformValues& values
    );

private:
    void forget_variables(const TerraformFolder& folder, TerraformValues& values) const;
    void know_modules(const TerraformFolder& folder, TerraformValues& values);
    std::optional<documents::Node> outputs_of(
        const TerraformFolder& folder, TerraformValues& values, std::string_view name
    );
    documents::Node outputs_of(const TerraformFolder& folder, const documents::Node& arguments);

    const TerraformFolders& folders_;
    documents::Tree& tree_;
    std::size_t& nodes_left_;
    int depth_ = 0;
};

}  // namespace deployctl::readiness
