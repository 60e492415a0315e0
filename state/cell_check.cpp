// SPDX-License-Identifier: Apache-2.0
#include "state/cell_check.hpp"

#include "documents/json.hpp"
#include "model/journal.hpp"
#include "model/settings.hpp"
#include "state/rows.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace deployctl::state {

namespace {

constexpr std::int64_t largest_count = 2'147'483'647;
constexpr std::int64_t largest_exact = 9'007'199'254'740'992;  ///< 285 years of microseconds

/// What is there of the model's members is of the same types; what is missing has its default.
bool is_like(const Value& value, const Value& model) {
    return value.is_object() && std::ranges::all_of(model.members(), [&](const auto& member) {
               const auto found = value.members().find(member.first);
               return found == value.members().end() ||
                      found->second.data().index() == member.second.data().index();
           });
}

bool is_map(const Value& value) {
    return value.is_object();
}

bool is_anything(const Value&) {
    return true;
}

bool is_map_or_null(const Value& value) {
    return value.is_object() || value.is_null();
}

bool is_plan_or_null(const Value& value) {
    return value.is_null() || read_strategy(value.text("/strategy")).has_value();
}

bool is_runner(const Value& value) {
    const auto pid = value.number("/pid");
    const auto pid_start = value.number("/pid_start");
    return is_like(value, to_value(Runner())) && pid >= 0 && pid <= largest_count &&
           pid_start >= 0 && pid_start <= largest_exact;
}

bool is_cause(const Value& value) {
    return is_like(value, to_value(Cause()));
}

bool is_strategy(const std::string& word) {
    return read_strategy(word).has_value();
}

bool is_kind(const std::string& word) {
    return read_kind_cell(word).has_value();
}

/// By the name of the column, which means the same in each table.
struct JsonCell {
    std::string_view column;
    bool (*fits)(const Value& value);
};

constexpr std::array json_cells{
    JsonCell{"owner_json", is_runner},
    JsonCell{"plan_json", is_plan_or_null},
    JsonCell{"body_json", is_map},
    JsonCell{"cause_json", is_cause},
    JsonCell{"evidence_json", is_map_or_null},
    JsonCell{"meant_json", is_anything},
    JsonCell{"result_json", is_anything},
    JsonCell{"data_json", is_anything},
};

/// Those that no table knows by itself.
struct WordCell {
    std::string_view column;
    bool (*is_known)(const std::string& word);
};

constexpr std::array word_cells{
    WordCell{"strategy", is_strategy},
    WordCell{"object_kind", is_kind},
};

struct Bounds {
    std::string_view column;
    std::int64_t least;
    std::int64_t most;
};

/// Room enough above all of them: numbers are shifted past those that are there, and grow on.
constexpr Bounds bounds_of_counts{"", 0, largest_count};
constexpr std::array other_bounds{
    Bounds{"id", 1, largest_count},
    Bounds{"n", 1, largest_count},
    Bounds{"number", 1, largest_count},
    Bounds{"target_id", 1, largest_count},
    Bounds{"exit_code", 0, 255},
    Bounds{"ts_wall", 0, largest_exact},
    Bounds{"ts_boot", 0, largest_exact},
    Bounds{"started_at", 0, largest_exact},
    Bounds{"ended_at", 0, largest_exact},
    Bounds{"took", 0, largest_exact},
    Bounds{"intent_at", 0, largest_exact},
    Bounds{"outcome_at", 0, largest_exact},
    Bounds{"at", 0, largest_exact},
    Bounds{"made_at", 0, largest_exact},
    Bounds{"taken_at", 0, largest_exact},
    Bounds{"pruned_at", 0, largest_exact},
    Bounds{"begins_at", 0, largest_exact},
    Bounds{"ends_at", 0, largest_exact},
    Bounds{"removed_at", 0, largest_exact},
};

std::string fault_in_json(const JsonCell& expected, const Value& cell) {
    const auto value = documents::try_read_json(cell.text(""));
    if (!value) {
        return "is no JSON";
    }
    return expected.fits(*value) ? "" : "is JSON of another shape than a journal has there";
}

std::string fault_in_number(const std::string& column, std::int64_t number) {
    const auto found = std::ranges::find(other_bounds, column, &Bounds::column);
    const auto& bounds = found == other_bounds.end() ? bounds_of_counts : *found;
    if (number >= bounds.least && number <= bounds.most) {
        return "";
    }
    return "is " + std::to_string(number) + ", and no number from " + std::to_string(bounds.least) +
           " to " + std::to_string(bounds.most);
}

}  // namespace

std::string fault_in_cell(const std::string& column, const Value& cell) {
    const auto json = std::ranges::find(json_cells, column, &JsonCell::column);
    if (json != json_cells.end()) {
        return fault_in_json(*json, cell);
    }
    const auto word = std::ranges::find(word_cells, column, &WordCell::column);
    if (word != word_cells.end() && !word->is_known(cell.text(""))) {
        return "is a word that this deployctl does not know: " + cell.text("");
    }
    if (std::holds_alternative<std::int64_t>(cell.data())) {
        return fault_in_number(column, std::get<std::int64_t>(cell.data()));
    }
    return "";
}

}  // namespace deployctl::state
