// SPDX-License-Identifier: Apache-2.0
#include "readiness/delta.hpp"

#include "readiness/evaluation.hpp"
#include "readiness/movement.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace deployctl::readiness {

namespace {

bool is_open(const RecordedFinding& finding) {
    return finding.outcome == Outcome::fail;
}

bool had_failed(const RecordedFinding& finding) {
    return finding.outcome == Outcome::fail || finding.outcome == Outcome::waived;
}

Change change_of_failure(const RecordedFinding* before) {
    if (before != nullptr && before->outcome == Outcome::waived) {
        return Change::waiver_expired;
    }
    return before != nullptr && is_open(*before) ? Change::still : Change::appeared;
}

/// `before` is null where there was none.
std::optional<Change> change_between(const RecordedFinding* before, const RecordedFinding& now) {
    if (now.outcome == Outcome::fail) {
        return change_of_failure(before);
    }
    if (before == nullptr) {
        return std::nullopt;
    }
    switch (now.outcome) {
        case Outcome::not_assessed:
            return before->outcome == Outcome::not_assessed
                       ? std::nullopt
                       : std::optional(Change::no_longer_assessed);
        case Outcome::waived:
            return is_open(*before) ? std::optional(Change::waived) : std::nullopt;
        default: return had_failed(*before) ? std::optional(Change::fixed) : std::nullopt;
    }
}

class Comparing {
public:
    Comparing(const Recorded& before, const Recorded& now)
        : before_(before), now_(now), old_(by_key(before)), new_(by_key(now)) {
        for (const auto* record : {&before, &now}) {
            for (const auto& rule : record->rules) {
                titles_[rule.id] = rule.title;
            }
        }
        for (const auto& rule : now.rules) {
            rules_.insert(rule.id);
        }
    }

    std::vector<DeltaRow> rows() {
        for (const auto& [key, finding] : new_) {
            const auto found = old_.find(key);
            const auto* old = found == old_.end() ? nullptr : found->second;
            if (const auto change = change_between(old, *finding)) {
                add(*change, key, old, finding);
            }
        }
        for (const auto& [key, finding] : old_) {
            if (!new_.contains(key) && rules_.contains(key.rule)) {
                const bool is_there = now_.objects.contains(key.object);
                add(is_there ? Change::no_longer_asked : Change::removed, key, finding, nullptr);
            }
        }
        std::ranges::stable_sort(rows_, {}, [](const DeltaRow& row) {
            return std::tie(row.change, row.rule, row.object);
        });
        return std::move(rows_);
    }

private:
    void add(
        Change change, const FindingKey& key, const RecordedFinding* old, const RecordedFinding* now
    ) {
        DeltaRow row;
        row.change = change;
        row.rule = key.rule;
        row.title = titles_[key.rule];
        row.object = key.object;
        row.where = now != nullptr ? now->where : old->where;
        row.before = old != nullptr ? old->observed : "";
        row.now = now != nullptr ? now->observed : "";
        const auto name = std::pair(key.rule, key.object);
        row.blocks = now != nullptr && is_open(*now) && now_.blockers.contains(name) &&
                     !before_.blockers.contains(name);
        rows_.push_back(std::move(row));
    }

    const Recorded& before_;
    const Recorded& now_;
    std::map<FindingKey, const RecordedFinding*> old_;
    std::map<FindingKey, const RecordedFinding*> new_;
    std::map<std::string, std::string> titles_;
    std::set<std::string> rules_;
    std::vector<DeltaRow> rows_;
};

RuleResult* result_of(Assessment& assessment, std::string_view id) {
    const auto found = std::ranges::find(assessment.results, id, [](const RuleResult& result) {
        return std::string_view(result.rule->id);
    });
    return found == assessment.results.end() ? nullptr : &*found;
}

/// What is there, by its name, whether a rule asks about it or not.
std::set<std::string_view> objects_of(const Assessment& assessment) {
    std::set<std::string_view> objects;
    for (const auto& subject : assessment.facts->subjects()) {
        objects.insert(subject.path);
    }
    return objects;
}

bool is_there(
    const RecordedFinding& finding, const std::set<std::string_view>& objects, const Facts& facts
) {
    return objects.contains(finding.object) ||
           (!finding.is_subject && facts.file(finding.object) != nullptr);
}

}  // namespace

Delta compare(const Recorded& before, const Recorded& now) {
    Delta delta;
    delta.rows = Comparing(before, now).rows();
    delta.rules_differ = before.rules_digest != now.rules_digest;
    delta.weights_differ = before.weights_digest != now.weights_digest;
    delta.movement = movement_between(before, now);
    return delta;
}

std::int64_t how_many(const Delta& delta, Change change) {
    return std::ranges::count(delta.rows, change, &DeltaRow::change);
}

std::int64_t new_blockers(const Delta& delta) {
    return std::ranges::count(delta.rows, true, &DeltaRow::blocks);
}

void count_removed(Assessment& assessment, const Recorded& baseline) {
    const auto objects = objects_of(assessment);
    for (const auto& rule : baseline.rules) {
        auto* result = result_of(assessment, rule.id);
        if (result == nullptr) {
            continue;
        }
        for (const auto& old : rule.findings) {
            if (is_there(old, objects, *assessment.facts)) {
                continue;
            }
            Finding gone;
            gone.place.file = old.object;
            gone.observed = "it was there in the baseline, and is gone";
            gone.count = old.count;
            result->findings.push_back(std::move(gone));
        }
    }
    count_points(assessment);
}

}  // namespace deployctl::readiness
