// SPDX-License-Identifier: Apache-2.0
// The standard health protocol of gRPC, grpc.health.v1.Health/Check: SERVING passes, NOT_SERVING
// fails. UNKNOWN, a service that the server does not know, any grpc-status but OK, nobody there,
// and what nobody can read are errors. The judging is pure.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

HttpRequest request_to(const GrpcQuestion& question, const std::string& address);
Verdict judge(const GrpcQuestion& question, const std::string& address, const HttpAnswer& answer);

}  // namespace deployctl::gates
