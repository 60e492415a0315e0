// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml_source.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::documents {

namespace {

constexpr std::size_t longest_excerpt = 4096;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::size_t length_by_lead(unsigned char lead) {
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead < 0xE0) {
        return 2;
    }
    if (lead >= 0xE0 && lead < 0xF0) {
        return 3;
    }
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/// The character at `at` and its length in bytes; length 0 where there is no good one.
std::pair<char32_t, std::size_t> read_character(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto length = length_by_lead(lead);
    if (length == 0 || at + length > text.size()) {
        return {0, 0};
    }
    char32_t character = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if (!continues(text[at + i])) {
            return {0, 0};
        }
        character = (character << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = character >= 0xD800 && character < 0xE000;
    return {
        character, character < smallest[length] || surrogate || character > 0x10FFFF ? 0 : length
    };
}

bool is_control(char32_t character) {
    if (character < 0x20) {
        return character != U'\t' && character != U'\n' && character != U'\r';
    }
    return character >= 0x7F && character < 0xA0 && character != 0x85;
}

}  // namespace

YamlSource::YamlSource(std::string_view text, std::string file)
    : text_(text), file_(std::move(file)) {
    if (text_.starts_with(byte_order_mark)) {
        text_.remove_prefix(byte_order_mark.size());
    }
    starts_.push_back(0);
    for (auto end = text_.find('\n'); end != std::string_view::npos;
         end = text_.find('\n', end + 1)) {
        starts_.push_back(end + 1);
    }
}

std::string_view YamlSource::line(int number) const {
    return number < 1 ? std::string_view() : rest_of_line(number - 1, 0);
}

std::string_view YamlSource::rest_of_line(int line, int byte) const {
    const auto index = static_cast<std::size_t>(line);
    if (line < 0 || byte < 0 || index >= starts_.size()) {
        return {};
    }
    const auto start = starts_[index];
    auto end = index + 1 < starts_.size() ? starts_[index + 1] - 1 : text_.size();
    if (end > start && text_[end - 1] == '\r') {
        --end;
    }
    const auto from = std::min(start + static_cast<std::size_t>(byte), end);
    return text_.substr(from, end - from);
}

std::string_view YamlSource::from(int line, int byte) const {
    const auto rest = rest_of_line(line, byte);
    return rest.data() == nullptr
               ? rest
               : text_.substr(static_cast<std::size_t>(rest.data() - text_.data()));
}

YamlPlace YamlSource::place(int line, int byte) const {
    const auto whole = rest_of_line(line, 0);
    const auto before =
        whole.substr(0, std::min(whole.size(), static_cast<std::size_t>(std::max(byte, 0))));
    return {line + 1, count_characters(before) + 1, 1};
}

YamlPlace YamlSource::place_of_offset(std::size_t offset) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const auto index = static_cast<std::size_t>(after - starts_.begin()) - 1;
    return place(static_cast<int>(index), static_cast<int>(offset - starts_[index]));
}

Diagnostic YamlSource::mistake(const char* code, std::string message, YamlPlace at) const {
    Diagnostic mistake;
    mistake.code = code;
    mistake.message = std::move(message);
    mistake.place = {file_, at.line, at.column};
    mistake.width = std::max(at.width, 1);
    auto excerpt = line(at.line);
    if (excerpt.size() > longest_excerpt) {
        auto end = longest_excerpt;
        while (end > 0 && continues(excerpt[end])) {
            --end;
        }
        excerpt = excerpt.substr(0, end);
    }
    mistake.excerpt = std::string(excerpt);
    return mistake;
}

std::optional<std::size_t> find_bad_character(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto [character, length] = read_character(text, at);
        if (length == 0 || is_control(character)) {
            return at;
        }
        at += length;
    }
    return std::nullopt;
}

int count_characters(std::string_view text) {
    return static_cast<int>(std::ranges::count_if(text, [](char byte) { return !continues(byte); })
    );
}

}  // namespace deployctl::documents
