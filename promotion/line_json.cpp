// SPDX-License-Identifier: Apache-2.0
#include "promotion/line_json.hpp"

#include "model/error.hpp"
#include "model/named.hpp"
#include "promotion/course.hpp"

namespace deployctl::promotion {

namespace {

Value to_value(const Leg& leg) {
    return Value::map({
        {"name", leg.name},
        {"environment", leg.place.environment},
        {"cluster", leg.place.cluster},
        {"context", leg.place.context},
        {"namespace", leg.place.kube_namespace},
        {"dir", leg.dir},
        {"app", leg.app},
        {"digest", leg.digest},
        {"needs", lines_value(leg.needs)},
        {"soak", deployctl::to_text(leg.soak)},
        {"goes_back", lines_value(leg.goes_back)},
    });
}

Leg read_leg(const Value& value) {
    return {
        value.text("/name"),
        {
            value.text("/environment"),
            value.text("/cluster"),
            value.text("/context"),
            value.text("/namespace"),
        },
        value.text("/dir"),
        value.text("/app"),
        value.text("/digest"),
        read_lines(value.at("/needs")),
        read_duration(value.text("/soak")).value_or(Duration::zero()),
        read_lines(value.at("/goes_back")),
    };
}

const char* to_text(Note::Kind kind) {
    switch (kind) {
        case Note::Kind::began: return "leg.began";
        case Note::Kind::stood: return "leg.stood";
        case Note::Kind::failed: return "leg.failed";
        case Note::Kind::going_back: return "leg.going_back";
        case Note::Kind::came_back: return "leg.came_back";
        case Note::Kind::did_not: return "leg.did_not_come_back";
        case Note::Kind::gates_passed: return "gates.passed";
        case Note::Kind::gates_failed: return "gates.failed";
    }
    return "";
}

std::optional<Note::Kind> read_kind(std::string_view text) {
    using enum Note::Kind;
    for (const auto kind :
         {began, stood, failed, going_back, came_back, did_not, gates_passed, gates_failed}) {
        if (text == to_text(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

}  // namespace

Value to_value(const Line& line) {
    Value::Array legs;
    for (const auto& leg : line.legs) {
        legs.push_back(to_value(leg));
    }
    return Value::map({
        {"kind", to_text(line.kind)},
        {"name", line.name},
        {"version", line.version},
        {"source", line.source},
        {"strategy", line.strategy ? Value(deployctl::to_text(*line.strategy)) : Value()},
        {"legs", std::move(legs)},
        {"gates", lines_value(line.gates)},
    });
}

Line read_line(const Value& value) {
    const auto kind = read_line_kind(value.text("/kind"));
    if (!kind) {
        throw Error(
            ExitCode::state_unreadable,
            "the journal's record of this operation is damaged: it says no line",
            "deployctl state check"
        );
    }
    Line line;
    line.kind = *kind;
    line.name = value.text("/name");
    line.version = value.text("/version");
    line.source = value.text("/source");
    line.strategy = read_strategy(value.text("/strategy"));
    for (const auto& leg : value.items("/legs")) {
        line.legs.push_back(read_leg(leg));
    }
    line.gates = read_lines(value.at("/gates"));
    return line;
}

OperationEvent to_event(const Note& note) {
    OperationEvent event;
    event.type = to_text(note.kind);
    event.data = Value::map({
        {"leg", note.leg},
        {"rollout", note.rollout},
        {"exit", static_cast<int>(note.exit)},
        {"why", note.why},
    });
    return event;
}

std::optional<Note> read_note(const OperationEvent& event) {
    const auto kind = read_kind(event.type);
    if (!kind) {
        return std::nullopt;
    }
    return Note{
        *kind,
        event.data.text("/leg"),
        event.data.text("/rollout"),
        static_cast<ExitCode>(event.data.number("/exit")),
        event.data.text("/why"),
    };
}

}  // namespace deployctl::promotion
