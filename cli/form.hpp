// SPDX-License-Identifier: Apache-2.0
// What a command takes, as data: arguments, options, examples, and where their values go. Parser,
// help, manual page, completion and the reference are made from it, so that they cannot differ.
// Values; the targets of the setters outlive the form.
#pragma once

#include "model/error.hpp"
#include "model/time.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::cli {

/// Takes a text into a value; throws Error{usage} with what would be right, naming whose value it
/// is.
struct ValueReader {
    std::function<void(const std::string& text, const std::string& of)> set;
    std::vector<std::string> choices = {};
    enum class Times { once, repeatedly } times = Times::once;  ///< how often it may be said
};

ValueReader into(std::string& target);
ValueReader into(std::optional<std::string>& target);
ValueReader into(std::optional<Duration>& target);
ValueReader into(std::optional<int>& target);
/// 1 or more.
ValueReader into_count(std::optional<int>& target);
/// "5,25,50"
ValueReader into(std::optional<std::vector<int>>& target);

/// One of a closed list: one_of(target, {{"hold", OnFailure::hold}, ...}).
template <class Target, class T>
ValueReader one_of(Target& target, std::vector<std::pair<std::string, T>> names);

struct OptionSpec {
    std::string names;  ///< "-e,--env"
    std::string value;  ///< what stands for the value in help: "ENV"; empty: a flag
    std::string summary;
    ValueReader reader;

    std::string long_name() const;
};

struct ArgumentSpec {
    std::string name;  ///< "TAG"
    std::string summary;
    enum class Need { required, optional } need = Need::required;
    ValueReader reader;
};

struct Example {
    std::string line;  ///< "deployctl plan v2 -e production"
    std::string meaning;
};

class Form {
public:
    void add_flag(std::string names, bool& target, std::string summary);
    /// Counts: `-vv` is two.
    void add_flag(std::string names, int& target, std::string summary);
    void add_option(std::string names, std::string value, std::string summary, ValueReader reader);
    void add_argument(std::string name, std::string summary, ValueReader reader);
    void add_optional_argument(std::string name, std::string summary, ValueReader reader);
    void add_example(std::string line, std::string meaning);
    /// A paragraph more than the summary.
    void describe(std::string text);

    const std::vector<OptionSpec>& options() const { return options_; }

    const std::vector<ArgumentSpec>& arguments() const { return arguments_; }

    const std::vector<Example>& examples() const { return examples_; }

    const std::string& description() const { return description_; }

private:
    std::vector<OptionSpec> options_;
    std::vector<ArgumentSpec> arguments_;
    std::vector<Example> examples_;
    std::string description_;
};

[[noreturn]] void refuse_choice(
    const std::string& text, const std::string& of, const std::vector<std::string>& choices
);

template <class Target, class T>
ValueReader one_of(Target& target, std::vector<std::pair<std::string, T>> names) {
    std::vector<std::string> choices;
    for (const auto& [name, value] : names) {
        choices.push_back(name);
    }
    auto set = [&target,
                names = std::move(names),
                choices](const std::string& text, const std::string& of) {
        for (const auto& [name, value] : names) {
            if (name == text) {
                target = value;
                return;
            }
        }
        refuse_choice(text, of, choices);
    };
    return {std::move(set), std::move(choices)};
}

}  // namespace deployctl::cli
