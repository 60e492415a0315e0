// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_process.hpp"

#include <algorithm>

namespace deployctl::tests {

FakeProcess& FakeProcess::on(std::vector<std::string> argv_begin, CommandResult result) {
    scripts_[std::move(argv_begin)].push_back(std::move(result));
    return *this;
}

FakeProcess& FakeProcess::on(std::vector<std::string> argv_begin, std::string output) {
    return on(
        std::move(argv_begin), CommandResult{CommandResult::End::exited, 0, std::move(output), ""}
    );
}

std::string FakeProcess::commands_text() const {
    std::string text;
    for (const auto& command : commands_) {
        std::string line;
        for (const auto& word : command.argv) {
            line += (line.empty() ? "" : " ") + word;
        }
        text += line + "\n";
    }
    return text;
}

Task<CommandResult> FakeProcess::run(Command command) {
    commands_.push_back(command);
    co_return answer(command.argv);
}

CommandResult FakeProcess::answer(const std::vector<std::string>& argv) {
    std::deque<CommandResult>* best = nullptr;
    std::size_t longest = 0;
    for (auto& [begin, results] : scripts_) {
        const bool matches =
            begin.size() <= argv.size() && std::equal(begin.begin(), begin.end(), argv.begin());
        if (matches && (best == nullptr || begin.size() > longest)) {
            best = &results;
            longest = begin.size();
        }
    }
    if (best == nullptr) {
        return {CommandResult::End::not_started, 127, "", "no such program in this test"};
    }
    auto result = best->front();
    if (best->size() > 1) {
        best->pop_front();
    }
    return result;
}

}  // namespace deployctl::tests
