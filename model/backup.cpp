// SPDX-License-Identifier: Apache-2.0
#include "model/backup.hpp"

#include "model/named.hpp"

namespace deployctl {

const char* to_text(BackupWhen when) {
    switch (when) {
        case BackupWhen::never: return "never";
        case BackupWhen::before_infra: return "before_infra";
        case BackupWhen::before_traffic: return "before_traffic";
    }
    return "";
}

std::optional<BackupWhen> read_backup_when(std::string_view text) {
    return read_name(
        text, std::array{BackupWhen::never, BackupWhen::before_infra, BackupWhen::before_traffic}
    );
}

bool is_made_in_cluster(const DatabaseSettings& settings) {
    return settings.volume_snapshot || !settings.cron_job.empty();
}

}  // namespace deployctl
