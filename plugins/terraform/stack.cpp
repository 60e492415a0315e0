// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/stack.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/system/host_files.hpp"
#include "plugins/terraform/halts.hpp"
#include "plugins/terraform/root_module.hpp"
#include "plugins/terraform/state_copies.hpp"
#include "ports/printed.hpp"

#include <array>
#include <filesystem>

namespace deployctl::plugins::terraform {

namespace {

constexpr std::size_t most_plan_bytes = 256UL << 20U;
constexpr int least_minor = 5;
/// Flags that the tool would take from its environment, for each word that is called here.
constexpr std::array flags_of_the_user{
    "TF_CLI_ARGS",
    "TF_CLI_ARGS_apply",
    "TF_CLI_ARGS_force_unlock",
    "TF_CLI_ARGS_init",
    "TF_CLI_ARGS_output",
    "TF_CLI_ARGS_plan",
    "TF_CLI_ARGS_show",
    "TF_CLI_ARGS_state_pull",
    "TF_CLI_ARGS_state_push",
    "TF_CLI_ARGS_validate",
    "TF_CLI_ARGS_version",
    "TF_CLI_ARGS_workspace_select",
};

std::string program_of(const StackOrder& order) {
    if (!order.program.empty()) {
        return order.program;
    }
    return find_program("terraform").empty() && !find_program("tofu").empty() ? "tofu"
                                                                              : "terraform";
}

ToolPlace place_of(const StackOrder& order, const StackFolder& folder) {
    const auto root = std::filesystem::absolute(folder.path()).string();
    ToolPlace place;
    place.program = program_of(order);
    place.folder = root;
    place.environment = {
        {"TF_DATA_DIR", root + "/data"},
        {"TF_IN_AUTOMATION", "1"},
        {"TF_INPUT", "0"},
        {"TF_WORKSPACE", ""},
    };
    for (const auto* words : flags_of_the_user) {
        place.environment[words] = "";
    }
    place.stops = order.stops;
    return place;
}

bool is_new_enough(const std::string& version) {
    const auto major = whole_number<int>(version.substr(0, version.find('.')));
    const auto rest = version.substr(std::min(version.find('.'), version.size() - 1) + 1);
    const auto minor = whole_number<int>(rest.substr(0, rest.find('.')));
    return major && minor && (*major > 1 || (*major == 1 && *minor >= least_minor));
}

}  // namespace

Stack::Stack(StackOrder order, StackFolder& folder, StackMachine machine)
    : order_(std::move(order)),
      folder_(folder),
      machine_(machine),
      tool_(place_of(order_, folder_), machine_.clock),
      dir_(order_.settings.dir) {}

Stack::~Stack() {
    remove_plan();
}

std::string Stack::plan_file() const {
    return tool_.place().folder + "/plan";
}

/// Another runner's stays.
void Stack::remove_plan() {
    std::error_code ignored;
    if (has_saved_) {
        std::filesystem::remove(plan_file(), ignored);
    }
    has_saved_ = false;
}

ToolCall Stack::call(Arguments arguments) const {
    ToolCall call;
    call.arguments = std::move(arguments);
    call.timeout = order_.settings.timeout;
    return call;
}

void Stack::say(Value fact) const {
    if (order_.tell) {
        order_.tell(std::move(fact));
    }
}

Task<std::optional<Halt>> Stack::prepare() {
    if (!std::filesystem::is_directory(dir_)) {
        co_return Halt{
            Halt::Kind::failed,
            "the stack's folder " + dir_ + " is not there",
            "its path begins in the working folder",
        };
    }
    const auto asks_version = call(version_arguments());
    const auto version = co_await tool_.run(asks_version);
    const auto said = documents::try_read_json(version.output);
    const auto number = said ? said->text("/terraform_version") : "";
    if (!version.is_done() || !is_new_enough(number)) {
        auto halt = halt_of(asks_version, version, tool_.place().program);
        if (version.is_done()) {
            halt.kind = Halt::Kind::tool_missing;
            halt.why = tool_.place().program + " is version " + number + "; 1.5 is needed";
        }
        co_return halt;
    }
    if (order_.encrypt_to) {
        note_copy_rule(folder_.path(), *order_.encrypt_to);
    }
    auto halt = co_await initialise();
    co_return halt;
}

Task<std::optional<Halt>> Stack::initialise() {
    const auto init = call(init_arguments(order_.settings, dir_));
    const auto initialised = co_await tool_.run(init);
    const auto validate = call(validate_arguments(dir_));
    const auto valid = co_await tool_.run(validate);
    const auto verdict = documents::try_read_json(valid.output);
    const auto complaints = verdict ? read_complaints(*verdict) : std::vector<Complaint>();
    if (!initialised.is_done()) {
        const auto halt = halt_of(init, initialised, "init");
        const bool has_place = !complaints.empty() && !complaints.front().place.empty();
        co_return has_place ? halt_of(complaints, halt) : halt;
    }
    if (!valid.is_done()) {
        const auto halt = halt_of(validate, valid, "validate");
        co_return halt_of(complaints, halt);
    }
    if (!order_.settings.workspace.empty()) {
        const auto select = call(workspace_arguments(order_.settings.workspace, dir_));
        const auto selected = co_await tool_.run(select);
        if (!selected.is_done()) {
            co_return halt_of(select, selected, "workspace " + order_.settings.workspace);
        }
    }
    co_return std::nullopt;
}

Task<PulledState> Stack::pull() {
    PulledState pulled;
    const auto question = call(state_pull_arguments(dir_));
    auto answer = co_await tool_.run(question);
    if (!answer.is_done()) {
        pulled.halt = halt_of(question, answer, "state pull");
        co_return pulled;
    }
    pulled.text = std::move(answer.output);
    if (trimmed(pulled.text).empty()) {
        co_return pulled;  // there is none yet
    }
    const auto state = documents::try_read_json(pulled.text);
    if (answer.is_cut || !state) {
        pulled.halt = Halt{
            Halt::Kind::cannot_tell,
            answer.is_cut ? "state pull: the state is larger than 256 MiB"
                          : "state pull: it did not print a state as JSON",
            "look at it: " + tool_.place().program + " -chdir=" + dir_ + " state pull"
        };
        pulled.text.clear();
        co_return pulled;
    }
    pulled.facts.lineage = state->text("/lineage");
    pulled.facts.serial = state->number("/serial");
    for (const auto& resource : state->items("/resources")) {
        const bool is_managed = resource.text("/mode") == std::string_view("managed");
        pulled.facts.resources += is_managed ? std::ssize(resource.items("/instances")) : 0;
    }
    co_return pulled;
}

Task<PlannedChanges> Stack::plan_once(std::vector<Complaint>* errors) {
    PlannedChanges planned;
    planned.configuration_hash = hash_of_module(dir_);
    std::filesystem::remove(plan_file());
    has_saved_ = true;
    RunStory story;
    auto question = call(plan_arguments(order_.settings, dir_, plan_file()));
    question.on_line = [&story](std::string_view line) { story.take(line); };
    const auto answer = co_await tool_.run(question);
    const bool is_planned =
        answer.kind == ToolEnd::Kind::exited && (answer.code == 0 || answer.code == 2);
    if (!is_planned) {
        *errors = story.errors();
        const auto halt = halt_of(question, answer, "plan");
        planned.halt = halt_of(story.errors(), halt);
        co_return planned;
    }
    auto read = co_await read_saved();
    if (!read.halt && answer.code == 2 && !read.plan.has_changes()) {
        // outputs of a plan that is too large, or a kind of change of a newer tool
        StackChange some;
        some.kind = ChangeKind::update;
        some.address = "output.(some)";
        some.type = output_type;
        read.plan.changes.push_back(std::move(some));
    }
    if (!read.halt) {
        auto pulled = co_await pull();
        read.halt = pulled.halt;
        read.state = pulled.facts;
        read.state_text = std::move(pulled.text);
    }
    co_return read;
}

Task<PlannedChanges> Stack::copy_saved(std::string file) {
    namespace fs = std::filesystem;
    std::error_code failure;
    has_saved_ = true;
    fs::copy_file(file, plan_file(), fs::copy_options::overwrite_existing, failure);
    if (failure) {
        PlannedChanges none;
        none.halt = Halt{Halt::Kind::failed, "the plan " + file + ": " + failure.message()};
        co_return none;
    }
    auto planned = co_await read_saved();
    co_return planned;
}

Task<PlannedChanges> Stack::read_saved() {
    PlannedChanges planned;
    planned.configuration_hash = hash_of_module(dir_);
    planned.file = plan_file();
    std::error_code ignored;
    std::filesystem::permissions(
        planned.file,
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
        ignored
    );
    HostFiles files;
    const auto saved = files.read(planned.file, most_plan_bytes);
    if (saved.kind != FileAnswer::Kind::read) {
        planned.halt = Halt{Halt::Kind::failed, "the plan " + planned.file + ": " + saved.failure};
        co_return planned;
    }
    planned.digest = documents::sha256_hex(saved.text);
    const auto question = call(show_arguments(dir_, planned.file));
    auto answer = co_await tool_.run(question);
    if (!answer.is_done() || answer.is_cut) {
        planned.halt = halt_of(question, answer, "show");
        if (answer.is_cut) {
            planned.halt->why = "the plan is larger than 256 MiB";
        }
        co_return planned;
    }
    planned.json = std::move(answer.output);
    auto plan = read_plan(planned.json);
    if (!plan) {
        planned.halt = Halt{Halt::Kind::failed, "show: it did not print a plan as JSON"};
        co_return planned;
    }
    planned.plan = std::move(*plan);
    co_return planned;
}

Task<PlannedChanges> Stack::plan() {
    std::vector<Complaint> errors;
    auto* const complaints = &errors;
    auto planned = co_await plan_once(complaints);
    for (const auto& error : errors) {
        if (const auto lock = lock_of(error)) {
            const auto found = *lock;
            planned.halt = co_await settle_lock(found);
            if (!planned.halt) {
                planned = co_await plan_once(complaints);
            }
            break;
        }
    }
    if (planned.halt) {
        co_return planned;
    }
    planned.doubt = doubt_about(folder_.applied(), mark_of(planned.state));
    if (planned.doubt.empty()) {
        trust(planned);
    }
    co_return planned;
}

void Stack::trust(const PlannedChanges& planned) {
    if (!planned.plan.has_changes() && dir_ == order_.settings.dir) {
        // the world is as it says
        folder_.note_applied(dir_, {planned.configuration_hash, mark_of(planned.state)});
    }
}

Task<StackOutputs> Stack::outputs() {
    StackOutputs answer;
    const auto question = call(output_arguments(dir_));
    const auto said = co_await tool_.run(question);
    const auto all = documents::try_read_json(said.output);
    if (!said.is_done() || !all) {
        answer.halt = halt_of(question, said, "output");
        co_return answer;
    }
    for (const auto& [name, body] : all->members()) {
        StackOutput output{std::string(name), body.flag("/sensitive"), {}};
        output.value = output.is_sensitive ? Value() : body.at("/value");
        answer.outputs.push_back(std::move(output));
    }
    co_return answer;
}

}  // namespace deployctl::plugins::terraform
