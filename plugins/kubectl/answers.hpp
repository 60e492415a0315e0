// SPDX-License-Identifier: Apache-2.0
// What an HTTP answer of the API server means. Pure. Errors of reads are thrown as Error, answers to writes are
// values; the server's own words are kept.
#pragma once

#include <optional>
#include <string>

#include "model/error.hpp"
#include "ports/cluster.hpp"
#include "ports/http.hpp"

namespace deployctl::plugins::kubectl {

WriteReply read_write_answer(const HttpAnswer& answer);
/// The body of a read; nothing for 404; throws Error otherwise, naming `what`.
std::optional<Value> read_get_answer(const HttpAnswer& answer, const std::string& what);
/// An answer of a pod through the API server: the server's own 503 for a pod that refused is no answer of the pod.
PodAnswer read_pod_answer(const HttpAnswer& answer);
/// The `message` of a Status object, or the first line of the body.
std::string message_of(const HttpAnswer& answer);
/// Without control characters, at most 1 KiB.
std::string printable_line(std::string line);
std::string url_encode(std::string_view text);

}  // namespace deployctl::plugins::kubectl
