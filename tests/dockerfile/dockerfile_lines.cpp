// SPDX-License-Identifier: Apache-2.0
// Tells what our reader makes of Dockerfiles as oracle/main.go tells what BuildKit's makes of them.
#include "documents/dockerfile.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

using deployctl::documents::Node;

void tell(const Node& instruction, const std::string& op) {
    std::cout << instruction.spot.line << " " << op << " "
              << instruction.at("heredocs").items.size() << " "
              << instruction.at("flags").entries.size() << " "
              << (instruction.at("json").exists() ? "true" : "false") << "\n";
}

void tell(const char* path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto read = deployctl::documents::read_dockerfile(text);
    std::cout << "FILE " << path << "\n";
    if (!read.trouble.empty()) {
        std::cout << "ERR\n";
        return;
    }
    const auto& root = read.tree.roots().front();
    for (const auto& stage : root.at("stages").items) {
        std::cout << stage.spot.line << " FROM 0 " << (stage.at("platform").exists() ? 1 : 0)
                  << " false\n";
        for (const auto& instruction : stage.at("instructions").items) {
            tell(instruction, std::string(instruction.text_at("op")));
        }
    }
}

}  // namespace

int main(int count, char** words) {
    for (int at = 1; at < count; ++at) {
        tell(words[at]);
    }
}
