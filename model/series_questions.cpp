// SPDX-License-Identifier: Apache-2.0
#include "model/series_questions.hpp"

#include "model/named.hpp"

#include <array>

namespace deployctl {

const char* to_text(SeriesDirection direction) {
    switch (direction) {
        case SeriesDirection::increase: return "increase";
        case SeriesDirection::decrease: return "decrease";
        case SeriesDirection::either: return "either";
    }
    return "";
}

std::optional<SeriesDirection> read_series_direction(std::string_view text) {
    constexpr std::array all{
        SeriesDirection::increase, SeriesDirection::decrease, SeriesDirection::either
    };
    return read_name(text, all);
}

}  // namespace deployctl
