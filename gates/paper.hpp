// SPDX-License-Identifier: Apache-2.0
// What other programs have written down for gates, by the time that it names: whether it is of now.
// And for reports, whether they are about this rollout. Pure; any thread.
#pragma once

#include "model/placeholders.hpp"
#include "model/time.hpp"
#include "model/value.hpp"
#include "model/verdict.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deployctl::gates {

/// It is yet to come, by more than clocks differ: five minutes.
bool is_ahead(WallTime time, WallTime now);
/// Why a report of then says nothing now: too old, with what to do, or of a time that is yet to
/// come; "" where it is of now.
std::string age_trouble(WallTime made_at, WallTime now, Duration max_age, std::string_view help);

/// A fail where the report says of itself that it is about another app, environment, version or
/// digest (texts of these names in it); nothing where it fits, or does not say.
std::optional<Verdict> doubt_about_subject(
    const Value& report, const Placeholders& names, const std::string& file
);

}  // namespace deployctl::gates
