// SPDX-License-Identifier: Apache-2.0
// The one source of chance of a play: the same seed gives the same numbers on every machine
// (SplitMix64). Not for several threads.
#pragma once

#include <cstdint>
#include <vector>

namespace deployctl::simulation {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    /// From `least` to `most`, both included.
    int between(int least, int most) {
        const auto span = static_cast<std::uint64_t>(most - least) + 1;
        return least + static_cast<int>(next() % span);
    }

    /// True in so many of a hundred.
    bool percent(int share) { return between(1, 100) <= share; }

    template <class T>
    T one_of(const std::vector<T>& choices) {
        return choices[static_cast<std::size_t>(between(0, static_cast<int>(choices.size()) - 1))];
    }

private:
    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ULL;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
        return mixed ^ (mixed >> 31U);
    }

    std::uint64_t state_;
};

}  // namespace deployctl::simulation
