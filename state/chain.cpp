// SPDX-License-Identifier: Apache-2.0
#include "state/chain.hpp"

#include <utility>

namespace deployctl::state {

ChainWalk::ChainWalk(Chain chain, std::int64_t at_most)
    : chain_(std::move(chain)), last_(chain_.anchor), knows_last_hash_(true) {
    const auto first_wanted = chain_.head.seq - at_most;
    if (first_wanted > last_.seq) {
        last_.seq = first_wanted;
        knows_last_hash_ = false;
    }
}

void ChainWalk::follow(Chain chain) {
    chain_ = std::move(chain);
    if (chain_.anchor.seq > last_.seq) {
        last_ = chain_.anchor;
        knows_last_hash_ = true;
    }
}

void ChainWalk::visit(const Link& link, const std::string& hash, std::vector<std::string>& faults) {
    if (link.event.seq != last_.seq + 1) {
        faults.push_back(place(last_.seq + 1) + " is missing");
    } else if (knows_last_hash_ && link.previous != last_.hash) {
        faults.push_back(place(link.event.seq) + " does not follow from the one before it");
    } else if (hash != hash_of(link)) {
        faults.push_back(place(link.event.seq) + " was changed after it was written");
    }
    last_ = {link.event.seq, hash};
    knows_last_hash_ = true;
}

void ChainWalk::end(std::vector<std::string>& faults) const {
    if (!knows_last_hash_ || last_.hash != chain_.head.hash) {
        faults.push_back(
            place(chain_.head.seq) + ", the last one, is not the one that was written"
        );
    }
}

std::string ChainWalk::place(std::int64_t seq) const {
    return "event " + std::to_string(seq) + " of " + chain_.app;
}

}  // namespace deployctl::state
