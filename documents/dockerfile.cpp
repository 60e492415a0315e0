// SPDX-License-Identifier: Apache-2.0
#include "documents/dockerfile.hpp"

#include "documents/dockerfile_instructions.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <deque>
#include <optional>

namespace deployctl::documents {

namespace {

constexpr std::size_t most_stages = 200;

std::string lower(std::string_view text) {
    return deployctl::lower(std::string(text));
}

struct Stage {
    Node from;  ///< the instruction
    DockerVariables variables;
    std::optional<std::size_t> parent;  ///< the stage of this file that it is built from
    std::vector<Node> instructions;

    std::string_view name() const {
        const auto& word = from.at("words/1");
        return word.is_scalar() && lower(word.text) == "as" ? from.text_at("words/2") : "";
    }
};

/// What an image has by all instructions of its stages; of what is there twice the last counts.
struct Image {
    std::vector<NodeEntry> entries;
    std::vector<Node> ports;
    std::vector<NodeEntry> variables;
    std::vector<NodeEntry> labels;
};

constexpr std::array<std::string_view, 3> by_first_word = {"USER", "WORKDIR", "STOPSIGNAL"};
constexpr std::array<std::string_view, 3> as_they_are = {"HEALTHCHECK", "CMD", "ENTRYPOINT"};

class DockerfileReader {
public:
    explicit DockerfileReader(std::string text)
        : tree_(std::move(text)), lines_(read_docker_lines(tree_)), instructions_(tree_, lines_) {}

    DockerfileText run() {
        for (const auto& line : lines_.lines) {
            if (!lines_.trouble.empty()) {
                break;
            }
            take(line);
        }
        if (lines_.trouble.empty() && stages_.empty()) {
            fail("no FROM", {1, 1});
        }
        if (lines_.trouble.empty()) {
            tree_.add_root(root());
        }
        return {std::move(tree_), lines_.trouble, lines_.spot};
    }

private:
    void fail(std::string what, Spot spot) {
        lines_.trouble = std::move(what);
        lines_.spot = spot;
    }

    void take(const DockerLine& line) {
        auto& variables = stages_.empty() ? globals_ : stages_.back().variables;
        const auto op = lower(line.text.substr(0, line.text.find_first_of(" \t")));
        if (op == "from") {
            begin_stage(instructions_.read(line, globals_));
            return;
        }
        const auto instruction = instructions_.read(line, variables);
        if (op == "arg") {
            take_arguments(instruction);
        } else if (stages_.empty()) {
            fail("an instruction before FROM", instruction.spot);
        }
        if (!stages_.empty()) {
            stages_.back().instructions.push_back(instruction);
        }
    }

    void begin_stage(const Node& from) {
        if (from.at("words").items.empty()) {
            fail("FROM without an image", from.spot);
            return;
        }
        if (stages_.size() == most_stages) {
            fail("more than 200 stages", from.spot);
            return;
        }
        const auto parent = stage_named(from.text_at("words/0"));
        const auto* const base = parent ? &stages_[*parent].variables : nullptr;
        stages_.push_back({from, DockerVariables(base), parent, {}});
    }

    /// The nearest before, as `FROM build` means it; never by number.
    std::optional<std::size_t> stage_named(std::string_view name) const {
        for (auto number = stages_.size(); number-- > 0 && !name.empty();) {
            if (lower(stages_[number].name()) == lower(name)) {
                return number;
            }
        }
        return std::nullopt;
    }

    /// An ARG of a stage without a default has the value of the one before all stages.
    void take_arguments(const Node& instruction) {
        for (const auto& pair : instruction.at("pairs").entries) {
            const auto& given = pair.value;
            DockerVariables::Value value;
            if (given.is_scalar()) {
                value = std::string(given.text);
            }
            if (stages_.empty()) {
                globals_.set_argument(pair.key, value);
                Node shown = given;
                shown.kind = given.is_scalar() ? given.kind : NodeKind::unknown;
                arguments_.push_back({pair.key, pair.spot, shown});
                continue;
            }
            const auto* const global = given.exists() ? nullptr : globals_.find(pair.key);
            stages_.back().variables.set_argument(pair.key, global == nullptr ? value : *global);
        }
    }

    Node number(Spot spot, std::size_t value) {
        return tree_.scalar(spot, tree_.keep(std::to_string(value)));
    }

    Node stage_node(std::size_t index) {
        const auto& stage = stages_[index];
        const auto spot = stage.from.spot;
        std::vector<NodeEntry> entries = {
            {"number", spot, number(spot, index)},
            {"from", stage.from.at("words/0").spot, stage.from.at("words/0")}
        };
        if (!stage.name().empty()) {
            const auto& name = stage.from.at("words/2");
            entries.push_back({"name", name.spot, name});
        }
        if (const auto& platform = stage.from.at("flags/platform"); platform.exists()) {
            entries.push_back({"platform", platform.spot, platform});
        }
        if (stage.parent) {
            entries.push_back({"parent", spot, number(spot, *stage.parent)});
        }
        const bool last = index + 1 == stages_.size();
        entries.push_back({"final", spot, tree_.scalar(spot, last ? "true" : "false")});
        entries.push_back({"instructions", spot, tree_.list(spot, stage.instructions)});
        return tree_.map(spot, entries);
    }

    Node root() {
        const Spot top{1, 1};
        std::vector<Node> stages;
        for (std::size_t index = 0; index < stages_.size(); ++index) {
            stages.push_back(stage_node(index));
        }
        return tree_.map(
            top,
            {{"args", top, tree_.map(top, arguments_)},
             {"stages", top, tree_.list(top, stages)},
             {"image", stages_.back().from.spot, image()}}
        );
    }

    /// The stages that the last one is built from, the first of them first.
    std::vector<const Stage*> lineage() const {
        std::vector<const Stage*> line = {&stages_.back()};
        while (line.back()->parent) {
            line.push_back(&stages_[*line.back()->parent]);
        }
        std::ranges::reverse(line);
        return line;
    }

    Node image() {
        const auto line = lineage();
        const auto& base = line.front()->from.at("words/0");
        Image made;
        made.entries.push_back({"base", base.spot, base});
        for (const auto* const stage : line) {
            for (const auto& instruction : stage->instructions) {
                add_to(made, instruction);
            }
        }
        const auto spot = stages_.back().from.spot;
        made.entries.push_back({"expose", spot, tree_.list(spot, made.ports)});
        made.entries.push_back({"env", spot, tree_.map(spot, made.variables)});
        made.entries.push_back({"labels", spot, tree_.map(spot, made.labels)});
        return tree_.map(spot, made.entries);
    }

    void add_to(Image& image, const Node& instruction) {
        const auto op = instruction.text_at("op");
        const auto& words = instruction.at("words").items;
        const auto& pairs = instruction.at("pairs").entries;
        if (std::ranges::find(by_first_word, op) != by_first_word.end()) {
            const auto& word = words.empty() ? instruction : words.front();
            image.entries.push_back({tree_.keep(lower(op)), word.spot, word});
        } else if (std::ranges::find(as_they_are, op) != as_they_are.end()) {
            image.entries.push_back({tree_.keep(lower(op)), instruction.spot, instruction});
        } else if (op == "EXPOSE") {
            image.ports.insert(image.ports.end(), words.begin(), words.end());
        } else if (op == "ENV") {
            image.variables.insert(image.variables.end(), pairs.begin(), pairs.end());
        } else if (op == "LABEL") {
            image.labels.insert(image.labels.end(), pairs.begin(), pairs.end());
        }
    }

    Tree tree_;
    DockerLines lines_;
    DockerInstructions instructions_;
    DockerVariables globals_;
    std::deque<Stage> stages_;  ///< a stage's variables point to those of the one before
    std::vector<NodeEntry> arguments_;
};

}  // namespace

DockerfileText read_dockerfile(std::string text) {
    return DockerfileReader(std::move(text)).run();
}

bool is_dockerfile_name(std::string_view path) {
    const auto slash = path.rfind('/');
    const auto name = lower(slash == path.npos ? path : path.substr(slash + 1));
    // "Dockerfile.rego" is about Dockerfiles, "dockerfile.cpp" reads them.
    static constexpr std::array<std::string_view, 40> others = {
        ".adoc",         ".c",     ".cc",   ".class", ".cpp",  ".cs",  ".css",  ".cxx",
        ".dockerignore", ".ex",    ".exs",  ".go",    ".h",    ".hpp", ".html", ".hxx",
        ".java",         ".js",    ".json", ".jsx",   ".kt",   ".lua", ".md",   ".mjs",
        ".php",          ".pl",    ".py",   ".rb",    ".rego", ".rs",  ".rst",  ".scala",
        ".sh",           ".swift", ".toml", ".ts",    ".tsx",  ".txt", ".yaml", ".yml",
    };
    if (std::ranges::any_of(others, [&](auto ending) { return name.ends_with(ending); })) {
        return false;
    }
    return name == "dockerfile" || name.starts_with("dockerfile.") || name == "containerfile" ||
           name.starts_with("containerfile.") || name.ends_with(".dockerfile");
}

}  // namespace deployctl::documents
