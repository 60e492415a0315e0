// SPDX-License-Identifier: Apache-2.0
#include "engine/plan_json.hpp"

#include "documents/json.hpp"
#include "engine/action_json.hpp"
#include "engine/gates_json.hpp"
#include "engine/spans.hpp"
#include "engine/tasks_json.hpp"
#include "model/error.hpp"

namespace deployctl::engine {

namespace {

constexpr int known_schema = 1;
/// Where `kubectl apply` keeps the whole manifest, with every value in it.
constexpr auto last_applied =
    "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration";

Value steps_value(const std::vector<Step>& steps) {
    Value::Array list;
    for (const auto& step : steps) {
        list.push_back(Value::map({
            {"stage", step.stage},
            {"action", to_value(step.action)},
            {"gates", lines_value(step.gates)},
        }));
    }
    return list;
}

std::vector<Step> read_steps(const Value& list) {
    std::vector<Step> steps;
    for (const auto& step : list.items()) {
        steps.push_back(
            {step.text("/stage"), read_action(step.at("/action")), read_lines(step.at("/gates"))}
        );
    }
    return steps;
}

Value course_value(const Course& course) {
    Value::Array weights;
    for (const auto& weight : course.weights) {
        weights.push_back(to_value(weight));
    }
    return Value::map({
        {"steps", steps_value(course.steps)},
        {"weights", std::move(weights)},
        {"notes", lines_value(course.notes)},
    });
}

Course read_course(const Value& value) {
    Course course;
    course.steps = read_steps(value.at("/steps"));
    for (const auto& weight : value.items("/weights")) {
        course.weights.push_back(read_weight(weight));
    }
    course.notes = read_lines(value.at("/notes"));
    return course;
}

Value target_value(const Target& target) {
    return Value::map({
        {"app", target.app},
        {"environment", target.environment},
        {"namespace", target.kube_namespace},
        {"cluster_uid", target.cluster_uid},
    });
}

Target read_target(const Value& value) {
    return {
        value.text("/app"),
        value.text("/environment"),
        value.text("/namespace"),
        value.text("/cluster_uid"),
    };
}

Value release_value(const Release& release) {
    return Value::map({
        {"tag", release.tag},
        {"digest", release.digest},
        {"image", release.image},
        {"previous_image", release.previous_image},
        {"pod_template", release.pod_template},
        {"changes", lines_value(release.changes)},
    });
}

Release read_release(const Value& value) {
    return {
        value.text("/tag"),
        value.text("/digest"),
        value.text("/image"),
        value.text("/previous_image"),
        value.at("/pod_template"),
        read_lines(value.at("/changes")),
    };
}

Value scene_value(const Scene& scene) {
    auto value = Value::map({
        {"workload", scene.workload},
        {"replicas", scene.replicas},
        {"max_surge", scene.max_surge},
        {"max_unavailable", scene.max_unavailable},
        {"services", lines_value(scene.services)},
        {"autoscaler", scene.autoscaler ? Value(*scene.autoscaler) : Value()},
        {"drain_microseconds", scene.drain.count()},
    });
    if (scene.is_kedas) {  // plans of before keep their hash
        value.set("/is_kedas", true);
    }
    return value;
}

Scene read_scene(const Value& value) {
    Scene scene;
    scene.workload = value.text("/workload");
    scene.replicas = read_int(value, "/replicas");
    scene.max_surge = read_int(value, "/max_surge");
    scene.max_unavailable = read_int(value, "/max_unavailable");
    scene.services = read_lines(value.at("/services"));
    if (value.at("/autoscaler").is_string()) {
        scene.autoscaler = value.text("/autoscaler");
    }
    scene.drain = read_span(value, "/drain_microseconds");
    scene.is_kedas = value.flag("/is_kedas");
    return scene;
}

Value snapshot_value(const Snapshot& snapshot) {
    return Value::map({
        {"workload", snapshot.workload},
        {"services", Value(snapshot.services)},
        {"autoscalers", Value(snapshot.autoscalers)},
    });
}

Value rules_value(const Plan& plan) {
    return Value::map({
        {"first_ready_microseconds", plan.timeouts.first_ready.count()},
        {"step_microseconds", plan.timeouts.step.count()},
        {"rollout_microseconds", plan.timeouts.rollout.count()},
        {"request_microseconds", plan.timeouts.request.count()},
        {"confirm_crash_microseconds", plan.confirm.crash.count()},
        {"confirm_unschedulable_microseconds", plan.confirm.unschedulable.count()},
        {"confirm_unready_microseconds", plan.confirm.unready.count()},
        {"evidence_log_lines", plan.evidence.log_lines},
        {"evidence_events", plan.evidence.events},
        {"evidence_previous_container", plan.evidence.previous_container},
        {"on_failure", to_text(plan.on_failure)},
        {"on_interrupt", to_text(plan.on_interrupt)},
    });
}

void read_rules(const Value& rules, Plan& plan) {
    plan.timeouts.first_ready = read_span(rules, "/first_ready_microseconds");
    plan.timeouts.step = read_span(rules, "/step_microseconds");
    plan.timeouts.rollout = read_span(rules, "/rollout_microseconds");
    plan.timeouts.request = read_span(rules, "/request_microseconds");
    plan.confirm.crash = read_span(rules, "/confirm_crash_microseconds");
    plan.confirm.unschedulable = read_span(rules, "/confirm_unschedulable_microseconds");
    plan.confirm.unready = read_span(rules, "/confirm_unready_microseconds");
    plan.evidence.log_lines = read_int(rules, "/evidence_log_lines");
    plan.evidence.events = read_int(rules, "/evidence_events");
    plan.evidence.previous_container = rules.flag("/evidence_previous_container");
    plan.on_failure = read_on_failure(rules.text("/on_failure")).value_or(OnFailure::rollback);
    plan.on_interrupt = read_on_interrupt(rules.text("/on_interrupt")).value_or(OnInterrupt::shift);
}

Value probe_value(const std::optional<VersionProbe>& probe) {
    if (!probe) {
        return {};
    }
    return Value::map({{"port", probe->port}, {"path", probe->path}, {"jsonpath", probe->jsonpath}}
    );
}

const Value hidden_mark = "(in the cluster's record)";

void hide(Value& object, const std::string& pointer) {
    if (object.has(pointer)) {
        object.set(pointer, hidden_mark);
    }
}

void reveal(Value& object, const Value& live) {
    for (const auto& path : differing_paths(object, live)) {
        if (object.at(path) == hidden_mark) {
            object.set(path, live.at(path));
        }
    }
}

void hide_literals(Value& pod_template) {
    for (const auto* list : {"/spec/containers", "/spec/initContainers"}) {
        for (std::size_t index = 0; index < pod_template.items(list).size(); ++index) {
            const auto container = std::string(list) + "/" + std::to_string(index);
            const auto variables = container + "/env";
            for (std::size_t each = 0; each < pod_template.items(variables).size(); ++each) {
                hide(pod_template, variables + "/" + std::to_string(each) + "/value");
            }
            hide(pod_template, container + "/args");
            hide(pod_template, container + "/command");
        }
    }
}

/// Of a ConfigMap, whose keys stay told.
void hide_data(Value& object, const std::string& root) {
    for (const auto* part : {"/data", "/binaryData"}) {
        const auto place = root + part;
        std::vector<std::string> keys;
        for (const auto& [key, value] : object.members(place)) {
            keys.push_back(key);
        }
        for (const auto& key : keys) {
            hide(object, place + "/" + escape_pointer(key));
        }
    }
}

/// The pods of a CronJob have variables and arguments as well.
void hide_objects(std::vector<Value>& objects, const std::string& root) {
    for (auto& object : objects) {
        hide_data(object, root);
        hide(object, root + last_applied);
        const auto place = root + "/spec/jobTemplate/spec/template";
        auto pod_template = object.at(place);
        hide_literals(pod_template);
        if (!pod_template.is_null()) {
            object.set(place, std::move(pod_template));
        }
    }
}

Value approvals_value(const ApprovalsByName& approvals) {
    Value::Object map;
    for (const auto& [name, one] : approvals) {
        map[name] = Value::map({
            {"count", one.count},
            {"people", lines_value(one.people)},
            {"not_initiator", one.not_initiator},
            {"expires_microseconds", one.expires.count()},
        });
    }
    return map;
}

ApprovalsByName read_approvals(const Value& value) {
    ApprovalsByName approvals;
    for (const auto& [name, one] : value.members()) {
        auto& settings = approvals[name];
        settings.count = read_int(one, "/count", settings.count);
        settings.people = read_lines(one.at("/people"));
        settings.not_initiator = one.flag("/not_initiator");
        settings.expires = read_span(one, "/expires_microseconds", settings.expires);
    }
    return approvals;
}

}  // namespace

Value to_value(const Plan& plan) {
    auto value = Value::map({
        {"schema", plan.schema},
        {"target", target_value(plan.target)},
        {"strategy", to_text(plan.strategy)},
        {"workload", plan.workload},
        {"candidate", plan.candidate},
        {"container", plan.container},
        {"release", release_value(plan.release)},
        {"scene", scene_value(plan.scene)},
        {"snapshot", snapshot_value(plan.snapshot)},
        {"course", course_value(plan.course)},
        {"way_back", steps_value(plan.way_back)},
        {"gates", gates_value(plan.gates)},
        {"version_probe", probe_value(plan.version_probe)},
        {"rules", rules_value(plan)},
    });
    if (!plan.baseline.empty()) {
        value.set("/baseline", plan.baseline);
    }
    if (!plan.approvals.empty()) {
        value.set("/approvals", approvals_value(plan.approvals));
    }
    if (!plan.tasks.empty()) {
        value.set("/tasks", tasks_value(plan.tasks));
    }
    if (!plan.snapshot.others.empty()) {
        value.set("/snapshot/others", Value(plan.snapshot.others));
    }
    if (!plan.release.objects.empty()) {
        value.set("/release/objects", Value(plan.release.objects));
    }
    if (!plan.release.copies.empty()) {
        value.set("/release/copies", Value(plan.release.copies));
    }
    if (plan.metrics) {  // one of before had none, and keeps its hash
        value.set("/metrics", metrics_value(*plan.metrics));
    }
    return value;
}

Plan read_plan(const Value& value) {
    Plan plan;
    plan.schema = read_int(value, "/schema");
    const auto strategy = read_strategy(value.text("/strategy"));
    if (plan.schema <= known_schema && !strategy) {
        throw Error(
            ExitCode::state_unreadable,
            "the plan is damaged: it names no strategy",
            "`deployctl state check` looks for more of it; `deployctl rollout rollback "
            "--from-cluster` needs the cluster's own record alone"
        );
    }
    if (plan.schema != known_schema || !strategy) {
        throw Error(
            ExitCode::state_unreadable,
            "the plan is of schema " + std::to_string(plan.schema) +
                ", this deployctl reads schema " + std::to_string(known_schema),
            "use the deployctl that began the rollout, or a newer one"
        );
    }
    plan.target = read_target(value.at("/target"));
    plan.strategy = *strategy;
    plan.workload = value.text("/workload");
    plan.candidate = value.text("/candidate");
    plan.baseline = value.text("/baseline");
    plan.container = value.text("/container");
    plan.release = read_release(value.at("/release"));
    plan.scene = read_scene(value.at("/scene"));
    plan.snapshot.workload = value.at("/snapshot/workload");
    plan.snapshot.services = value.items("/snapshot/services");
    plan.snapshot.autoscalers = value.items("/snapshot/autoscalers");
    plan.course = read_course(value.at("/course"));
    plan.way_back = read_steps(value.at("/way_back"));
    plan.gates = read_gates(value.at("/gates"));
    plan.approvals = read_approvals(value.at("/approvals"));
    plan.tasks = read_tasks(value.at("/tasks"));
    plan.snapshot.others = value.items("/snapshot/others");
    plan.release.objects = value.items("/release/objects");
    plan.release.copies = value.items("/release/copies");
    if (const auto& metrics = value.at("/metrics"); !metrics.is_null()) {
        plan.metrics = read_metrics(metrics);
    }
    if (const auto& probe = value.at("/version_probe"); !probe.is_null()) {
        plan.version_probe =
            VersionProbe{read_int(probe, "/port"), probe.text("/path"), probe.text("/jsonpath")};
    }
    read_rules(value.at("/rules"), plan);
    return plan;
}

std::string hash_of(const Plan& plan) {
    return documents::sha256_hex(documents::write_json(to_value(plan)));
}

Value without_literals(const Plan& plan) {
    Plan hidden = plan;
    hide_literals(hidden.release.pod_template);
    auto workload_template = hidden.snapshot.workload.at("/spec/template");
    hide_literals(workload_template);
    if (!workload_template.is_null()) {
        hidden.snapshot.workload.set("/spec/template", std::move(workload_template));
    }
    hide(hidden.snapshot.workload, last_applied);
    hide_objects(hidden.release.objects, "/said");
    hide_objects(hidden.snapshot.others, "");
    return to_value(hidden);
}

Plan with_literals(Plan plan, const Value& workload) {
    reveal(plan.release.pod_template, workload.at("/spec/template"));
    reveal(plan.snapshot.workload, workload);
    return plan;
}

}  // namespace deployctl::engine
