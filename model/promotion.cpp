// SPDX-License-Identifier: Apache-2.0
#include "model/promotion.hpp"

#include "model/named.hpp"

namespace deployctl {

const char* to_text(WaveFailure policy) {
    return policy == WaveFailure::stop ? "stop" : "rollback_all";
}

std::optional<WaveFailure> read_wave_failure(std::string_view text) {
    return read_name(text, std::array{WaveFailure::stop, WaveFailure::rollback_all});
}

}  // namespace deployctl
