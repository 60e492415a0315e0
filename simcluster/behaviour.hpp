// SPDX-License-Identifier: Apache-2.0
// What the pods of an image do. Say it before they start: `behave("v2",
// crashing().after(seconds(3)))`; an image nobody described is good. Times count from the moment
// the container starts. Values; any thread.
#pragma once

#include "model/time.hpp"
#include "model/value.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::simcluster {

struct Crash {
    Duration after = milliseconds(300);
    int exit_code = 1;
    std::string reason = "Error";
    int times = 0;  ///< so often, then it runs; 0: always
};

/// What a path answers over HTTP, from a while after the start on.
struct HttpBehaviour {
    int status = 200;  ///< 0: no request gets there, for trouble of the API server
    std::string body = "ok";
    double error_share = 0;  ///< 0..1 of the requests get 500, evenly spread, without chance
    Duration errors_from{};
    Duration took = milliseconds(4);
};

struct Behaviour {
    enum class Start {
        runs,
        image_missing,   ///< ErrImagePull, "not found"
        config_missing,  ///< CreateContainerConfigError
        unschedulable,
    };

    Start start = Start::runs;
    Duration start_after = seconds(1);                 ///< image pulled, container made
    std::optional<Duration> ready_after = seconds(1);  ///< none: never ready
    std::optional<Duration> unready_after;  ///< ready until then, not any more afterwards
    std::optional<Crash> crash;
    Duration stop_after = seconds(1);                         ///< from its deletion to its end
    std::map<std::string, HttpBehaviour, std::less<>> paths;  ///< any other path: 200
    std::vector<std::string> log = {"listening on :8080"};
    Duration log_took{};                  ///< the kubelet answers for it only after so long
    std::optional<Duration> chats_every;  ///< a line "tick 1", "tick 2", ... so often
    std::vector<std::string> last_words;  ///< of a run that crashes, after `log`
    std::string trouble;  ///< the message of the kubelet or scheduler, where it fails

    Behaviour after(Duration crash_after) const;
    Behaviour saying(std::vector<std::string> lines) const;
    Behaviour ready_in(Duration duration) const;
    Behaviour starting_in(Duration duration) const;
    Behaviour stopping_in(Duration duration) const;
    Behaviour answering(const std::string& path, HttpBehaviour answer) const;
};

Behaviour good();
/// Exits with 1 soon after each start, before it is ready.
Behaviour crashing(int exit_code = 1);
/// Crashes so often, then stays.
Behaviour crashing_at_first(int times);
/// Gets ready, then crashes, each time.
Behaviour flaky(Duration ready_for);
Behaviour out_of_memory();
Behaviour never_ready();
/// Ready for so long, never after.
Behaviour turning_unready(Duration ready_for);
Behaviour missing_image();
Behaviour missing_config();
Behaviour unschedulable();
Behaviour slow(Duration ready_after);
/// Ready, but this share (0..1) of the requests to any path gets 500, from `from` after the start
/// on.
Behaviour failing_requests(double share, Duration from = {});

/// Behaviours by version: the tag of the image, or its short digest where there is no tag.
class BehaviourTable {
public:
    void set(const std::string& version, Behaviour behaviour) {
        behaviours_[version] = std::move(behaviour);
    }

    /// Of the first container whose image was described, else of a good one.
    const Behaviour& of(const Value& pod) const;

private:
    std::map<std::string, Behaviour, std::less<>> behaviours_;
    Behaviour good_;
};

/// The version that the first container of a pod, or of a pod template, runs: "v2".
std::string version_of(const Value& pod);

}  // namespace deployctl::simcluster
