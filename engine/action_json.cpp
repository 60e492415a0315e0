// SPDX-License-Identifier: Apache-2.0
#include "engine/action_json.hpp"

#include "engine/spans.hpp"
#include "model/error.hpp"

#include <array>

namespace deployctl::engine {

namespace {

Value optional_number(const std::optional<int>& number) {
    return number ? Value(*number) : Value();
}

std::optional<int> read_optional(const Value& value, const Pointer& place) {
    return value.at(place).is_null() ? std::nullopt
                                     : std::optional(static_cast<int>(value.number(place)));
}

Slot read_slot(const Value& value) {
    const auto text = value.text("/slot");
    for (const auto one : {Slot::stable, Slot::baseline}) {
        if (text == to_text(one)) {
            return one;
        }
    }
    return Slot::candidate;
}

Version read_version(const Value& value) {
    return value.text("/version") == to_text(Version::previous) ? Version::previous : Version::next;
}

Pointing read_pointing(const Value& value) {
    const auto text = value.text("/to");
    for (const auto one : {Pointing::stable, Pointing::candidate}) {
        if (text == to_text(one)) {
            return one;
        }
    }
    return Pointing::original;
}

struct Writer {
    Value operator()(const RecordSnapshot&) const {
        return Value::map({{"do", "record_snapshot"}});
    }

    Value operator()(const HoldAutoscaler& action) const {
        return Value::map(
            {{"do", "hold_autoscaler"}, {"name", action.name}, {"replicas", action.replicas}}
        );
    }

    Value operator()(const MoveAutoscaler& action) const {
        return Value::map(
            {{"do", "move_autoscaler"}, {"name", action.name}, {"replicas", action.replicas}}
        );
    }

    Value operator()(const ReleaseAutoscaler& action) const {
        return Value::map({{"do", "release_autoscaler"}, {"name", action.name}});
    }

    Value operator()(const CreateCandidate&) const {
        return Value::map({{"do", "create_candidate"}});
    }

    Value operator()(const CreatePreviewService& action) const {
        return Value::map(
            {{"do", "create_preview_service"}, {"name", action.name}, {"like", action.like}}
        );
    }

    Value operator()(const PointService& action) const {
        return Value::map(
            {{"do", "point_service"}, {"service", action.service}, {"to", to_text(action.to)}}
        );
    }

    Value operator()(const Scale& action) const {
        return Value::map(
            {{"do", "scale"}, {"slot", to_text(action.slot)}, {"replicas", action.replicas}}
        );
    }

    Value operator()(const WriteTemplate& action) const {
        return Value::map({
            {"do", "write_template"},
            {"version", to_text(action.version)},
            {"replicas", optional_number(action.replicas)},
        });
    }

    Value operator()(const AwaitReady& action) const {
        return Value::map({
            {"do", "await_ready"},
            {"slot", to_text(action.slot)},
            {"replicas", optional_number(action.replicas)},
        });
    }

    Value operator()(const AwaitWeight& action) const {
        return Value::map({{"do", "await_weight"}, {"weight", to_value(action.weight)}});
    }

    Value operator()(const AwaitEndpoints& action) const {
        return Value::map(
            {{"do", "await_endpoints"}, {"service", action.service}, {"to", to_text(action.to)}}
        );
    }

    Value operator()(const Hold& action) const {
        auto hold = Value::map({{"do", "hold"}, {"microseconds", action.duration.count()}});
        if (action.early) {
            hold.set("/early", true);
        }
        return hold;
    }

    Value operator()(const PassGates& action) const {
        return Value::map(
            {{"do", "pass_gates"}, {"gates", Value::Array(action.gates.begin(), action.gates.end())}
            }
        );
    }

    Value operator()(const AwaitApproval& action) const {
        return Value::map({{"do", "await_approval"}, {"name", action.name}});
    }

    Value operator()(const Drain& action) const {
        return Value::map({{"do", "drain"}, {"microseconds", action.duration.count()}});
    }

    Value operator()(const RetireCandidate&) const {
        return Value::map({{"do", "retire_candidate"}});
    }

    Value operator()(const VerifyOutcome& action) const {
        return Value::map({{"do", "verify_outcome"}, {"version", to_text(action.version)}});
    }

    Value operator()(const CreateBaseline&) const {
        return Value::map({{"do", "create_baseline"}});
    }

    Value operator()(const RetireBaseline&) const {
        return Value::map({{"do", "retire_baseline"}});
    }

    Value operator()(const RunTask& action) const {
        return Value::map({{"do", "run_task"}, {"task", action.task}});
    }

    Value operator()(const CopyConfig&) const { return Value::map({{"do", "copy_config"}}); }

    Value operator()(const ApplyObject& action) const {
        return Value::map({{"do", "apply_object"}, {"object", action.object}});
    }

    Value operator()(const RemoveObject& action) const {
        return Value::map({{"do", "remove_object"}, {"object", action.object}});
    }

    Value operator()(const RestoreObject& action) const {
        return Value::map({{"do", "restore_object"}, {"object", action.object}});
    }
};

struct Reader {
    const char* name;
    Action (*read)(const Value&);
};

Action read_gates(const Value& value) {
    PassGates action;
    for (const auto& gate : value.items("/gates")) {
        action.gates.push_back(gate.text(""));
    }
    return action;
}

constexpr std::array readers{
    Reader{"record_snapshot", [](const Value&) -> Action { return RecordSnapshot{}; }},
    Reader{
        "hold_autoscaler",
        [](const Value& v) -> Action {
            return HoldAutoscaler{v.text("/name"), read_int(v, "/replicas")};
        }
    },
    Reader{
        "move_autoscaler",
        [](const Value& v) -> Action {
            return MoveAutoscaler{v.text("/name"), read_int(v, "/replicas")};
        }
    },
    Reader{
        "release_autoscaler",
        [](const Value& v) -> Action { return ReleaseAutoscaler{v.text("/name")}; }
    },
    Reader{"create_candidate", [](const Value&) -> Action { return CreateCandidate{}; }},
    Reader{
        "create_preview_service",
        [](const Value& v) -> Action {
            return CreatePreviewService{v.text("/name"), v.text("/like")};
        }
    },
    Reader{
        "point_service",
        [](const Value& v) -> Action { return PointService{v.text("/service"), read_pointing(v)}; }
    },
    Reader{
        "scale",
        [](const Value& v) -> Action { return Scale{read_slot(v), read_int(v, "/replicas")}; }
    },
    Reader{
        "write_template",
        [](const Value& v) -> Action {
            return WriteTemplate{read_version(v), read_optional(v, "/replicas")};
        }
    },
    Reader{
        "await_ready",
        [](const Value& v) -> Action {
            return AwaitReady{read_slot(v), read_optional(v, "/replicas")};
        }
    },
    Reader{
        "await_weight",
        [](const Value& v) -> Action { return AwaitWeight{read_weight(v.at("/weight"))}; }
    },
    Reader{
        "await_endpoints",
        [](const Value& v) -> Action {
            return AwaitEndpoints{v.text("/service"), read_pointing(v)};
        }
    },
    Reader{
        "hold",
        [](const Value& v) -> Action {
            return Hold{read_span(v, "/microseconds"), v.flag("/early")};
        }
    },
    Reader{"pass_gates", read_gates},
    Reader{
        "await_approval", [](const Value& v) -> Action { return AwaitApproval{v.text("/name")}; }
    },
    Reader{"drain", [](const Value& v) -> Action { return Drain{read_span(v, "/microseconds")}; }},
    Reader{"retire_candidate", [](const Value&) -> Action { return RetireCandidate{}; }},
    Reader{
        "verify_outcome", [](const Value& v) -> Action { return VerifyOutcome{read_version(v)}; }
    },
    Reader{"create_baseline", [](const Value&) -> Action { return CreateBaseline{}; }},
    Reader{"retire_baseline", [](const Value&) -> Action { return RetireBaseline{}; }},
    Reader{"run_task", [](const Value& v) -> Action { return RunTask{v.text("/task")}; }},
    Reader{"copy_config", [](const Value&) -> Action { return CopyConfig{}; }},
    Reader{"apply_object", [](const Value& v) -> Action { return ApplyObject{v.text("/object")}; }},
    Reader{
        "remove_object", [](const Value& v) -> Action { return RemoveObject{v.text("/object")}; }
    },
    Reader{
        "restore_object", [](const Value& v) -> Action { return RestoreObject{v.text("/object")}; }
    },
};

}  // namespace

Value to_value(const Action& action) {
    return std::visit(Writer{}, action);
}

Action read_action(const Value& value) {
    const auto name = value.text("/do");
    for (const auto& reader : readers) {
        if (name == reader.name) {
            return reader.read(value);
        }
    }
    throw Error(
        ExitCode::state_unreadable,
        "the plan has an action `" + name + "` that this deployctl does not know",
        "use the deployctl that began the rollout, or a newer one"
    );
}

Value to_value(const WeightRow& weight) {
    auto value = Value::map({
        {"asked", weight.asked},
        {"achieved", weight.achieved},
        {"stable", weight.stable},
        {"candidate", weight.candidate},
    });
    if (weight.baseline > 0) {
        value.set("/baseline", weight.baseline);
    }
    return value;
}

WeightRow read_weight(const Value& value) {
    return {
        read_int(value, "/asked"),
        value.real("/achieved"),
        read_int(value, "/stable"),
        read_int(value, "/candidate"),
        read_int(value, "/baseline"),
    };
}

}  // namespace deployctl::engine
