// SPDX-License-Identifier: Apache-2.0
// What an HTTP answer of the API server means. Pure. Errors of reads are thrown as Error, answers
// to writes are values; the server's own words are kept, made printable.
#pragma once

#include "model/error.hpp"
#include "plugins/kubectl/printable.hpp"
#include "ports/cluster.hpp"
#include "ports/http.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::plugins::kubectl {

WriteReply read_write_answer(const HttpAnswer& answer);
/// The body of a read; nothing for 404; throws Error otherwise, naming `what`.
std::optional<Value> read_get_answer(const HttpAnswer& answer, const std::string& what);
/// The server knows us and does not let us, or does not know us.
bool is_not_permitted(const HttpAnswer& answer);
/// Error{blocked} where the permission is missing, else Error{stopped_watching}; names `what`.
Error read_failure(const HttpAnswer& answer, const std::string& what);
/// The objects of a list, which says only once of what kind they are.
std::vector<Value> take_items(Value list, Kind kind);
/// An answer of a pod through the API server. What the API server says by itself is none: that the
/// pod refused the connection, or is silent, is the pod's trouble; everything else (no such pod, no
/// permission, too many requests, no API server) is the way's.
PodAnswer read_pod_answer(const HttpAnswer& answer);
/// Which of `wanted` the answer to a SelfSubjectRulesReview does not grant for certain: all of them
/// where it is none, or says itself that it is not complete.
std::vector<Permission> not_granted_by(const WriteReply& rules, std::vector<Permission> wanted);
/// Throws Error{tool_missing} where this first answer shows that the API server cannot be used.
void expect_usable_server(const HttpAnswer& answer);
/// False where kubectl's proxy answered in the server's place, or nobody did.
bool is_of_server(const HttpAnswer& answer);
/// The `message` of a Status object, or the first line of the body, or what went wrong on the way.
std::string message_of(const HttpAnswer& answer);

}  // namespace deployctl::plugins::kubectl
