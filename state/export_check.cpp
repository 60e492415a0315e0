// SPDX-License-Identifier: Apache-2.0
#include "state/export_check.hpp"

#include "documents/json.hpp"
#include "state/cell_check.hpp"
#include "state/chain.hpp"
#include "state/operation_chain.hpp"
#include "state/portable.hpp"
#include "state/statement.hpp"

#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace deployctl::state {

namespace {

class ChainCheck {
public:
    explicit ChainCheck(const std::filesystem::path& exported) : exported_(exported) {}

    void visit(const ExportLine& line) {
        check_cells(line);
        for (const auto& [table, take] : readers) {
            if (table == portable_tables()[line.table].name) {
                (this->*take)(line);
            }
        }
    }

    void finish() {
        for (auto& [target, found] : targets_) {
            std::vector<std::string> faults;
            walk_of(found).end(faults);
            refuse(found.line, faults);
        }
        for (const auto& [id, found] : operations_) {
            std::vector<std::string> faults;
            found.walk.end(faults);
            refuse(found.line, faults);
        }
    }

private:
    struct Found {
        std::int64_t line = 0;
        Chain chain;
        std::optional<ChainWalk> walk = {};
    };

    struct FoundOperation {
        std::int64_t line = 0;
        OperationWalk walk;
    };

    void check_cells(const ExportLine& line) const {
        for (const auto& [column, cell] : line.row.members()) {
            const auto fault = fault_in_cell(column, cell);
            if (!fault.empty()) {
                const std::string table = portable_tables()[line.table].name;
                throw bad_line(exported_, line.number, table + "." + column + " " + fault);
            }
        }
    }

    void take_target(const ExportLine& line) {
        const auto& row = line.row;
        const auto id = row.number("/id");
        const Mark head{row.number("/last_seq"), row.text("/last_hash")};
        targets_[id] = {line.number, {id, row.text("/app"), {}, head}};
    }

    void take_anchor(const ExportLine& line) {
        target_of(line).chain.anchor = {line.row.number("/seq"), line.row.text("/hash")};
    }

    void take_event(const ExportLine& line) {
        const auto& row = line.row;
        Link link;
        link.event.seq = row.number("/seq");
        link.event.rollout = row.text("/rollout_id");
        link.event.type = row.text("/kind");
        if (!row.at("/step_idx").is_null()) {
            link.event.step = static_cast<int>(row.number("/step_idx"));
        }
        link.event.data = documents::read_json(row.text("/body_json"));
        link.moment.wall = to_wall_time(row.number("/ts_wall"));
        link.moment.boot.since_boot = Duration(row.number("/ts_boot"));
        link.moment.boot_id = row.text("/boot_id");
        link.actor = row.text("/actor");
        link.previous = row.text("/prev_hash");
        std::vector<std::string> faults;
        walk_of(target_of(line)).visit(link, row.text("/hash"), faults);
        refuse(line.number, faults);
    }

    void take_operation(const ExportLine& line) {
        operations_.insert_or_assign(
            line.row.text("/id"), FoundOperation{line.number, OperationWalk(line.row)}
        );
    }

    void take_operation_event(const ExportLine& line) {
        const auto found = operations_.find(line.row.text("/operation_id"));
        if (found == operations_.end()) {
            throw bad_line(exported_, line.number, "its operation is not in the file");
        }
        std::vector<std::string> faults;
        found->second.walk.visit(line.row, faults);
        refuse(line.number, faults);
    }

    Found& target_of(const ExportLine& line) {
        const auto found = targets_.find(line.row.number("/target_id"));
        if (found == targets_.end()) {
            throw bad_line(exported_, line.number, "its target is not in the file");
        }
        return found->second;
    }

    /// The anchor stands between the target and its events.
    static ChainWalk& walk_of(Found& found) {
        if (!found.walk) {
            found.walk.emplace(found.chain, std::numeric_limits<std::int64_t>::max());
        }
        return *found.walk;
    }

    void refuse(std::int64_t line, const std::vector<std::string>& faults) const {
        if (!faults.empty()) {
            throw bad_line(exported_, line, faults.front());
        }
    }

    using Take = void (ChainCheck::*)(const ExportLine& line);

    static constexpr std::array<std::pair<std::string_view, Take>, 5> readers{{
        {"targets", &ChainCheck::take_target},
        {"anchors", &ChainCheck::take_anchor},
        {"events", &ChainCheck::take_event},
        {"operations", &ChainCheck::take_operation},
        {"operation_events", &ChainCheck::take_operation_event},
    }};

    const std::filesystem::path& exported_;
    std::map<std::int64_t, Found> targets_;
    std::map<std::string, FoundOperation> operations_;
};

}  // namespace

void check_export(const std::filesystem::path& exported) {
    ChainCheck check(exported);
    read_export(exported, [&](const ExportLine& line) { check.visit(line); });
    check.finish();
}

}  // namespace deployctl::state
