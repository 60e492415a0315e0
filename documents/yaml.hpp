// SPDX-License-Identifier: Apache-2.0
// YAML to a tree that remembers where everything stood, and back. Pure; any thread. Text from
// strangers is expected: what is too large, too deep, bomb-like or broken becomes a mistake (C1001
// to C1006, C1040), never an exception. Aliases are expanded and `<<` merges. Scalars keep their
// text; whoever knows the key knows the type.
#pragma once

#include "documents/yaml_source.hpp"
#include "model/diagnostics.hpp"
#include "model/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::documents {

struct YamlLimits {
    static constexpr std::size_t bytes = 4U << 20U;
    static constexpr int depth = 64;
    static constexpr std::size_t expanded_nodes = 100'000;  ///< what anchors and aliases may add
    static constexpr std::size_t nodes = 250'000;
    static constexpr std::size_t mistakes = 50;
};

enum class YamlKind { null, plain, quoted, list, map };

struct YamlEntry;

struct YamlNode {
    YamlKind kind = YamlKind::null;
    std::string text;  ///< of a scalar, unescaped
    YamlPlace place;
    std::vector<YamlNode> items;
    std::vector<YamlEntry> entries;  ///< in the order of the text

    bool is_scalar() const { return kind == YamlKind::plain || kind == YamlKind::quoted; }

    /// The entry with this key, or nothing.
    const YamlEntry* find(std::string_view key) const;
};

struct YamlEntry {
    std::string key;
    YamlPlace place;
    YamlNode value;
};

struct YamlTree {
    YamlNode root;  ///< null where the text could not be read
    Diagnostics diagnostics;
};

/// One document.
YamlTree read_yaml(const YamlSource& source);

/// Typed by the rules of YAML 1.1, by which kubectl reads: `yes` and `on` are true.
Value to_value(const YamlNode& node);

struct YamlObjects {
    std::vector<Value>
        objects;  ///< in order; each has `apiVersion` and `kind`; a List is taken apart
    Diagnostics diagnostics;
};

/// Manifests of Kubernetes: many documents, scalars typed as kubectl does.
YamlObjects read_objects(std::string_view text, const std::string& file);

/// Block style; maps and lists of few short scalars in one line.
std::string write_yaml(const YamlNode& node);
/// In one line, without its end.
std::string write_yaml_line(const YamlNode& node);
/// Builds what write_yaml takes. A text that YAML would read as something else is quoted.
YamlNode yaml_text(std::string_view text);
YamlNode yaml_plain(std::string_view text);

}  // namespace deployctl::documents
