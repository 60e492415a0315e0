// SPDX-License-Identifier: Apache-2.0
// The ten categories of a readiness score, with the weights of the assessment that started it
// (hundredths of the whole). Constants.
#pragma once

#include <array>
#include <string_view>

namespace deployctl::readiness {

struct Category {
    std::string_view id;
    std::string_view title;
    int weight;
};

inline constexpr std::array<Category, 10> categories = {{
    {"containers", "Container orchestration", 15},
    {"network", "Network security", 12},
    {"storage", "Storage and backup", 10},
    {"monitoring", "Monitoring and observability", 15},
    {"cicd", "CI/CD pipeline", 12},
    {"iac", "Infrastructure as code", 10},
    {"environments", "Multi-environment", 8},
    {"recovery", "Disaster recovery", 8},
    {"scaling", "Auto-scaling", 5},
    {"cloud", "Cloud integration", 5},
}};

}  // namespace deployctl::readiness
