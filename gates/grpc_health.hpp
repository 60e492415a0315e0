// SPDX-License-Identifier: Apache-2.0
// grpc.health.v1.Health/Check on the wire: one message of protobuf in one frame of gRPC. Pure.
// Nothing of an answer is believed: what is not as it should be is nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deployctl::gates {

/// The body of the request: HealthCheckRequest{service}.
std::string health_request(const std::string& service);
/// The number in HealthCheckResponse{status}; nothing where the body is no frame with one.
std::optional<int> read_health(std::string_view body);
/// "NOT_SERVING".
const char* name_of_health(int status);
/// "UNIMPLEMENTED", of a grpc-status.
const char* name_of_grpc_status(int status);
/// As grpc-message has it: "%20" is a blank.
std::string percent_decoded(std::string_view text);

}  // namespace deployctl::gates
