// SPDX-License-Identifier: Apache-2.0
// Words of an instruction of a Dockerfile, and what its variables make of them. A variable without
// a known value makes its word unknown; `${X:-y}` is y then. What a file can blow up by variables
// is bounded by a budget. Any thread; never throws.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::documents {

struct DockerWord {
    std::size_t offset = 0;
    std::string_view text;  ///< as written, with quotes
};

/// Split at white space that is neither quoted nor escaped.
std::vector<DockerWord> docker_words(std::string_view text, char escape);

/// A JSON list of texts, `["nginx", "-g"]`, or nothing.
std::optional<std::vector<std::string>> docker_list(std::string_view text);

/// What a stage knows: its own ARGs and ENVs, and the ENVs of the stage it is built from.
class DockerVariables {
public:
    using Value = std::optional<std::string>;  ///< nothing: it has one that is not known

    explicit DockerVariables(const DockerVariables* base = nullptr) : base_(base) {}

    void set_argument(std::string_view name, Value value);
    void set_environment(std::string_view name, Value value);
    /// Null where nobody has set it here.
    const Value* find(std::string_view name) const;

private:
    using Values = std::map<std::string, Value, std::less<>>;

    const DockerVariables* base_;  ///< outlives this one
    Values arguments_;
    Values environment_;
};

struct DockerExpansion {
    char escape = '\\';
    std::size_t budget = 4UL << 20U;  ///< bytes that variables may still become
};

/// Without its quotes and escapes; nothing where a part is not known.
std::optional<std::string> expand_docker_word(
    std::string_view word, const DockerVariables& variables, DockerExpansion& expansion
);

}  // namespace deployctl::documents
