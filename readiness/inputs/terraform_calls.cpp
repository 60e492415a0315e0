// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform_calls.hpp"

#include <algorithm>
#include <vector>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;

constexpr int deepest = 3;  // outputs that are made of outputs

bool has_broken_values(const TerraformFolder& folder, const TerraformVariant* variant) {
    return (variant != nullptr && !variant->is_whole()) ||
           std::ranges::any_of(folder.given.automatic, [](const AssessedFile* file) {
               return !file->trouble.what.empty();
           });
}

void set_defaults(const TerraformFolder& folder, TerraformValues& values) {
    for (const auto* file : folder.files) {
        for (const auto& block : blocks_of(*file, "variable")) {
            if (const auto* written = block.find("default")) {
                const Node value = values.resolved(written->value, file->number);
                values.set_variable(label_of(block, 0), value);
            }
        }
    }
}

void set_file(const AssessedFile& file, TerraformValues& values) {
    for (const auto& entry : entries_of(file)) {
        values.set_variable(entry.key, values.resolved(entry.value, file.number));
    }
}

void set_locals(const TerraformFolder& folder, TerraformValues& values) {
    for (const auto* file : folder.files) {
        for (const auto& block : blocks_of(*file, "locals")) {
            for (const auto& entry : block.entries) {
                values.set_local(entry.key, entry.value, file->number);
            }
        }
    }
}

}  // namespace

void TerraformCalls::set_root(
    const TerraformFolder& folder, const TerraformVariant* variant, TerraformValues& values
) {
    set_defaults(folder, values);
    for (const auto* file : folder.given.automatic) {
        set_file(*file, values);
    }
    for (const auto* file : folder.given.others) {
        for (const auto& entry : entries_of(*file)) {
            values.set_variable(entry.key, tree_.scalar(entry.spot, entry.key, NodeKind::unknown));
        }
    }
    if (variant != nullptr) {
        for (const auto* file : variant->values) {
            set_file(*file, values);
        }
    }
    if (has_broken_values(folder, variant)) {
        forget_variables(folder, values);
    }
    set_locals(folder, values);
    know_modules(folder, values);
}

void TerraformCalls::set_arguments(
    const TerraformFolder& folder, const Node& arguments, TerraformValues& values
) {
    set_defaults(folder, values);
    for (const auto& argument : arguments.entries) {
        values.set_variable(argument.key, argument.value);
    }
    set_locals(folder, values);
    know_modules(folder, values);
}

/// What a broken file sets is whatever it may be.
void TerraformCalls::forget_variables(const TerraformFolder& folder, TerraformValues& values)
    const {
    for (const auto* file : folder.files) {
        for (const auto& block : blocks_of(*file, "variable")) {
            const auto name = label_of(block, 0);
            values.set_variable(name, tree_.scalar(block.spot, name, NodeKind::unknown));
        }
    }
}

void TerraformCalls::know_modules(const TerraformFolder& folder, TerraformValues& values) {
    values.set_modules([this, &folder, &values](std::string_view name) {
        return outputs_of(folder, values, name);
    });
}

/// Made anew each time it is asked, and so not deep.
std::optional<Node> TerraformCalls::outputs_of(
    const TerraformFolder& folder, TerraformValues& values, std::string_view name
) {
    if (depth_ >= deepest) {
        return std::nullopt;
    }
    ++depth_;
    std::optional<Node> outputs;
    for (const auto* file : folder.files) {
        for (const auto& module : blocks_of(*file, "module")) {
            const auto found = folders_.find(called_folder(folder.path, module.text_at("source")));
            if (label_of(module, 0) == name && found != folders_.end() && !outputs) {
                outputs = outputs_of(found->second, values.resolved(module, file->number));
            }
        }
    }
    --depth_;
    return outputs;
}

Node TerraformCalls::outputs_of(const TerraformFolder& folder, const Node& arguments) {
    TerraformValues values(tree_, nodes_left_);
    set_arguments(folder, arguments, values);
    std::vector<NodeEntry> entries;
    for (const auto* file : folder.files) {
        for (const auto& output : blocks_of(*file, "output")) {
            const Node value = values.resolved(output.at("value"), file->number);
            entries.push_back({label_of(output, 0), output.spot, value});
        }
    }
    return tree_.map(arguments.spot, entries);
}

}  // namespace deployctl::readiness
