// SPDX-License-Identifier: Apache-2.0
#include "state/portable.hpp"

#include "documents/json.hpp"
#include "state/migrations.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace deployctl::state {

namespace {

constexpr std::string_view format_name = "deployctl.journal";

constexpr auto of_app = "target_id IN (SELECT id FROM targets WHERE ?1 = '' OR app = ?1)";
constexpr auto of_rollout_of_app =
    "rollout_id IN (SELECT r.id FROM rollouts r JOIN targets t ON t.id = r.target_id "
    "WHERE ?1 = '' OR t.app = ?1)";
constexpr auto of_operation_of_app =
    "operation_id IN (SELECT id FROM operations WHERE ?1 = '' OR app = ?1)";

constexpr std::array tables{
    PortableTable{"targets", "?1 = '' OR app = ?1", "id"},
    PortableTable{"anchors", of_app, "target_id"},
    PortableTable{"rollouts", of_app, "number"},
    PortableTable{"plans", of_rollout_of_app, "rollout_id"},
    PortableTable{"events", of_app, "target_id, seq"},
    PortableTable{"steps", of_rollout_of_app, "rollout_id, direction, idx"},
    PortableTable{"attempts", of_rollout_of_app, "n"},
    PortableTable{"gate_results", of_rollout_of_app, "id"},
    PortableTable{"causes", of_rollout_of_app, "rollout_id"},
    PortableTable{"requests", of_rollout_of_app, "id"},
    PortableTable{"approvals", of_rollout_of_app, "made_at, id"},
    PortableTable{"freezes", "?1 = '' OR app = ?1", "number"},
    PortableTable{"operations", "?1 = '' OR app = ?1", "number"},
    PortableTable{"operation_events", of_operation_of_app, "operation_id, seq"},
};

constexpr std::array numbers{
    LocalNumber{"targets", "id", "targets", "id"},
    LocalNumber{"anchors", "target_id", "targets", "id"},
    LocalNumber{"rollouts", "number", "rollouts", "number"},
    LocalNumber{"rollouts", "target_id", "targets", "id"},
    LocalNumber{"events", "target_id", "targets", "id"},
    LocalNumber{"attempts", "n", "attempts", "n"},
    LocalNumber{"gate_results", "id", "gate_results", "id"},
    LocalNumber{"requests", "id", "requests", "id"},
    LocalNumber{"freezes", "number", "freezes", "number"},
    LocalNumber{"operations", "number", "operations", "number"},
};

/// Over all lines so far.
std::string digest_with(const std::string& digest, const std::string& line) {
    return documents::sha256_hex(digest + "\n" + line);
}

std::optional<std::size_t> table_named(const std::string& name) {
    const auto found = std::ranges::find(
        tables, name, [](const PortableTable& table) -> std::string_view { return table.name; }
    );
    return found == tables.end() ? std::nullopt
                                 : std::optional<std::size_t>(found - tables.begin());
}

/// Takes the lines of one file in order.
class LineReader {
public:
    explicit LineReader(const std::filesystem::path& file) : file_(file) {}

    /// The row of the line; nothing where it is the first or the last one.
    std::optional<ExportLine> take(const std::string& line) {
        ++number_;
        if (has_ended_) {
            refuse("stands behind the end");
        }
        const auto value = documents::try_read_json(line);
        if (!value || !value->is_object()) {
            refuse(number_ == 1 ? "this is no export of a journal" : "is no JSON");
        }
        if (number_ == 1) {
            check_head(*value);
        } else if (value->has("/end")) {
            check_end(*value);
        } else {
            auto row = row_of(*value);
            digest_ = digest_with(digest_, line);
            return row;
        }
        digest_ = digest_with(digest_, line);
        return std::nullopt;
    }

    void finish() {
        if (!has_ended_) {
            ++number_;
            refuse("is missing: the file was cut off");
        }
    }

private:
    [[noreturn]] void refuse(const std::string& what) const {
        throw bad_line(file_, number_, what);
    }

    void check_head(const Value& head) const {
        if (head.text("/format") != format_name) {
            refuse("this is no export of a journal");
        }
        const auto version = head.number("/v");
        const auto schema = head.number("/schema");
        const auto known = static_cast<std::int64_t>(all_migrations().size());
        if (version > export_version || schema > known) {
            refuse(
                "written by a newer deployctl " + head.text("/program") + ": format " +
                std::to_string(version) + " of schema " + std::to_string(schema) +
                ", this one knows " + std::to_string(export_version) + " and " +
                std::to_string(known)
            );
        }
    }

    void check_end(const Value& end) {
        if (end.number("/end/lines") != number_ - 1 || end.text("/end/digest") != digest_) {
            refuse("the lines before it are not those that were written: changed, lost or added");
        }
        has_ended_ = true;
    }

    ExportLine row_of(const Value& line) {
        const auto table = table_named(line.text("/table"));
        if (!table || !line.at("/row").is_object()) {
            refuse("is no row of a table that this deployctl knows");
        }
        if (*table < table_) {
            refuse(std::string("a row of ") + tables[*table].name + " in the wrong place");
        }
        table_ = *table;
        return {number_, table_, line.at("/row")};
    }

    const std::filesystem::path& file_;
    std::int64_t number_ = 0;
    std::size_t table_ = 0;
    std::string digest_;
    bool has_ended_ = false;
};

/// It is read twice, so it has to be a file.
void need_readable(const std::filesystem::path& file) {
    std::error_code failure;
    const auto status = std::filesystem::status(file, failure);
    std::string why;
    if (std::filesystem::is_directory(status)) {
        why = "it is a folder";
    } else if (::access(file.c_str(), R_OK) != 0) {
        why = std::generic_category().message(errno);
    } else if (!std::filesystem::is_regular_file(status)) {
        why = "it is a device, pipe or socket";
    } else {
        return;
    }
    throw Error(
        ExitCode::usage,
        "the export " + file.string() + " cannot be read: " + why,
        "name a file that `deployctl state export FILE` wrote; nothing was imported"
    );
}

}  // namespace

std::span<const PortableTable> portable_tables() {
    return tables;
}

std::span<const LocalNumber> local_numbers() {
    return numbers;
}

void LineWriter::begin() {
    write(Value::map({
        {"format", format_name},
        {"program", program_version()},
        {"schema", all_migrations().size()},
        {"v", export_version},
    }));
}

void LineWriter::write(const Value& line) {
    const auto text = documents::write_json(line);
    digest_ = digest_with(digest_, text);
    ++lines_;
    out_ << text << '\n';
}

void LineWriter::end() {
    const auto end = Value::map({{"digest", digest_}, {"lines", lines_}});
    out_ << documents::write_json(Value::map({{"end", end}})) << '\n';
    out_.flush();
}

void read_export(
    const std::filesystem::path& file, const std::function<void(const ExportLine&)>& visit
) {
    need_readable(file);
    std::ifstream stream(file, std::ios::binary);
    LineReader reader(file);
    for (std::string line; std::getline(stream, line);) {
        if (const auto row = reader.take(line)) {
            visit(*row);
        }
    }
    reader.finish();
}

Error bad_line(const std::filesystem::path& file, std::int64_t line, const std::string& what) {
    return Error(
        ExitCode::state_unreadable,
        "the export " + file.string() + ", line " + std::to_string(line) + ": " + what,
        "nothing was imported; export it anew from where it came"
    );
}

}  // namespace deployctl::state
