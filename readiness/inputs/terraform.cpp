// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform.hpp"

#include "documents/hcl.hpp"
#include "readiness/inputs/terraform_calls.hpp"
#include "readiness/inputs/terraform_directory.hpp"
#include "readiness/inputs/terraform_owners.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <re2/re2.h>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;

/// What strangers can make of a few lines: modules that call each other twice, and again.
constexpr std::size_t most_nodes = 3'000'000;
constexpr std::size_t most_calls = 2'000;
constexpr int deepest_call = 8;

bool is_zero(const Node& node) {
    return node.is_scalar() && node.text == "0";
}

/// One way in which a folder is called: by whom, and with which values.
struct Call {
    const TerraformFolder& folder;
    const Subject& directory;
    const Scope& scope;
    std::string path;  ///< "infra -> module.db/"
    TerraformValues& values;
    int depth = 0;
};

class Gathering {
public:
    Gathering(const TerraformFolders& folders, Facts& facts, documents::Tree& tree)
        : folders_(folders), facts_(facts), tree_(tree), values_(folders, tree, nodes_left_) {}

    void run() {
        for (const auto& [path, folder] : folders_) {
            add_folder(folder);
        }
        for (const auto& [path, folder] : folders_) {
            if (!folder.is_called) {
                add_root(folder);
            }
        }
        // Those that call each other in a ring, or behind what was not followed.
        for (const auto& [path, folder] : folders_) {
            if (reached_.count(&folder) == 0) {
                add_root(folder);
            }
        }
        if (calls_ >= most_calls || nodes_left_ == 0) {
            AssessedFile lost;
            lost.path = "terraform";
            lost.kind = "terraform";
            lost.rendering = "terraform";
            lost.trouble = {"modules call each other too often: not all of them were followed", {}};
            facts_.add(std::move(lost));
        }
    }

private:
    void add_folder(const TerraformFolder& folder) {
        const auto& scope = facts_.add(Scope{folder.path, environment_of_folder(folder.path)});
        Subject subject;
        subject.kind = "tf:directory";
        subject.name = folder.path;
        subject.path = folder.path;
        subject.file = folder.files.front();
        subject.scope = &scope;
        subject.node = keep(terraform_directory(folder, tree_));
        const auto& directory = facts_.add(std::move(subject));
        directories_[&folder] = &directory;
        TerraformValues values(tree_, nodes_left_);
        values_.set_root(folder, nullptr, values);
        add_parts(Call{folder, directory, scope, folder.path + " -> ", values, 0});
    }

    /// Variables, outputs and what else there is once in a folder.
    void add_parts(const Call& call) {
        static constexpr std::array<std::string_view, 5> types = {
            "variable", "output", "module", "provider", "terraform"
        };
        for (const auto* file : call.folder.files) {
            for (const auto type : types) {
                for (const auto& block : blocks_of(*file, type)) {
                    Subject subject = part(call, *file, "tf:" + std::string(type));
                    subject.name = label_of(block, 0);
                    subject.path += std::string(type) + (subject.name.empty() ? "" : ".");
                    subject.path += subject.name;
                    subject.node = keep(part_node(call, *file, block, type));
                    facts_.add(std::move(subject));
                }
            }
        }
    }

    /// Of a variable all is literal, and of an output the expression is asked.
    Node part_node(
        const Call& call, const AssessedFile& file, const Node& block, std::string_view type
    ) {
        if (type == "variable") {
            return placed(with_type_as_text(block), file.number, tree_);
        }
        return type == "output" ? placed(block, file.number, tree_)
                                : call.values.resolved(block, file.number);
    }

    /// `list(string)` is no value that could be known, but known all the same.
    Node with_type_as_text(const Node& block) {
        std::vector<NodeEntry> entries(block.entries.begin(), block.entries.end());
        for (auto& entry : entries) {
            if (entry.key == "type" && entry.value.is_unknown()) {
                entry.value.kind = NodeKind::quoted;
            }
        }
        return tree_.map(block.spot, entries);
    }

    Subject part(const Call& call, const AssessedFile& file, std::string kind) const {
        Subject subject;
        subject.kind = std::move(kind);
        subject.path = call.path;
        subject.file = &file;
        subject.parent = &call.directory;
        subject.scope = &call.scope;
        return subject;
    }

    /// Where it does not move any more.
    const Node* keep(const Node& node) { return tree_.list(node.spot, {node}).items.data(); }

    void add_root(const TerraformFolder& folder) {
        const auto& directory = *directories_.at(&folder);
        const auto add = [&](const TerraformVariant* variant, const Scope& scope) {
            TerraformValues values(tree_, nodes_left_);
            values_.set_root(folder, variant, values);
            const auto name = variant == nullptr ? folder.path : scope.name;
            add_call({folder, directory, scope, name + " -> ", values, 0});
        };
        for (const auto& variant : folder.variants) {
            const auto& scope = facts_.add(
                Scope{folder.path + " (" + variant.environment + ")", variant.environment}
            );
            add(&variant, scope);
        }
        if (folder.variants.empty()) {
            add(nullptr, *directory.scope);
        }
    }

    void add_call(const Call& call) {
        reached_.insert(&call.folder);
        if (++calls_ >= most_calls) {
            return;
        }
        std::vector<const Subject*> made;
        for (const auto* file : call.folder.files) {
            add_resources(call, *file, {"resource", ""}, made);
            add_resources(call, *file, {"data", "data."}, made);
        }
        relate_mentions(call, made);
        for (const auto* file : call.folder.files) {
            for (const auto& module : blocks_of(*file, "module")) {
                follow(call, *file, module);
            }
        }
    }

    struct BlockType {
        std::string_view name;
        std::string before;  ///< its addresses
    };

    void add_resources(
        const Call& call,
        const AssessedFile& file,
        const BlockType& block_type,
        std::vector<const Subject*>& made
    ) {
        const auto& before = block_type.before;
        for (const auto& block : blocks_of(file, block_type.name)) {
            const Node node = call.values.resolved(block, file.number);
            if (is_zero(node.at("count"))) {
                continue;
            }
            const std::string type(label_of(block, 0));
            Subject subject = part(call, file, before.empty() ? "tf:" + type : "tf:data:" + type);
            subject.name = label_of(block, 1);
            subject.path += before + type + "." + subject.name;
            subject.node = keep(node);
            made.push_back(&facts_.add(std::move(subject)));
            file_by_owner(*made.back(), facts_);
        }
    }

    /// Who is named in whose attributes: most of what belongs together is found by that.
    void relate_mentions(const Call& call, const std::vector<const Subject*>& made) {
        static const RE2 address("([a-z][a-z0-9]*_[a-z0-9_]+\\.[A-Za-z_][\\w-]*)");
        std::map<std::string_view, const Subject*> addresses;
        for (const auto* subject : made) {
            addresses[std::string_view(subject->path).substr(call.path.size())] = subject;
        }
        for (const auto* subject : made) {
            for (const auto& entry : subject->node->entries) {
                const auto text = entry.value.is_unknown() ? entry.value.text : std::string_view();
                re2::StringPiece rest(text.data(), text.size());
                re2::StringPiece named;
                while (RE2::FindAndConsume(&rest, address, &named)) {
                    const auto found = addresses.find({named.data(), named.size()});
                    if (found != addresses.end()) {
                        facts_.relate(*found->second, terraform_mentions, *subject);
                    }
                }
            }
        }
    }

    void follow(const Call& call, const AssessedFile& file, const Node& module) {
        const auto found = folders_.find(called_folder(call.folder.path, module.text_at("source")));
        if (found == folders_.end() || call.depth >= deepest_call) {
            return;
        }
        const auto& folder = found->second;
        const Node arguments = call.values.resolved(module, file.number);
        if (is_zero(arguments.at("count"))) {
            reached_.insert(&folder);
            return;
        }
        TerraformValues values(tree_, nodes_left_);
        values_.set_arguments(folder, arguments, values);
        const auto path = call.path + "module." + std::string(label_of(module, 0)) + "/";
        add_call({folder, *directories_.at(&folder), call.scope, path, values, call.depth + 1});
    }

    const TerraformFolders& folders_;
    Facts& facts_;
    documents::Tree& tree_;
    std::map<const TerraformFolder*, const Subject*> directories_;
    std::set<const TerraformFolder*> reached_;
    TerraformCalls values_;
    std::size_t nodes_left_ = most_nodes;
    std::size_t calls_ = 0;
};

bool is_hcl(std::string_view path, std::string_view /*text*/) {
    return path.ends_with(".tf") || path.ends_with(".tfvars") ||
           path.ends_with(".terraform.lock.hcl") || is_terraform_backend(path);
}

ReadText read_hcl(std::string text) {
    auto read = documents::read_hcl(std::move(text));
    return {std::move(read.tree), {std::move(read.mistake), read.spot}};
}

bool takes(const AssessedFile& file) {
    return is_hcl(file.path, {});
}

/// With the broken ones: what they have may be what their folder seems not to have.
void gather(FileList files, Facts& facts) {
    std::vector<const AssessedFile*> all(files.begin(), files.end());
    for (const auto* file : facts.files_of("terraform")) {
        if (!file->trouble.what.empty()) {
            all.push_back(file);
        }
    }
    std::ranges::sort(all, {}, &AssessedFile::number);
    const auto folders = read_terraform_folders(all);
    if (folders.empty()) {
        return;
    }
    AssessedFile made;
    made.path = "terraform";
    made.kind = "terraform-values";
    made.rendering = "terraform";
    Gathering(folders, facts, facts.add(std::move(made)).tree).run();
}

/// `resource "aws_instance" "web" {` is one of `tf:aws_instance`.
std::vector<Lost> lost(const AssessedFile& file) {
    static const RE2 block(
        "(?m)^(resource|data|variable|output|module|provider|terraform)\\b[ \\t]*\"?([\\w-]*)"
    );
    std::map<std::string, int, std::less<>> counts;
    re2::StringPiece rest(file.tree.source().data(), file.tree.source().size());
    std::string word;
    std::string label;
    while (RE2::FindAndConsume(&rest, block, &word, &label)) {
        const bool is_typed = word == "resource" || word == "data";
        ++counts["tf:" + (word == "data" ? "data:" + label : is_typed ? label : word)];
    }
    return lost_of(counts);
}

}  // namespace

Language hcl_language() {
    return {"hcl", is_hcl, read_hcl};
}

Input terraform_input() {
    return {"terraform", "hcl", takes, gather, lost};
}

}  // namespace deployctl::readiness
