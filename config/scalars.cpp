// SPDX-License-Identifier: Apache-2.0
#include "config/scalars.hpp"

#include "config/spelling.hpp"
#include "model/image.hpp"
#include "model/text.hpp"
#include "model/time.hpp"
#include "model/url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace deployctl::config {

namespace {

constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_object_name = 253;
constexpr std::size_t longest_text = 1024;
constexpr std::size_t longest_query = 16UL * 1024;
constexpr Duration longest_duration = std::chrono::hours(24 * 365);

std::string quoted(std::string_view text) {
    std::string shown(take_characters(text, 60));
    std::ranges::replace_if(shown, [](unsigned char c) { return c < 0x20; }, ' ');
    return "`" + shown + (shown.size() < text.size() ? "…`" : "`");
}

std::string write_example(const Key& key) {
    return "write `" + std::string(key.name()) + ": " + std::string(key.example) + "`";
}

bool is_text_for_number(const Key& key, const documents::YamlNode& node) {
    const bool takes_no_text = key.type == KeyType::integer || key.type == KeyType::real ||
                               key.type == KeyType::reals || key.type == KeyType::flag;
    return takes_no_text && node.kind == documents::YamlKind::quoted;
}

Wrong wrong_type(const Key& key, const documents::YamlNode& node) {
    const bool is_text = is_text_for_number(key, node);
    return {
        "C1011",
        "`" + std::string(key.name()) + "` takes " + describe_type(key) + ", not " +
            quoted(is_text ? "\"" + node.text + "\"" : node.text),
        is_text ? "in quotes it is a text" : "",
        write_example(key),
    };
}

template <class Number>
std::optional<Number> parse_number(const std::string& text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

template <class Number>
ScalarReading read_number(const Key& key, const documents::YamlNode& node) {
    const auto number = parse_number<Number>(node.text);
    if (!number || node.kind != documents::YamlKind::plain) {
        return {{}, wrong_type(key, node)};
    }
    const auto [least, most] = range_of(key);
    const auto value = static_cast<double>(*number);
    if (!(value >= least && value <= most)) {
        auto wrong = wrong_type(key, node);
        wrong.code = "C1012";
        return {{}, wrong};
    }
    return {*number, {}};
}

ScalarReading read_flag(const Key& key, const documents::YamlNode& node) {
    const bool is_true = node.text == "true";
    if (node.kind != documents::YamlKind::plain || (!is_true && node.text != "false")) {
        return {{}, wrong_type(key, node)};
    }
    return {is_true, {}};
}

ScalarReading read_time(const Key& key, const documents::YamlNode& node) {
    const auto duration = read_duration(node.text);
    if (!duration || node.text.size() > longest_label) {
        auto wrong = wrong_type(key, node);
        wrong.note = "a number and d, h, m, s or ms; at most 8760h";
        return {{}, wrong};
    }
    const bool positive = key.type == KeyType::duration || duration->count() > 0;
    if (!positive || duration->count() < 0 || *duration > longest_duration) {
        auto wrong = wrong_type(key, node);
        wrong.code = "C1012";
        wrong.note = positive ? "at most 8760h" : "must be longer than 0s";
        return {{}, wrong};
    }
    return {to_text(*duration), {}};
}

ScalarReading read_choice(const Key& key, const documents::YamlNode& node) {
    const auto known = split_choices(key.allowed);
    if (std::ranges::find(known, node.text) != known.end()) {
        return {node.text, {}};
    }
    const auto name = std::string(key.name());
    const auto later = split_choices(key.not_yet);
    if (std::ranges::find(later, node.text) != later.end()) {
        return {
            {},
            Wrong{
                "C1008",
                "`" + name + ": " + node.text + "` is not supported by this version",
                "",
                "this version takes " + describe_type(key)
            }
        };
    }
    Wrong wrong{
        "C1013",
        "`" + name + "` takes " + describe_type(key) + ", not " + quoted(node.text),
        "",
        write_example(key)
    };
    if (const auto meant = known.size() == 1 ? known.front() : closest(node.text, known)) {
        wrong.help = "write `" + name + ": " + std::string(*meant) + "`";
    }
    return {{}, wrong};
}

ScalarReading read_percent(const Key& key, const documents::YamlNode& node) {
    const bool has_sign = node.text.ends_with('%');
    const auto number =
        parse_number<int>(node.text.substr(0, node.text.size() - (has_sign ? 1 : 0)));
    if (!number || !has_sign || *number < 1 || *number > 100) {
        return {{}, wrong_type(key, node)};
    }
    return {*number, {}};
}

bool has_form_of(KeyType type, std::string_view text) {
    const bool has_space = text.find(' ') != std::string_view::npos;
    switch (type) {
        case KeyType::http_url: return is_http_url(text);
        case KeyType::http_path: return text.starts_with('/') && !has_space;
        case KeyType::json_path: return text.starts_with("$.") && !has_space;
        default: return true;
    }
}

/// PromQL, in lines where it likes.
ScalarReading read_query(const Key& key, const documents::YamlNode& node) {
    const bool controls = std::ranges::any_of(node.text, [](unsigned char c) {
        return c < 0x20 && c != '\n' && c != '\t';
    });
    const bool is_blank = node.text.find_first_not_of(" \n\t") == std::string::npos;
    if (is_blank || controls || node.text.size() > longest_query) {
        const auto what =
            "`" + std::string(key.name()) + "` takes names, each with a query in PromQL";
        return {{}, Wrong{"C1011", what, "a text of at most 16 KiB", write_example(key)}};
    }
    return {node.text, {}};
}

ScalarReading read_text(const Key& key, const documents::YamlNode& node) {
    const bool controls = std::ranges::any_of(node.text, [](unsigned char c) { return c < 0x20; });
    if (node.text.empty() || node.text.size() > longest_text || controls) {
        return {
            {},
            Wrong{
                "C1011",
                "`" + std::string(key.name()) + "` takes a text in one line",
                "",
                write_example(key)
            }
        };
    }
    if (!has_form_of(key.type, node.text)) {
        return {{}, wrong_type(key, node)};
    }
    return {node.text, {}};
}

bool is_label_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

ScalarReading read_name(const Key& key, const documents::YamlNode& node) {
    auto wrong =
        key.type == KeyType::object_name ? check_object_name(node.text) : check_label(node.text);
    if (wrong && !wrong->help.empty()) {
        wrong->help = "write `" + std::string(key.name()) + ": " + as_label(node.text) + "`";
    }
    return {wrong ? Value() : Value(node.text), wrong};
}

bool is_label(std::string_view name) {
    return !name.empty() && name.size() <= longest_label && is_label_letter(name.front()) &&
           is_label_letter(name.back()) &&
           std::ranges::all_of(name, [](char c) { return is_label_letter(c) || c == '-'; });
}

Wrong no_name(std::string_view name) {
    return {
        "C1021",
        quoted(name) + " is no name that Kubernetes takes",
        "a to z, 0 to 9 and -, at most 63, a letter or digit at both ends",
        "write `" + as_label(name) + "`",
    };
}

const char* what_is_named(KeyType type) {
    return type == KeyType::headers ? "header" : type == KeyType::labels ? "label" : "query";
}

/// Prometheus' labels begin with no digit, and have no dash.
bool is_name_of_text(KeyType type, std::string_view name) {
    const bool is_label_name = type == KeyType::labels;
    if (name.empty() || name.size() > longest_label) {
        return false;
    }
    if (is_label_name && name.front() >= '0' && name.front() <= '9') {
        return false;
    }
    return std::ranges::all_of(name, [&](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || (c == '-' && !is_label_name);
    });
}

}  // namespace

std::string as_label(std::string_view name) {
    std::string label;
    for (const char c : name.substr(0, longest_label)) {
        const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        label += is_label_letter(lower) ? lower : '-';
    }
    const auto start = label.find_first_not_of('-');
    return start == std::string::npos
               ? "app"
               : label.substr(start, label.find_last_not_of('-') + 1 - start);
}

std::optional<Wrong> check_image_name(std::string_view name) {
    const auto image = read_image(name);
    if (!image.tag.empty() || !image.digest.empty()) {
        return Wrong{
            "C1020",
            "the image has a tag or a digest",
            "the version comes from the command line: deployctl rollout canary TAG",
            "write `" + image.repository + "`",
        };
    }
    const bool good = !name.empty() && name.size() <= longest_object_name &&
                      is_label_letter(name.front()) && is_label_letter(name.back()) &&
                      std::ranges::all_of(name, [](char c) {
                          return is_label_letter(c) ||
                                 std::string_view("._-/:").find(c) != std::string_view::npos;
                      });
    if (good && name.find("//") == std::string_view::npos) {
        return std::nullopt;
    }
    return Wrong{
        "C1020",
        quoted(name) + " is no name of an image",
        "lower case, without spaces",
        "write it as `registry.example.com/shop/web`",
    };
}

std::optional<Wrong> check_label(std::string_view name) {
    return is_label(name) ? std::nullopt : std::optional(no_name(name));
}

std::optional<Wrong> check_name_of_text(const Key& key, std::string_view name) {
    if (key.type == KeyType::durations || key.type == KeyType::texts_by_name) {
        return check_label(name);
    }
    if (is_name_of_text(key.type, name)) {
        return std::nullopt;
    }
    return Wrong{
        "C1033",
        quoted(name) + " is no name of a " + what_is_named(key.type),
        key.type == KeyType::labels ? "letters, digits and _, no digit first, at most 63"
                                    : "letters, digits, - and _, at most 63",
        "write it as `" + std::string(key.example.substr(1, key.example.find(':') - 1)) + "`",
    };
}

std::optional<Wrong> check_object_name(std::string_view name) {
    auto rest = name.size() <= longest_object_name ? name : std::string_view();
    while (is_label(rest.substr(0, rest.find('.')))) {
        if (rest.find('.') == std::string_view::npos) {
            return std::nullopt;
        }
        rest = rest.substr(rest.find('.') + 1);
    }
    return no_name(name);
}

std::string describe_type(const Key& key) {
    switch (key.type) {
        case KeyType::map:
        case KeyType::named: return "a map";
        case KeyType::items:
        case KeyType::texts:
        case KeyType::text_lists:
        case KeyType::names: return "a list such as `" + std::string(key.example) + "`";
        case KeyType::percent:
            return "a percent from 1 to 100 such as `" + std::string(key.example) + "`";
        case KeyType::percents:
            return "a list of percents from 1 to 100 such as `" + std::string(key.example) + "`";
        case KeyType::http_path:
        case KeyType::json_path: return "a path such as `" + std::string(key.example) + "`";
        case KeyType::flag: return "`true` or `false`";
        case KeyType::duration:
        case KeyType::positive_duration:
            return "a duration such as `" + std::string(key.example) + "`";
        case KeyType::integer:
        case KeyType::real: {
            const auto dots = key.allowed.find("..");
            const char* what = key.type == KeyType::integer ? "a whole number" : "a number";
            return std::string(what) + " from " + std::string(key.allowed.substr(0, dots)) +
                   " to " + std::string(key.allowed.substr(dots + 2));
        }
        case KeyType::reals:
            return "a list of numbers such as `" + std::string(key.example) + "`, in " +
                   std::string(key.allowed);
        case KeyType::choice: {
            std::string text;
            const auto choices = split_choices(key.allowed);
            for (std::size_t i = 0; i < choices.size(); ++i) {
                text += i == 0 ? "`" : i + 1 == choices.size() ? " or `" : ", `";
                text += std::string(choices[i]) + "`";
            }
            return text;
        }
        case KeyType::headers:
        case KeyType::queries:
        case KeyType::labels:
        case KeyType::durations:
        case KeyType::texts_by_name: return "a map such as `" + std::string(key.example) + "`";
        case KeyType::http_url:
            return "an http or https URL without user, ? and #, such as `" +
                   std::string(key.example) + "`";
        case KeyType::one_or_texts: return "a name or a list of names";
        case KeyType::label:
        case KeyType::object_name:
            return "a name of Kubernetes such as `" + std::string(key.example) + "`";
        default: return "a text such as `" + std::string(key.example) + "`";
    }
}

ScalarReading read_scalar(const Key& key, const documents::YamlNode& node) {
    switch (key.type) {
        case KeyType::integer: return read_number<std::int64_t>(key, node);
        case KeyType::real:
        case KeyType::reals: return read_number<double>(key, node);
        case KeyType::flag: return read_flag(key, node);
        case KeyType::duration:
        case KeyType::durations:
        case KeyType::positive_duration: return read_time(key, node);
        case KeyType::choice: return read_choice(key, node);
        case KeyType::percent:
        case KeyType::percents: return read_percent(key, node);
        case KeyType::queries: return read_query(key, node);
        case KeyType::label:
        case KeyType::object_name:
        case KeyType::one_or_texts: return read_name(key, node);
        default: return read_text(key, node);
    }
}

std::size_t longest_text_of(KeyType type) {
    return type == KeyType::queries ? longest_query : longest_text;
}

std::string_view pattern_of(KeyType type) {
    switch (type) {
        case KeyType::label:
        case KeyType::durations:
        case KeyType::texts_by_name:
        case KeyType::one_or_texts: return "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
        case KeyType::object_name: return "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";
        case KeyType::http_url: return "^https?://[^@/?# ]+(/[^?# ]*)?$";
        case KeyType::http_path: return "^/[^ ]*$";
        case KeyType::json_path: return "^\\$\\.[^ ]+$";
        case KeyType::duration: return "^([0-9]+(d|h|m|s|ms|us))+$";
        case KeyType::positive_duration: return "^(?=.*[1-9])([0-9]+(d|h|m|s|ms|us))+$";
        case KeyType::headers:
        case KeyType::queries: return "^[-_A-Za-z0-9]{1,63}$";
        case KeyType::labels: return "^[_A-Za-z][_A-Za-z0-9]{0,62}$";
        case KeyType::percent:
        case KeyType::percents: return "^([1-9][0-9]?|100)%$";
        default: return "";
    }
}

}  // namespace deployctl::config
