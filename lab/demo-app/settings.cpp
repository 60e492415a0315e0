// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include <cstdlib>

namespace demo {

namespace {

void read(const char* name, std::string& value) {
    if (const char* text = std::getenv(name)) {
        value = text;
    }
}

void read(const char* name, int& value) {
    if (const char* text = std::getenv(name)) {
        value = std::atoi(text);
    }
}

void read(const char* name, std::chrono::milliseconds& value) {
    if (const char* text = std::getenv(name)) {
        value = std::chrono::milliseconds(std::atoi(text));
    }
}

}  // namespace

Settings settings_from_environment() {
    Settings settings;
    read("DEMO_PORT", settings.port);
    read("DEMO_VERSION", settings.version);
    read("DEMO_ERROR_PERCENT", settings.error_percent);
    read("DEMO_NOISE_PER_MILLE", settings.noise_per_mille);
    read("DEMO_LATENCY_MS", settings.latency);
    read("DEMO_START_DELAY_MS", settings.start_delay);
    read("DEMO_CRASH_AFTER_MS", settings.crash_after);
    read("DEMO_DRAIN_MS", settings.drain);
    read("DEMO_FINISH_MS", settings.finish);
    read("DEMO_LEAK_KIB_PER_SECOND", settings.leak_kib_per_second);
    int unready = 0;
    read("DEMO_UNREADY", unready);
    settings.unready = unready != 0;
    read("DEMO_CONFIG", settings.config_file);
    return settings;
}

}  // namespace demo
