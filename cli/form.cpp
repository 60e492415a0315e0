// SPDX-License-Identifier: Apache-2.0
#include "cli/form.hpp"

#include "config/spelling.hpp"
#include "model/text.hpp"

namespace deployctl::cli {

namespace {

int read_whole_number(const std::string& text, const std::string& of) {
    const auto number = whole_number<int>(text);
    const bool is_whole =
        text.find_first_not_of("0123456789", text.starts_with('-') ? 1 : 0) == std::string::npos &&
        !text.empty() && text != "-";
    if (!number) {
        throw Error(
            ExitCode::usage,
            of + ": `" + text + (is_whole ? "` is out of range" : "` is no whole number")
        );
    }
    return *number;
}

std::vector<std::string> split_at_commas(const std::string& text) {
    std::vector<std::string> parts{""};
    for (const char letter : text) {
        if (letter == ',') {
            parts.emplace_back();
        } else {
            parts.back() += letter;
        }
    }
    return parts;
}

}  // namespace

ValueReader into(std::string& target) {
    return {[&target](const std::string& text, const std::string&) { target = text; }};
}

ValueReader into(std::optional<std::string>& target) {
    return {[&target](const std::string& text, const std::string&) { target = text; }};
}

ValueReader into(std::optional<Duration>& target) {
    return {[&target](const std::string& text, const std::string& of) {
        target = read_duration(text);
        if (!target) {
            throw Error(
                ExitCode::usage,
                of + ": `" + text + "` is no duration",
                "write one like 90s, 10m or 1h30m"
            );
        }
    }};
}

ValueReader into(std::optional<int>& target) {
    return {[&target](const std::string& text, const std::string& of) {
        target = read_whole_number(text, of);
    }};
}

ValueReader into_count(std::optional<int>& target) {
    return {[&target](const std::string& text, const std::string& of) {
        target = read_whole_number(text, of);
        if (*target < 1) {
            throw Error(ExitCode::usage, of + ": `" + text + "` is less than 1", "write 1 or more");
        }
    }};
}

ValueReader into(std::optional<std::vector<int>>& target) {
    return {[&target](const std::string& text, const std::string& of) {
        std::vector<int> numbers;
        for (const auto& part : split_at_commas(text)) {
            numbers.push_back(read_whole_number(part, of));
        }
        target = std::move(numbers);
    }};
}

std::string OptionSpec::long_name() const {
    const auto at = names.find("--");
    return at == std::string::npos ? "" : names.substr(at);
}

void Form::add_flag(std::string names, bool& target, std::string summary) {
    auto set = [&target](const std::string&, const std::string&) { target = true; };
    options_.push_back({std::move(names), "", std::move(summary), {std::move(set)}});
}

void Form::add_flag(std::string names, int& target, std::string summary) {
    auto set = [&target](const std::string&, const std::string&) { ++target; };
    options_.push_back({std::move(names), "", std::move(summary), {std::move(set)}});
}

void Form::add_option(
    std::string names, std::string value, std::string summary, ValueReader reader
) {
    options_.push_back({std::move(names), std::move(value), std::move(summary), std::move(reader)});
}

void Form::add_argument(std::string name, std::string summary, ValueReader reader) {
    arguments_.push_back(
        {std::move(name), std::move(summary), ArgumentSpec::Need::required, std::move(reader)}
    );
}

void Form::add_optional_argument(std::string name, std::string summary, ValueReader reader) {
    arguments_.push_back(
        {std::move(name), std::move(summary), ArgumentSpec::Need::optional, std::move(reader)}
    );
}

void Form::add_example(std::string line, std::string meaning) {
    examples_.push_back({std::move(line), std::move(meaning)});
}

void Form::describe(std::string text) {
    description_ = std::move(text);
}

void refuse_choice(
    const std::string& text, const std::string& of, const std::vector<std::string>& choices
) {
    std::string known;
    for (const auto& choice : choices) {
        known += (known.empty() ? "" : ", ") + choice;
    }
    const auto guess = config::closest(text, {choices.begin(), choices.end()});
    throw Error(
        ExitCode::usage,
        of + ": `" + text + "` is not one of: " + known,
        guess ? "did you mean `" + std::string(*guess) + "`?" : ""
    );
}

}  // namespace deployctl::cli
