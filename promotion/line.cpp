// SPDX-License-Identifier: Apache-2.0
#include "promotion/line.hpp"

#include "model/image.hpp"
#include "model/named.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::promotion {

namespace {

std::string where(const Leg& leg) {
    const auto& place = leg.place;
    const auto context = place.context.empty() ? std::string("current context") : place.context;
    const auto kube_namespace = place.kube_namespace.empty() ? "default" : place.kube_namespace;
    return leg.app + " on " + context + "/" + kube_namespace;
}

std::string conditions(const Leg& leg) {
    std::string text;
    if (!leg.needs.empty()) {
        text += "; after " + join(leg.needs, ", ");
    }
    if (!leg.needs.empty() && leg.soak > Duration::zero()) {
        text += leg.needs.size() == 1 ? ", which has stood for " : ", which have stood for ";
        text += deployctl::to_text(leg.soak);
    }
    if (!leg.goes_back.empty()) {
        text += "; if it fails, back: " + join(leg.goes_back, ", ");
    }
    return text;
}

std::string version_of(const Line& line) {
    const auto same = [&line](const Leg& leg) { return leg.digest == line.legs.front().digest; };
    const bool has_one = !line.legs.empty() && std::ranges::all_of(line.legs, same);
    const auto digest = has_one ? line.legs.front().digest : "";
    return digest.empty() ? line.version : line.version + " (" + short_digest(digest) + ")";
}

std::string source_of(const Line& line) {
    if (line.kind != LineKind::promotion) {
        return "";
    }
    return line.source.empty() ? ", from the registry" : ", as it stands in " + line.source;
}

}  // namespace

std::string name_of(const Place& place) {
    return place.cluster.empty() ? place.environment : place.environment + "/" + place.cluster;
}

const char* to_text(LineKind kind) {
    switch (kind) {
        case LineKind::promotion: return "promotion";
        case LineKind::waves: return "waves";
        case LineKind::group: return "group";
    }
    return "";
}

std::optional<LineKind> read_line_kind(std::string_view text) {
    return read_name(text, std::array{LineKind::promotion, LineKind::waves, LineKind::group});
}

const Leg* find_leg(const Line& line, std::string_view name) {
    const auto found = std::ranges::find(line.legs, name, &Leg::name);
    return found == line.legs.end() ? nullptr : &*found;
}

std::string to_text(const Draft& draft) {
    const auto& line = draft.line;
    auto text = std::string(to_text(line.kind)) + " of " + line.name + " " + version_of(line) +
                source_of(line) + "\n";
    for (const auto& place : draft.already) {
        text += "  =  " + place + " has it already\n";
    }
    int number = 0;
    for (const auto& leg : line.legs) {
        text += "  " + std::to_string(++number) + "  " + leg.name + "  " + where(leg) +
                conditions(leg) + "\n";
    }
    if (!line.gates.empty()) {
        text +=
            "  then the gates " + join(line.gates, ", ") + "; if one fails, all of it goes back\n";
    }
    for (const auto& warning : draft.warnings) {
        text += "  ?  " + warning + "\n";
    }
    for (const auto& refusal : draft.refusals) {
        text += "  !  " + refusal + "\n";
    }
    return text;
}

}  // namespace deployctl::promotion
