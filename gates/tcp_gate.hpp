// SPDX-License-Identifier: Apache-2.0
// Whether somebody accepts a TCP connection; it is closed again at once, nothing is sent. Refused
// or silent is a fail, a host that nobody knows an error: that says nothing of the version. The
// judging is pure.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

HttpRequest tcp_request(const TcpQuestion& question, const std::string& address);
Verdict judge(const TcpQuestion& question, const std::string& address, const HttpAnswer& answer);

class TcpGate final : public Gate {
public:
    TcpGate(const Sources& sources, TcpQuestion question)
        : http_(sources.outside.http), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Http& http_;
    TcpQuestion question_;
};

/// What an address says that cannot be asked, after its names are filled in.
Verdict no_address(const std::string& address);

}  // namespace deployctl::gates
