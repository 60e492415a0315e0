// SPDX-License-Identifier: Apache-2.0
// Whether somebody accepts a TCP connection; it is closed again at once, nothing is sent. Refused
// or silent is a fail, a host that nobody knows an error: that says nothing of the version. The
// judging is pure.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

HttpRequest request_to(const TcpQuestion& question, const std::string& address);
Verdict judge(const TcpQuestion& question, const std::string& address, const HttpAnswer& answer);

}  // namespace deployctl::gates
