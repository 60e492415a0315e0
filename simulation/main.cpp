// SPDX-License-Identifier: Apache-2.0
// deployctl-simulate: plays seeds until they are through or the time is, says how many a minute,
// and of a seed that fails everything that is needed to mend it. Not installed.
#include "model/text.hpp"
#include "plugins/system/system_clock.hpp"
#include "simulation/pairs.hpp"
#include "simulation/seed_file.hpp"
#include "simulation/trial.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace deployctl::simulation {

namespace {

constexpr auto usage =
    "usage: deployctl-simulate [--seeds N] [--from S] [--seconds T] [--replay FILE] [--keep FILE]\n"
    "                          [--all] [--edits] [--stale] [--behind] [--if-silent]\n"
    "                          [--measured] [--fresh]\n"
    "       deployctl-simulate --show SEED     the scenario, its event log and its end\n"
    "       deployctl-simulate --pairs N [--strategy NAME]\n"
    "                                          each strategy, also asking people, and sent back, "
    "two\n"
    "                                          deaths: every Nth pair of points\n"
    "       deployctl-simulate --plain N       the speed of a canary of 4 pods and 5 steps\n"
    "\n"
    "--edits, --stale and --behind let seeds draw, besides, what somebody does by hand, watches "
    "that\n"
    "stand still, and two machines in turn whose journals fall behind. With --if-silent whoever "
    "waits\n"
    "for the Lease leaves once its holder is heard, as every command does. With --measured most\n"
    "versions are judged by a metrics source that counts their requests, and may fall silent; "
    "with\n"
    "--fresh canaries are compared with a baseline as young as they are.\n"
    "Plays the seeds of FILE, then N from S on (1000 from 1 on), or as many as fit into T "
    "seconds,\n"
    "and stops at the first that fails (--all: goes on). A seed that fails is written into the "
    "FILE\n"
    "of --keep, which --all names by itself: tests/simulation/seeds.txt. Exit code 1: one has "
    "failed;\n"
    "2: a FILE cannot be used.\n";

/// Where the source is that this program was made from; CI plays it.
constexpr auto usual_keep = DEPLOYCTL_SOURCE_DIR "/tests/simulation/seeds.txt";

constexpr std::array all_strategies{
    StrategyKind::canary,
    StrategyKind::blue_green,
    StrategyKind::rolling,
};

using Words = std::map<std::string, std::uint64_t, std::less<>>;

struct Options {
    Words numbers;
    std::string replay;
    std::string keep;      ///< empty: nowhere
    std::string strategy;  ///< of pairs; empty: each
    bool goes_on = false;
    Extras extras;
};

/// Or nothing: then each is meant.
bool is_strategy(const std::string& name) {
    return name.empty() || std::ranges::any_of(all_strategies, [&](const StrategyKind strategy) {
               return name == deployctl::to_text(strategy);
           });
}

/// Nothing where the words make no sense.
std::optional<Options> read_options(const std::vector<std::string>& words) {
    const std::set<std::string, std::less<>> numbers{
        "--seeds", "--from", "--seconds", "--show", "--plain", "--pairs"
    };
    Options options;
    const std::map<std::string, std::string*> texts{
        {"--replay", &options.replay},
        {"--keep", &options.keep},
        {"--strategy", &options.strategy},
    };
    const std::map<std::string, bool*> flags{
        {"--all", &options.goes_on},
        {"--edits", &options.extras.edits},
        {"--stale", &options.extras.stale_looks},
        {"--behind", &options.extras.behind},
        {"--if-silent", &options.extras.if_silent},
        {"--measured", &options.extras.measured},
        {"--fresh", &options.extras.fresh},
        {"--tasks", &options.extras.tasks},
    };
    for (std::size_t index = 0; index < words.size(); ++index) {
        const auto& word = words[index];
        if (const auto flag = flags.find(word); flag != flags.end()) {
            *flag->second = true;
            continue;
        }
        const auto text = texts.find(word);
        const bool is_known = text != texts.end() || numbers.contains(word);
        if (!is_known || ++index == words.size()) {
            return std::nullopt;
        }
        if (text != texts.end()) {
            *text->second = words[index];
            continue;
        }
        const auto number = whole_number<std::uint64_t>(words[index]);
        if (!number) {
            return std::nullopt;
        }
        options.numbers[word] = *number;
    }
    if (options.goes_on && options.keep.empty()) {
        options.keep = usual_keep;
    }
    return is_strategy(options.strategy) ? std::optional(options) : std::nullopt;
}

std::uint64_t number_of(const Words& words, const char* word, std::uint64_t otherwise) {
    const auto found = words.find(word);
    return found == words.end() ? otherwise : found->second;
}

class Tally {
public:
    void add(const PlayResult& result) {
        ++plays_;
        ++ends_[result.end];
        deaths_ += result.deaths;
        writes_ += result.writes;
        failed_ += result.violations.empty() ? 0 : 1;
        for (const auto& violation : result.violations) {
            ++broken_[violation.rule];
        }
    }

    bool has_failed() const { return failed_ > 0; }

    void print(Duration took) const {
        const auto minutes_taken = std::chrono::duration<double, std::ratio<60>>(took).count();
        const auto minutes_of_core = static_cast<double>(std::clock()) / CLOCKS_PER_SEC / 60;
        const auto per = [&](double minutes_spent) {
            return static_cast<long>(static_cast<double>(plays_) / std::max(minutes_spent, 1e-9));
        };
        std::cout << plays_ << " rollouts in " << to_short_text(took) << ", " << per(minutes_taken)
                  << " a minute, " << per(minutes_of_core) << " a minute of a core; " << deaths_
                  << " deaths of runners, " << writes_ << " writes\n";
        for (const auto& [end, count] : ends_) {
            std::cout << "  " << end << ": " << count << "\n";
        }
        for (const auto& [rule, count] : broken_) {
            std::cout << "  BROKEN " << rule << ": " << count << "\n";
        }
    }

private:
    long plays_ = 0;
    long deaths_ = 0;
    long writes_ = 0;
    long failed_ = 0;
    std::map<std::string, long> ends_;
    std::map<std::string, long> broken_;
};

class Session {
public:
    explicit Session(Options options) : options_(std::move(options)) {}

    int run() {
        const auto& numbers = options_.numbers;
        if (numbers.contains("--show")) {
            return show(numbers.find("--show")->second, options_.extras);
        }
        begun_ = clock_.boot_time();
        if (numbers.contains("--pairs")) {
            return pairs(std::max<std::uint64_t>(1, numbers.find("--pairs")->second));
        }
        if (numbers.contains("--plain")) {
            play_plain(numbers.find("--plain")->second);
        } else if (!play_seeds()) {
            return 2;
        }
        tally_.print(clock_.boot_time() - begun_);
        return has_lost_a_seed_ ? 2 : tally_.has_failed() ? 1 : 0;
    }

private:
    static int show(std::uint64_t seed, Extras extras) {
        const auto scenario = draw_scenario(seed, extras);
        const auto result = play(scenario, EventLog::kept);
        std::cout << to_text(scenario) << result.log << "ended " << result.end << "\n";
        for (const auto& violation : result.violations) {
            std::cout << to_text(violation) << "\n";
        }
        return result.violations.empty() ? 0 : 1;
    }

    int pairs(std::uint64_t every) {
        bool is_well = true;
        for (const auto& course : crash_courses()) {
            const auto name = deployctl::to_text(course.scenario.app.strategy);
            if (!options_.strategy.empty() && options_.strategy != name) {
                continue;
            }
            std::uint64_t number = 0;
            const auto seen = simulation::play_pairs(course.scenario, [&](const CrashPair& pair) {
                return pair.first > 1 && ++number % every == 0;  // at the first nothing was begun
            });
            std::cout << course.name << ": " << seen.plays << " plays with " << seen.deaths
                      << " deaths, after " << to_short_text(clock_.boot_time() - begun_) << "\n";
            if (!seen.failure.empty()) {
                std::cout << "failed: " << seen.failure << "\n";
                is_well = false;
            }
            std::cout << std::flush;
        }
        return is_well ? 0 : 1;
    }

    void play_plain(std::uint64_t count) {
        const auto scenario = plain_scenario();
        for (std::uint64_t number = 0; number < count; ++number) {
            tally_.add(play(scenario));
        }
    }

    /// False where the file of seeds cannot be played.
    bool play_seeds() {
        if (options_.replay.empty()) {
            play_new_seeds();
            return true;
        }
        const auto file = read_seed_file(options_.replay);
        if (!file.mistake.empty()) {
            std::cerr << "deployctl-simulate: " << file.mistake << "\n";
            return false;
        }
        const bool goes_on = std::ranges::all_of(file.seeds, [this](const KeptSeed& kept) {
            return play_seed(kept);
        });
        if (goes_on) {
            play_new_seeds();
        }
        return true;
    }

    void play_new_seeds() {
        const auto first = number_of(options_.numbers, "--from", 1);
        const bool is_timed = options_.numbers.contains("--seconds");
        const auto limit = is_timed ? ~std::uint64_t{0} : std::uint64_t{1000};
        const auto count = number_of(options_.numbers, "--seeds", limit);
        const auto most = seconds(number_of(options_.numbers, "--seconds", 1'000'000));
        for (std::uint64_t number = 0; number < count; ++number) {
            const bool is_time_over = clock_.boot_time() - begun_ > most;
            if (is_time_over || !play_seed({first + number, options_.extras})) {
                return;
            }
        }
    }

    /// False where nothing more is to be played.
    bool play_seed(const KeptSeed& kept) {
        const auto scenario = draw_scenario(kept.seed, kept.extras);
        const auto result = try_scenario(scenario);
        tally_.add(result);
        if (!result.violations.empty()) {
            std::cout << "failed after " << to_short_text(clock_.boot_time() - begun_) << ": "
                      << report_of(scenario, result) << std::flush;
            keep(kept, result);
        }
        return result.violations.empty() || options_.goes_on;
    }

    void keep(const KeptSeed& kept, const PlayResult& result) {
        if (options_.keep.empty()) {
            return;
        }
        const auto& first = result.violations.front();
        const auto mistake = keep_seed(options_.keep, kept, first.rule);
        has_lost_a_seed_ = has_lost_a_seed_ || !mistake.empty();
        if (mistake.empty()) {
            std::cout << "seed " << kept.seed << " is kept in " << options_.keep << "\n"
                      << std::flush;
        } else {
            std::cerr << "deployctl-simulate: " << mistake << "\n";
        }
    }

    Options options_;
    plugins::SystemClock clock_;
    BootTime begun_;
    Tally tally_;
    bool has_lost_a_seed_ = false;
};

int simulate(const std::vector<std::string>& words) {
    const auto options = read_options(words);
    if (!options) {
        std::cerr << usage;
        return 2;
    }
    return Session(*options).run();
}

}  // namespace

}  // namespace deployctl::simulation

int main(int count, char** words) {
    return deployctl::simulation::simulate({words + 1, words + count});
}
