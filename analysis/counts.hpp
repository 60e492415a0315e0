// SPDX-License-Identifier: Apache-2.0
// How many requests there were, and how many of them were counted: errors, or requests slower than
// an edge. Whole numbers kept as doubles, exact to 9e15. Values; any thread.
#pragma once

namespace deployctl::analysis {

struct Counts {
    double requests = 0;
    double events = 0;

    Counts& operator+=(const Counts& more) {
        requests += more.requests;
        events += more.events;
        return *this;
    }

    friend bool operator==(const Counts&, const Counts&) = default;
};

/// Finite, not negative, and no more events than requests.
bool is_sound(const Counts& counts);
/// Events a request; 0 where nothing was asked.
double rate_of(const Counts& counts);

/// What both versions took side by side since the look before.
struct Look {
    Counts canary;
    Counts baseline;
};

}  // namespace deployctl::analysis
