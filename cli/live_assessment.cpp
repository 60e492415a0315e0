// SPDX-License-Identifier: Apache-2.0
#include "cli/live_assessment.hpp"

#include "cli/locating.hpp"
#include "readiness/live.hpp"
#include "readiness/live_events.hpp"

#include <string>
#include <utility>

namespace deployctl::cli {

namespace {

using readiness::AssessedFile;
using readiness::ListAnswer;

Task<ListAnswer> ask_for(Parts* parts, ClusterChoice settled, std::string address) {
    const auto answer = co_await parts->ask_server(std::move(settled), std::move(address));
    const bool is_answered = answer.kind == HttpAnswer::Kind::answered;
    co_return ListAnswer{is_answered ? answer.status : 0, answer.body, answer.failure};
}

Task<> ask_for_rights(Parts* parts, ClusterChoice settled, std::vector<AssessedFile>* files) {
    const auto of_rights = readiness::rights_resources();
    auto bindings = readiness::address_of(of_rights[0], settled.kube_namespace);
    auto roles = readiness::address_of(of_rights[1], settled.kube_namespace);
    readiness::ClusterRights rights;
    rights.bindings = co_await ask_for(parts, settled, std::move(bindings));
    rights.roles = co_await ask_for(parts, settled, std::move(roles));
    for (auto& file : readiness::live_rights(rights, settled.kube_namespace)) {
        files->push_back(std::move(file));
    }
}

Task<> ask_for_events(Parts* parts, ClusterChoice settled, readiness::LiveEvents* events) {
    for (;;) {
        auto address = events->next_address(settled.kube_namespace);
        if (address.empty()) {
            co_return;
        }
        const auto page = co_await ask_for(parts, settled, std::move(address));
        events->take_page(page);
    }
}

Task<std::vector<AssessedFile>> ask_cluster(Parts* parts, ClusterChoice choice, WallTime now) {
    const auto settled = co_await parts->settle(choice);
    std::vector<AssessedFile> files;
    readiness::LiveEvents events(now);
    for (const auto& resource : readiness::live_resources()) {
        auto address = readiness::address_of(resource, settled.kube_namespace);
        const auto answer = co_await ask_for(parts, settled, std::move(address));
        files.push_back(readiness::live_file(resource, answer));
        if (resource.kind == "Pod") {
            events.take_pods(answer);
        }
    }
    co_await ask_for_rights(parts, settled, &files);
    co_await ask_for_events(parts, settled, &events);
    files.push_back(events.file());
    co_return files;
}

/// A journal that cannot be read costs what it may know, as any file does.
AssessedFile journal_of(Session& session) {
    try {
        return readiness::journal_file(journal_facts(session));
    } catch (const Error& error) {
        if (error.exit() != ExitCode::state_unreadable) {
            throw;
        }
        return readiness::unread_journal(error.what());
    }
}

}  // namespace

std::vector<AssessedFile> live_files(Session& session) {
    auto* const parts = &session.parts;
    const auto now = parts->clock().now();
    auto files = wait_for_beginning(*parts, ask_cluster(parts, locate(session).cluster, now));
    files.push_back(journal_of(session));
    return files;
}

}  // namespace deployctl::cli
