// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform_directory.hpp"

#include "readiness/inputs/terraform_values.hpp"

#include <array>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;

using Names = std::set<std::string_view>;

class Directory {
public:
    Directory(const TerraformFolder& folder, documents::Tree& tree)
        : folder_(folder), tree_(tree) {}

    Node build() {
        std::vector<NodeEntry> entries = {
            entry("path", text(folder_.path)),
            entry("environment", text(environment_of_folder(folder_.path))),
            entry("is_root", flag(folder_.is_root())),
            entry("has_lock", flag(folder_.lock != nullptr)),
            entry("is_whole", flag(folder_.is_whole)),
        };
        if (!folder_.is_whole) {
            // What is found is taken instead: the last of a name counts.
            entries.push_back(entry("required_version", not_read()));
            entries.push_back(entry("backend", not_read()));
        }
        read_settings(entries);
        entries.push_back(entry("providers", providers()));
        entries.push_back(entry("used_providers", names(used_providers())));
        entries.push_back(entry("variables", names(labels("variable"))));
        entries.push_back(entry("outputs", names(labels("output"))));
        entries.push_back(entry("given_keys", given_keys()));
        entries.push_back(entry("environments", environments()));
        entries.push_back(entry("files", files()));
        Node node = tree_.map(first(), entries);
        node.source = folder_.files.front()->number;
        return node;
    }

private:
    documents::Spot first() const { return {1, 1}; }

    NodeEntry entry(std::string_view key, const Node& value) const { return {key, first(), value}; }

    Node text(std::string_view text) {
        return text.empty() ? Node() : tree_.scalar(first(), tree_.keep(text), NodeKind::quoted);
    }

    Node flag(bool value) { return tree_.scalar(first(), value ? "true" : "false"); }

    Node not_read() {
        return tree_.scalar(first(), "in a file that could not be read", NodeKind::unknown);
    }

    Node names(const Names& names) {
        std::vector<Node> items;
        for (const auto name : names) {
            items.push_back(tree_.scalar(first(), name, NodeKind::quoted));
        }
        return items.empty() && !folder_.is_whole ? not_read() : tree_.list(first(), items);
    }

    Node providers() {
        return providers_.empty() && !folder_.is_whole ? not_read()
                                                       : tree_.map(first(), providers_);
    }

    Node environments() {
        std::vector<NodeEntry> entries;
        for (const auto& variant : folder_.variants) {
            std::vector<NodeEntry> values;
            for (const auto* file : variant.values) {
                for (const auto& written : entries_of(*file)) {
                    const Node value = placed(written.value, file->number, tree_);
                    values.push_back({written.key, written.spot, value});
                }
            }
            Node node = variant.is_whole() ? tree_.map(first(), values) : not_read();
            node.source = variant.values.front()->number;
            entries.push_back(entry(tree_.keep(variant.environment), node));
        }
        return tree_.map(first(), entries);
    }

    Node files() {
        std::vector<NodeEntry> entries;
        const auto add = [&](const AssessedFile& file) {
            std::string_view name = file.path;
            if (folder_of_terraform(name) == folder_.path) {
                name.remove_prefix(name.rfind('/') + 1);
            }
            for (const auto& root : file.tree.roots()) {
                entries.push_back(entry(name, placed(root, file.number, tree_)));
            }
        };
        for (const auto* file : folder_.files) {
            add(*file);
        }
        for (const auto* file : folder_.given.automatic) {
            add(*file);
        }
        for (const auto* file : folder_.given.others) {
            add(*file);
        }
        for (const auto* file : folder_.given.backends) {
            add(*file);
        }
        for (const auto& variant : folder_.variants) {
            for (const auto* file : variant.values) {
                add(*file);
            }
        }
        return tree_.map(first(), entries);
    }

    Names labels(std::string_view type) const {
        Names found;
        for (const auto* file : folder_.files) {
            for (const auto& block : blocks_of(*file, type)) {
                found.insert(label_of(block, 0));
            }
        }
        return found;
    }

    /// "aws" of "aws_s3_bucket".
    Names used_providers() const {
        static constexpr std::array<std::string_view, 2> of_resources = {"resource", "data"};
        Names found;
        for (const auto type : of_resources) {
            for (const auto label : labels(type)) {
                found.insert(label.substr(0, label.find('_')));
            }
        }
        found.erase("terraform");
        return found;
    }

    void read_settings(std::vector<NodeEntry>& entries) {
        for (const auto* file : folder_.files) {
            for (const auto& written : blocks_of(*file, "terraform")) {
                const Node block = placed(written, file->number, tree_);
                if (const auto* version = block.find("required_version")) {
                    entries.push_back(*version);
                }
                if (const auto& backend = block.at("backend/0"); backend.is_map()) {
                    entries.push_back(entry("backend", backend_of(backend)));
                }
                if (const auto& cloud = block.at("cloud/0"); cloud.is_map()) {
                    entries.push_back(entry("backend", with_type(cloud, "cloud", cloud.entries)));
                }
                for (const auto& required : block.at("required_providers").items) {
                    add_providers(required);
                }
            }
        }
    }

    void add_providers(const Node& required) {
        for (const auto& provider : required.entries) {
            NodeEntry read = provider;
            if (provider.value.is_scalar()) {
                const NodeEntry version{"version", provider.spot, provider.value};
                read.value = tree_.map(provider.value.spot, {version});
                read.value.source = provider.value.source;
            }
            providers_.push_back(read);
        }
    }

    Node with_type(
        const Node& block, std::string_view type, std::span<const NodeEntry> attributes
    ) {
        std::vector<NodeEntry> entries(attributes.begin(), attributes.end());
        Node kind = tree_.scalar(block.spot, type, NodeKind::quoted);
        kind.source = block.source;
        entries.push_back({"type", block.spot, kind});
        Node node = tree_.map(block.spot, entries);
        node.source = block.source;
        return node;
    }

    /// What a bucket's backend does not say may come from the command line, where that has to give
    /// the bucket or the key as well.
    Node backend_of(const Node& block) {
        static constexpr std::array<std::string_view, 5> settings = {
            "bucket", "key", "encrypt", "dynamodb_table", "use_lockfile"
        };
        const auto type = label_of(block, 0);
        std::vector<NodeEntry> entries(block.entries.begin(), block.entries.end());
        const bool is_partial =
            block.find(settings[0]) == nullptr || block.find(settings[1]) == nullptr;
        for (const auto setting : settings) {
            if (type == "s3" && is_partial && block.find(setting) == nullptr) {
                add_given(setting, block, entries);
            }
        }
        return with_type(block, type, entries);
    }

    /// By the files that are there for it, where all of them say so; of a bucket and a key they
    /// say different ones.
    void add_given(std::string_view setting, const Node& block, std::vector<NodeEntry>& entries) {
        const bool differs = setting == "bucket" || setting == "key";
        std::vector<NodeEntry> given;
        for (const auto* file : folder_.given.backends) {
            for (const auto& entry : entries_of(*file)) {
                if (entry.key == setting) {
                    given.push_back({setting, entry.spot, placed(entry.value, file->number, tree_)}
                    );
                }
            }
        }
        if (folder_.given.backends.empty() || !folder_.is_whole || differs) {
            Node unknown = tree_.scalar(block.spot, "given by -backend-config", NodeKind::unknown);
            unknown.source = block.source;
            entries.push_back({setting, block.spot, unknown});
        } else if (given.size() == folder_.given.backends.size()) {
            entries.push_back(given.front());
        }
    }

    /// Which states there are, by the files that are given.
    Node given_keys() {
        std::vector<Node> keys;
        for (const auto* file : folder_.given.backends) {
            for (const auto& entry : entries_of(*file)) {
                if (entry.key == "key" || entry.key == "prefix") {
                    keys.push_back(placed(entry.value, file->number, tree_));
                }
            }
        }
        return tree_.list(first(), keys);
    }

    const TerraformFolder& folder_;
    documents::Tree& tree_;
    std::vector<NodeEntry> providers_;
};

}  // namespace

Node terraform_directory(const TerraformFolder& folder, documents::Tree& tree) {
    return Directory(folder, tree).build();
}

}  // namespace deployctl::readiness
