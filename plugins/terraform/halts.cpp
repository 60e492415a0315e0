// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/halts.hpp"

#include "plugins/kubectl/printable.hpp"
#include "ports/printed.hpp"

namespace deployctl::plugins::terraform {

namespace {

/// Terraform draws a frame around what it says.
std::string without_frame(std::string text) {
    for (const auto* piece : {"\u2502", "\u2577", "\u2575"}) {
        const std::string drawn = piece;
        for (auto at = text.find(drawn); at != std::string::npos; at = text.find(drawn)) {
            text.erase(at, drawn.size());
        }
    }
    return text;
}

/// "Error: Failed to install provider", where the reason begins.
std::string first_error(const std::string& text) {
    const auto begin = text.find("Error: ");
    if (begin == std::string::npos) {
        return one_line(last_line(text));
    }
    return one_line(trimmed(std::string_view(text).substr(begin + 7)), 600);
}

}  // namespace

std::vector<std::string> printable_end(const std::string& text) {
    return kubectl::printable_lines(tail(text));
}

Halt halt_of(const ToolCall& call, const ToolEnd& end, const std::string& what) {
    Halt halt;
    const auto said = without_frame(end.error_output);
    halt.output = printable_end(said);
    halt.why = what + ": " + how_it_ended(call, end);
    switch (end.kind) {
        case ToolEnd::Kind::not_started:
            halt.kind = Halt::Kind::tool_missing;
            halt.what_to_do =
                "install Terraform 1.5 or later, or OpenTofu, or name it in "
                "`infra.program`";
            return halt;
        case ToolEnd::Kind::stopped:
        case ToolEnd::Kind::timed_out: halt.kind = Halt::Kind::stopped; return halt;
        case ToolEnd::Kind::exited:
        case ToolEnd::Kind::signalled: halt.kind = Halt::Kind::failed; break;
    }
    if (const auto reason = first_error(said); !reason.empty()) {
        halt.why += ": " + reason;
    }
    return halt;
}

Halt halt_of(const std::vector<Complaint>& complaints, const Halt& otherwise) {
    if (complaints.empty() || otherwise.kind != Halt::Kind::failed) {
        return otherwise;
    }
    auto halt = otherwise;
    halt.why =
        otherwise.why.substr(0, otherwise.why.find(": ")) + ": " + to_text(complaints.front());
    halt.output.clear();
    for (const auto& complaint : complaints) {
        halt.output.push_back(to_text(complaint));
    }
    const auto more = complaints.size() - 1;
    halt.why += more > 0 ? " (and " + std::to_string(more) + " more)" : "";
    return halt;
}

Halt locked_by(const StateLock& lock, const std::string& dir, const std::string& program) {
    Halt halt;
    halt.kind = Halt::Kind::locked;
    halt.why = "the state is locked by " + (lock.who.empty() ? "somebody else" : lock.who) +
               (lock.operation.empty() ? "" : " (" + lock.operation + ")") +
               (lock.created.empty() ? "" : " since " + lock.created);
    halt.what_to_do = "wait for its end; only where it is known to be dead: " + program +
                      " -chdir=" + dir + " force-unlock " + (lock.id.empty() ? "LOCK-ID" : lock.id);
    return halt;
}

Halt locked_by_a_connection() {
    Halt halt;
    halt.kind = Halt::Kind::locked;
    halt.why = "the state is locked by somebody else; PostgreSQL does not tell Terraform who";
    halt.what_to_do =
        "wait for its end: the lock goes with the connection that holds it, which psql shows: "
        "select pid, usename, application_name, client_addr, backend_start from pg_locks join "
        "pg_stat_activity using (pid) where locktype = 'advisory'";
    return halt;
}

}  // namespace deployctl::plugins::terraform
