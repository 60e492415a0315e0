// SPDX-License-Identifier: Apache-2.0
// How the demo app behaves, read once from its environment. Each image tag bakes one set of values
// in.
#pragma once

#include <chrono>
#include <string>

namespace demo {

struct Settings {
    int port = 8080;                           // DEMO_PORT
    std::string version = "dev";               // DEMO_VERSION
    int error_percent = 0;                     // DEMO_ERROR_PERCENT: of the answers of /
    int noise_per_mille = 0;                   // DEMO_NOISE_PER_MILLE: of them fail by chance
    std::chrono::milliseconds latency{0};      // DEMO_LATENCY_MS: of every answer of /
    std::chrono::milliseconds start_delay{0};  // DEMO_START_DELAY_MS: until the port opens
    std::chrono::milliseconds crash_after{0};  // DEMO_CRASH_AFTER_MS: 0 is never
    std::chrono::milliseconds drain{2000};     // DEMO_DRAIN_MS: goes on serving after SIGTERM
    std::chrono::milliseconds finish{10000};   // DEMO_FINISH_MS: then waits for open requests
    int leak_kib_per_second = 0;               // DEMO_LEAK_KIB_PER_SECOND
    bool unready = false;                      // DEMO_UNREADY=1: /healthz answers 503 for ever
    std::string config_file;                   // DEMO_CONFIG: has to be readable
};

Settings settings_from_environment();

}  // namespace demo
