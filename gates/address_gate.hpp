// SPDX-License-Identifier: Apache-2.0
// A gate that asks an address by one request. What the request is, and what its answer says, are
// `request_to` and `judge` of its question; both are pure.
#pragma once

#include "gates/grpc_gate.hpp"
#include "gates/tcp_gate.hpp"
#include "model/address.hpp"

#include <utility>

namespace deployctl::gates {

template <class Question>
class AddressGate final : public Gate {
public:
    AddressGate(const Sources& sources, Question question)
        : http_(sources.outside.http), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override {
        const auto address = fill_in(question_.address, subjects.names);
        if (!is_address(address)) {
            co_return no_answer("not asked", "`" + address + "` is no host:port");
        }
        const auto request = request_to(question_, address);
        const auto answer = co_await http_.send(request);
        co_return judge(question_, address, answer);
    }

private:
    Http& http_;
    Question question_;
};

}  // namespace deployctl::gates
