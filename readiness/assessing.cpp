// SPDX-License-Identifier: Apache-2.0
#include "readiness/assessing.hpp"

#include "readiness/evaluation.hpp"
#include "readiness/live.hpp"
#include "readiness/recognition.hpp"
#include "readiness/redaction.hpp"
#include "readiness/waivers.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace deployctl::readiness {

namespace {

constexpr const char* rendered_kind = "kubernetes";  // of overlays, charts and the cluster

std::int64_t lines_of(const AssessedFile& file) {
    const auto source = file.tree.source();
    const auto ends = std::count(source.begin(), source.end(), '\n');
    return ends + (source.empty() || source.back() == '\n' ? 0 : 1);
}

/// What inputs have made of files is no file.
void count_file(const AssessedFile& file, Coverage& coverage) {
    const bool is_readable = file.trouble.what.empty();
    if (file.kind == unrecognised) {
        return;
    }
    // A list of the cluster is looked at as a file is.
    const bool is_made = !file.rendering.empty() && file.rendering != live_rendering;
    if (is_made && is_readable) {
        coverage.rendered += file.kind == rendered_kind ? 1 : 0;
        return;
    }
    const bool counts = is_readable || !is_of_whole_cluster(file);
    coverage.recognised += counts ? 1 : 0;
    if (is_readable) {
        ++coverage.read;
        coverage.lines += file.rendering.empty() ? lines_of(file) : 0;
    } else {
        const auto& name = file.rendering.empty() ? file.path : file.rendering;
        // What a tool says of a file may repeat what stands in it.
        coverage.unread.push_back({name, redacted(file.trouble.what), file.trouble.spot});
    }
}

void count_kinds(const Facts& facts, Coverage& coverage) {
    std::map<std::string, int> kinds;
    for (const auto& file : facts.files()) {
        if (file.kind != unrecognised && file.rendering.empty()) {
            ++kinds[file.kind];
        }
    }
    coverage.by_kind.assign(kinds.begin(), kinds.end());
}

Coverage coverage_of(const Walk& walk, const Facts& facts) {
    Coverage coverage;
    coverage.seen = static_cast<int>(walk.files.size() + walk.unreadable.size());
    for (const auto& file : facts.files()) {
        count_file(file, coverage);
    }
    for (const auto& left : walk.skipped) {
        coverage.skipped.push_back(left.path + ": " + left.why);
    }
    count_kinds(facts, coverage);
    return coverage;
}

void add_all(std::vector<AssessedFile> files, Facts& facts) {
    for (auto& file : files) {
        facts.add(std::move(file));
    }
}

/// A folder that nobody may open is a file that cannot be read.
void add_unreadable(const Walk& walk, Facts& facts) {
    for (const auto& left : walk.unreadable) {
        facts.add(unread_file(left.path, left.why));
    }
}

}  // namespace

Task<Assessment> assess(ReadTree read, AssessmentOrder order) {
    auto facts = std::make_shared<Facts>(std::move(order.settings));
    add_all(recognise(std::move(read.loaded)), *facts);
    add_unreadable(read.walk, *facts);
    auto rendered = co_await render(facts.get(), order.tools);
    add_all(std::move(rendered), *facts);
    add_all(std::move(order.live), *facts);
    gather_subjects(*facts);
    auto assessment = ask_rules(facts, order.pack);
    assessment.coverage = coverage_of(read.walk, *facts);
    apply_waivers(assessment, order.now);
    count_points(assessment);
    co_return assessment;
}

}  // namespace deployctl::readiness
