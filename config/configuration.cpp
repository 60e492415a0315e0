// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"

#include "config/approval_semantics.hpp"
#include "config/check.hpp"
#include "config/fields.hpp"
#include "config/semantics.hpp"
#include "documents/yaml.hpp"

#include <type_traits>

namespace deployctl::config {

namespace {

void read(const Value& value, std::string& into) {
    into = value.text("");
}

void read(const Value& value, int& into) {
    into = static_cast<int>(value.number(""));
}

void read(const Value& value, std::int64_t& into) {
    into = value.number("");
}

void read(const Value& value, double& into) {
    into = value.real("");
}

void read(const Value& value, bool& into) {
    into = value.flag("");
}

void read(const Value& value, Duration& into) {
    into = read_duration(value.text("")).value_or(into);
}

void read(const Value& value, OnFailure& into) {
    into = read_on_failure(value.text("")).value_or(into);
}

void read(const Value& value, OnGateFail& into) {
    into = read_on_gate_fail(value.text("")).value_or(into);
}

void read(const Value& value, OnNoData& into) {
    into = read_on_no_data(value.text("")).value_or(into);
}

void read(const Value& value, OnInconclusive& into) {
    into = read_on_inconclusive(value.text("")).value_or(into);
}

void read(const Value& value, SilencedAlerts& into) {
    into = read_silenced_alerts(value.text("")).value_or(into);
}

void read(const Value& value, SeriesDirection& into) {
    into = read_series_direction(value.text("")).value_or(into);
}

void read(const Value& value, PolicyTool& into) {
    into = read_policy_tool(value.text("")).value_or(into);
}

void read(const Value& value, FindingSeverity& into) {
    into = read_finding_severity(value.text("")).value_or(into);
}

void read(const Value& value, OnInterrupt& into) {
    into = read_on_interrupt(value.text("")).value_or(into);
}

void read(const Value& value, DigestPolicy& into) {
    into = read_digest_policy(value.text("")).value_or(into);
}

void read(const Value& value, StrategyKind& into) {
    into = read_strategy(value.text("")).value_or(into);
}

void read(const Value& value, CanaryBaseline& into) {
    into = read_canary_baseline(value.text("")).value_or(into);
}

void read(const Value& value, WeightErrorPolicy& into) {
    into = read_weight_error_policy(value.text("")).value_or(into);
}

void read(const Value& value, ManifestScope& into) {
    into = read_manifest_scope(value.text("")).value_or(into);
}

void read(const Value& value, ApplyWhen& into) {
    into = read_apply_when(value.text("")).value_or(into);
}

void read(const Value& value, DriftPolicy& into) {
    into = read_drift_policy(value.text("")).value_or(into);
}

void read(const Value& value, StackWayBack& into) {
    into = read_stack_way_back(value.text("")).value_or(into);
}

void read(const Value& value, BackupWhen& into) {
    into = read_backup_when(value.text("")).value_or(into);
}

void read(const Value& value, OnTaskError& into) {
    into = read_on_task_error(value.text("")).value_or(into);
}

void read(const Value& value, Migration& into) {
    into = read_migration(value.text("")).value_or(into);
}

void read(const Value& value, AfterCrash& into) {
    into = read_after_crash(value.text("")).value_or(into);
}

void read(const Value& value, WaveFailure& into) {
    into = read_wave_failure(value.text("")).value_or(into);
}

template <class T>
void read(const Value& value, std::vector<T>& into) {
    into.clear();
    for (const auto& item : value.items()) {
        read(item, into.emplace_back());
    }
}

template <class T>
void read(const Value& value, std::map<std::string, T>& into) {
    for (const auto& [name, one] : value.members()) {
        read(one, into[name]);
    }
}

template <class T>
void read(const Value& value, std::optional<T>& into) {
    read(value, into.emplace());
}

/// A rule that is not written keeps nothing where the other one is: its default would.
void read(const Value& value, Retention& into) {
    into = {static_cast<int>(value.number("/last")), static_cast<int>(value.number("/days"))};
}

/// Fills fields from checked data; what is not there keeps its default.
class Reader {
public:
    explicit Reader(const Value& data) : data_(data) {}

    template <class T>
    void leaf(const char* name, T& into) {
        if (const auto& value = member(name); !value.is_null()) {
            read(value, into);
        }
    }

    template <class T>
    void unless_empty(const char* name, std::vector<T>& into) {
        leaf(name, into);
    }

    void unless_zero(const char* name, int& into) { leaf(name, into); }

    void percent(const char* name, int& into) { leaf(name, into); }

    void percents(const char* name, std::vector<int>& into) { leaf(name, into); }

    void constant(const char*, const char*) {}

    void type(GateSettings& gate) const {
        gate = gate_of(member("type").text(""), member("method").text("")).value_or(GateSettings{});
    }

    template <class Fields>
    void map(const char* name, Fields fields) {
        Reader inner(member(name));
        fields(inner);
    }

    template <class T, class Fields>
    void used_map(const char* name, T& into, Fields fields) {
        Reader inner(member(name));
        fields(inner, into);
    }

    template <class T, class Fields>
    void optional_map(const char* name, std::optional<T>& into, Fields fields) {
        if (const auto& value = member(name); !value.is_null()) {
            Reader inner(value);
            fields(inner, into.emplace());
        }
    }

    template <class T, class Fields>
    void named(const char* name, std::map<std::string, T>& into, Fields fields) {
        for (const auto& [key, value] : member(name).members()) {
            Reader inner(value);
            fields(inner, into[key]);
        }
    }

    template <class T, class Fields>
    void items(const char* name, std::vector<T>& into, Fields fields) {
        const auto& list = member(name);
        if (list.is_array()) {
            into.clear();
        }
        for (const auto& value : list.items()) {
            Reader inner(value);
            fields(inner, into.emplace_back());
        }
    }

private:
    const Value& member(const char* name) const { return data_.at("/" + escape_pointer(name)); }

    const Value& data_;
};

}  // namespace

Loaded read_configuration(std::string_view text, std::string file_name) {
    const documents::YamlSource source(text, std::move(file_name));
    auto tree = documents::read_yaml(source);
    Loaded loaded;
    if (has_errors(tree.diagnostics)) {
        loaded.diagnostics = std::move(tree.diagnostics);
        return loaded;
    }
    Report report(source);
    const auto data = check_keys(tree.root, report);
    Reader reader(data);
    auto& configuration = loaded.configuration;
    visit_configuration(reader, configuration);
    for (auto& [name, environment] : configuration.environments) {
        environment.name = name;
    }
    if (configuration.app.workload.name.empty()) {
        configuration.app.workload.name = configuration.app.name;
    }
    use_roles(configuration);
    check_meaning(configuration, tree.root, report);
    loaded.diagnostics = report.take();
    return loaded;
}

}  // namespace deployctl::config
