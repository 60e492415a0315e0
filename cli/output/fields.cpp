// SPDX-License-Identifier: Apache-2.0
#include "cli/output/fields.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"

#include <cctype>

namespace deployctl::cli {

namespace {

std::string head_of(std::string key) {
    for (auto& letter : key) {
        letter = letter == '_'
                     ? ' '
                     : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
    return key;
}

}  // namespace

std::string cell_text(const Value& value) {
    if (value.is_array()) {
        std::vector<std::string> words;
        for (const auto& item : value.items()) {
            words.push_back(cell_text(item));
        }
        return words.empty() ? "-" : join(words, ", ");
    }
    if (value.is_string()) {
        return value.text("").empty() ? "-" : printable(value.text(""));
    }
    return value.is_null() ? "-" : documents::write_json(value);
}

std::string fields(const Value& map, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [key, value] : map.members()) {
        rows.push_back({printable(key), cell_text(value)});
    }
    return table(style, rows, Folding::none);
}

std::string columns(
    const Value::Array& items, const std::vector<std::string>& keys, const Style& style
) {
    std::vector<std::vector<std::string>> rows{{}};
    for (const auto& key : keys) {
        rows[0].push_back(head_of(key));
    }
    for (const auto& item : items) {
        std::vector<std::string> row;
        for (const auto& key : keys) {
            row.push_back(cell_text(item.at("/" + key)));
        }
        rows.push_back(std::move(row));
    }
    return table(style, rows, Folding::none);
}

}  // namespace deployctl::cli
