// SPDX-License-Identifier: Apache-2.0
#include "readiness/audit_gap.hpp"

#include "readiness/audit_document.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::readiness {

namespace {

struct Vocabulary {
    std::string_view category;
    std::array<std::string_view, 8> words;
};

/// By which a row of a report is known, whatever its exact title.
constexpr std::array<Vocabulary, 10> vocabularies = {{
    {"containers", {"container", "containers", "docker", "kubernetes", "orchestration"}},
    {"network", {"network", "networking", "security"}},
    {"storage", {"storage", "backup", "backups", "volumes"}},
    {"monitoring", {"monitoring", "observability", "alerting", "logging"}},
    {"cicd", {"ci", "cd", "cicd", "pipeline", "delivery"}},
    {"iac", {"code", "iac", "terraform"}},
    {"environments", {"environment", "environments", "multi", "staging"}},
    {"recovery", {"recovery", "disaster", "dr", "continuity", "availability"}},
    {"scaling", {"scaling", "autoscaling", "auto", "scalability"}},
    {"cloud", {"cloud", "aws", "gcp", "azure", "provider"}},
}};

std::int64_t likeness(const AuditedRow& row, const Vocabulary& vocabulary) {
    return std::ranges::count_if(words_of(row.category), [&](const std::string& word) {
        return std::ranges::find(vocabulary.words, word) != vocabulary.words.end();
    });
}

/// The category that a row is about; none where no word tells.
std::string_view category_of(const AuditedRow& row) {
    const auto best = std::ranges::max_element(vocabularies, {}, [&](const Vocabulary& one) {
        return likeness(row, one);
    });
    return likeness(row, *best) > 0 ? best->category : std::string_view();
}

std::optional<std::int64_t> claimed_by(const AuditedRow& row) {
    return row.score ? std::optional(row.score->units / 100) : std::nullopt;
}

}  // namespace

std::vector<CategoryGap> gaps_between(const Audit& audit, const Assessment& measured) {
    std::vector<CategoryGap> gaps;
    for (const auto& category : measured.categories) {
        CategoryGap gap{std::string(category.title), "", std::nullopt, category.score};
        for (const auto& row : audit.rows) {
            if (category_of(row) == category.id && gap.claimed_as.empty()) {
                gap.claimed_as = row.category;
                gap.claimed = claimed_by(row);
            }
        }
        gaps.push_back(std::move(gap));
    }
    for (const auto& row : audit.rows) {
        const auto used = std::ranges::find(gaps, row.category, &CategoryGap::claimed_as);
        if (used == gaps.end()) {
            gaps.push_back({"", row.category, claimed_by(row), std::nullopt});
        }
    }
    return gaps;
}

}  // namespace deployctl::readiness
