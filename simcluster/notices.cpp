// SPDX-License-Identifier: Apache-2.0
#include "simcluster/notices.hpp"

namespace deployctl::simcluster {

void Notices::warn(const Value& about, const std::string& reason, const std::string& message) {
    const auto name = about.text("/metadata/name");
    const auto now = to_rfc3339(sim_.clock.server_time());
    for (const auto* known : sim_.objects.all(Kind::event)) {
        const bool is_same = known->text("/involvedObject/name") == name &&
                             known->text("/reason") == reason && known->text("/message") == message;
        if (is_same) {
            auto next = *known;
            next.set("/count", known->number("/count") + 1);
            next.set("/lastTimestamp", now);
            sim_.objects.replace(ref_of(Kind::event, *known), std::move(next));
            return;
        }
    }
    const ObjectRef ref{
        Kind::event, about.text("/metadata/namespace"), name + "." + std::to_string(++serial_)
    };
    sim_.objects.insert(
        ref,
        Value::map({
            {"type", "Warning"},
            {"reason", reason},
            {"message", message},
            {"count", 1},
            {"firstTimestamp", now},
            {"lastTimestamp", now},
            {"involvedObject",
             Value::map({
                 {"kind", about.at("/kind")},
                 {"name", name},
                 {"namespace", about.at("/metadata/namespace")},
                 {"uid", about.at("/metadata/uid")},
             })},
        })
    );
}

}  // namespace deployctl::simcluster
