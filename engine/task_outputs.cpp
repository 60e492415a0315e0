// SPDX-License-Identifier: Apache-2.0
#include "engine/task_outputs.hpp"

#include "documents/json.hpp"
#include "model/output_names.hpp"

namespace deployctl::engine {

namespace {

std::string text_of(const Value& output) {
    return output.is_string() ? output.text("") : documents::write_json(output);
}

Placeholders told(const Plan& plan, const std::vector<Event>& events) {
    Placeholders names;
    for (const auto& event : events) {
        const auto task = plan.tasks.find(event.data.text("/task"));
        const auto& outputs = event.data.at("/evidence/outputs");
        const auto* stack =
            task == plan.tasks.end() ? nullptr : std::get_if<StackWork>(&task->second.work);
        if (stack != nullptr && outputs.is_object()) {
            for (auto& [name, text] : output_names(stack->stack, outputs)) {
                names[name] = text;
            }
        }
    }
    return names;
}

}  // namespace

Placeholders output_names(const std::string& stack, const Value& outputs) {
    Placeholders names;
    for (const auto& [name, output] : outputs.members()) {
        names[to_text(OutputName{stack, std::string(name)})] = text_of(output);
    }
    return names;
}

std::string fill_outputs(ProgramWork& work, const Plan& plan, const std::vector<Event>& events) {
    const auto wanted = outputs_in(work.run);
    if (wanted.empty()) {
        return "";
    }
    const auto names = told(plan, events);
    for (const auto& name : wanted) {
        if (!names.contains(to_text(name))) {
            return "${" + to_text(name) + "}";
        }
    }
    for (auto& argument : work.run) {
        argument = fill_in(argument, names);
    }
    return "";
}

}  // namespace deployctl::engine
