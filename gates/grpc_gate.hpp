// SPDX-License-Identifier: Apache-2.0
// The standard health protocol of gRPC, grpc.health.v1.Health/Check: SERVING passes, NOT_SERVING
// fails. UNKNOWN, a service that the server does not know, any grpc-status but OK, nobody there,
// and what nobody can read are errors. The judging is pure.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

HttpRequest grpc_request(const GrpcQuestion& question, const std::string& address);
Verdict judge(const GrpcQuestion& question, const std::string& address, const HttpAnswer& answer);

class GrpcGate final : public Gate {
public:
    GrpcGate(const Sources& sources, GrpcQuestion question)
        : http_(sources.outside.http), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Http& http_;
    GrpcQuestion question_;
};

}  // namespace deployctl::gates
