// SPDX-License-Identifier: Apache-2.0
#include "promotion/order.hpp"

#include "model/text.hpp"
#include "promotion/cycles.hpp"
#include "promotion/waves.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace deployctl::promotion {

namespace {

using Names = std::vector<std::string>;

const Environment* find_environment(const Configuration& configuration, const std::string& name) {
    const auto found = configuration.environments.find(name);
    return found == configuration.environments.end() ? nullptr : &found->second;
}

bool stands_in(
    const Configuration& configuration,
    const std::string& name,
    const Wanted& wanted,
    const Facts& facts
) {
    const auto* environment = find_environment(configuration, name);
    return environment != nullptr &&
           std::ranges::all_of(places_of(*environment), [&](const Place& place) {
               return is_there(facts.at(name_of(place)), wanted);
           });
}

/// What stands in all of it; its first place speaks for it.
const Stand& stand_of(
    const Configuration& configuration, const std::string& name, const Facts& facts
) {
    const auto* environment = find_environment(configuration, name);
    const auto places = environment == nullptr ? std::vector<Place>{} : places_of(*environment);
    return facts.at(places.empty() ? name : name_of(places.front()));
}

std::string before(const Names& order, const std::string& name) {
    const auto found = std::ranges::find(order, name);
    return found == order.end() || found == order.begin() ? "" : *(found - 1);
}

Names mistakes_of(const Configuration& configuration, const Request& request) {
    const auto& order = configuration.promotion.order;
    if (order.empty()) {
        return {"deploy.yaml has no promotion.order"};
    }
    Names mistakes;
    auto sorted = order;
    std::ranges::sort(sorted);
    if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
        mistakes.push_back("promotion.order names " + *twice + " twice");
    }
    for (const auto& name : order) {
        if (find_environment(configuration, name) == nullptr) {
            mistakes.push_back("promotion.order names " + name + ", which is no environment");
        }
    }
    for (const auto& name : {request.from, request.to, request.through}) {
        if (!name.empty() && std::ranges::count(order, name) == 0) {
            mistakes.push_back(name + " is not in promotion.order, which is " + join(order, ", "));
        }
    }
    std::map<std::string, Names> needs;
    for (const auto& [name, environment] : configuration.environments) {
        needs[name] = required_by(configuration, name);
    }
    if (const auto cycle = find_cycle(needs); !cycle.empty()) {
        mistakes.push_back("environments require each other: " + join(cycle, ", which requires "));
    }
    return mistakes;
}

/// Two environments of one namespace would undo each other's releases.
Names shared_namespaces(const Configuration& configuration, const Names& environments) {
    Names mistakes;
    std::map<std::pair<std::string, std::string>, std::string> seen;
    for (const auto& name : environments) {
        for (const auto& place : places_of(*find_environment(configuration, name))) {
            const auto [other, is_new] =
                seen.try_emplace({place.context, place.kube_namespace}, name_of(place));
            if (!is_new) {
                mistakes.push_back(
                    other->second + " and " + name_of(place) + " are the same namespace, " +
                    (place.kube_namespace.empty() ? "that of the context" : place.kube_namespace)
                );
            }
        }
    }
    return mistakes;
}

/// Those that it is brought to, or why there are none.
struct Targets {
    Names names;
    std::string mistake;
};

Targets targets_of(const Names& order, const Request& request, const std::string& source) {
    if (!request.to.empty()) {
        return {{request.to}, ""};
    }
    const auto begin = source.empty() ? order.begin() : std::ranges::find(order, source) + 1;
    if (!request.through.empty()) {
        const auto end = std::ranges::find(order, request.through) + 1;
        return end <= begin ? Targets{{}, ""} : Targets{{begin, end}, ""};
    }
    if (begin == order.end()) {
        return {{}, source + " is the last one of promotion.order"};
    }
    return {{*begin}, ""};
}

/// How long it has stood in a place, against how long it has to before it goes on.
std::string missing_soak(const Place& place, const Stand& stand, Duration soak, WallTime now) {
    if (soak <= Duration::zero()) {
        return "";
    }
    const auto name = name_of(place);
    if (!stand.since) {
        return "since when it stands in " + name + " is not known, and it has to be " +
               deployctl::to_text(soak);
    }
    const auto age = std::max(Duration(now - *stand.since), Duration::zero());
    return age >= soak
               ? ""
               : stand.version + " stands in " + name + " for " + to_short_text(age) + " of " +
                     deployctl::to_text(soak) + ": " + to_short_text(soak - age) + " are left";
}

class Drawing {
public:
    Drawing(const Configuration& configuration, const Facts& facts, Wanted wanted, Draft& draft)
        : configuration_(configuration), facts_(facts), wanted_(std::move(wanted)), draft_(draft) {}

    void bring_to(const std::string& name) {
        const auto& environment = *find_environment(configuration_, name);
        const auto first = std::size(draft_.line.legs);
        if (stands_in(configuration_, name, wanted_, facts_)) {
            add_legs(draft_, environment, wanted_, facts_, {});
            return;
        }
        Entry entry;
        for (const auto& required : required_by(configuration_, name)) {
            require(name, required, entry);
        }
        add_legs(draft_, environment, wanted_, facts_, entry);
        for (auto at = first; at < std::size(draft_.line.legs); ++at) {
            brought_[name].push_back(draft_.line.legs[at].name);
        }
    }

private:
    void require(const std::string& name, const std::string& required, Entry& entry) {
        const auto soaks = configuration_.promotion.soak.find(name);
        const auto soak =
            soaks == configuration_.promotion.soak.end() ? Duration::zero() : soaks->second;
        if (const auto legs = brought_.find(required); legs != brought_.end()) {
            append(entry.needs, legs->second);
            entry.soak = std::max(entry.soak, soak);
            return;
        }
        const auto* environment = find_environment(configuration_, required);
        if (environment == nullptr) {
            refuse(name + " requires " + required + ", which is no environment");
            return;
        }
        for (const auto& place : places_of(*environment)) {
            check_stand(name, place, soak);
        }
    }

    void check_stand(const std::string& name, const Place& place, Duration soak) {
        const auto& stand = facts_.at(name_of(place));
        const auto head = name + " requires " + told(wanted_) + " in " + name_of(place);
        if (!stand.trouble.empty()) {
            refuse(head + ": " + stand.trouble);
        } else if (!is_there(stand, wanted_)) {
            refuse(head + ", where " + told(stand) + " stands");
        } else if (!stand.under_way.empty()) {
            refuse(head + ", where " + stand.under_way + " is under way");
        } else if (auto missing = missing_soak(place, stand, soak, facts_.now); !missing.empty()) {
            refuse(name + ": " + missing);
        }
    }

    void refuse(std::string why) { draft_.refusals.push_back(std::move(why)); }

    const Configuration& configuration_;
    const Facts& facts_;
    Wanted wanted_;
    Draft& draft_;
    std::map<std::string, Names> brought_;  ///< legs by environment
};

/// The digest that every leg has to have, or why nobody knows it.
std::string digest_of(const Stand& stand, const std::string& registered, Draft& draft) {
    const auto& source = draft.line.source;
    const auto digest = source.empty() ? registered : stand.digest;
    if (digest.empty() && draft.refusals.empty()) {
        draft.refusals.push_back(
            "the digest of " + draft.line.version + " is not known in " +
            (source.empty() ? std::string("the registry") : source) +
            ", and promotion.same_digest wants it"
        );
    }
    return digest;
}

/// The version that is to be brought, or why nobody knows it.
std::string version_of(const Stand& stand, const Request& request, Draft& draft) {
    const auto& source = draft.line.source;
    if (source.empty()) {
        return request.version;
    }
    if (!stand.trouble.empty() || stand.version.empty()) {
        draft.refusals.push_back(
            "what stands in " + source + " is not known" +
            (stand.trouble.empty() ? "" : ": " + stand.trouble)
        );
    } else if (!request.version.empty() && stand.version != request.version) {
        draft.refusals.push_back(
            request.version + " does not stand in " + source + ": " + told(stand) + " does"
        );
    }
    return stand.version;
}

}  // namespace

Names required_by(const Configuration& configuration, const std::string& environment) {
    const auto& promotion = configuration.promotion;
    const auto said = promotion.require.find(environment);
    Names required;
    if (said != promotion.require.end()) {
        required = said->second;
    } else if (auto previous = before(promotion.order, environment); !previous.empty()) {
        required = {std::move(previous)};
    }
    const auto* settings = find_environment(configuration, environment);
    const auto followed = settings == nullptr ? "" : settings->follows;
    if (!followed.empty() && std::ranges::count(required, followed) == 0) {
        required.push_back(followed);
    }
    return required;
}

std::string source_of(
    const Configuration& configuration, const Request& request, const Facts& facts
) {
    const auto& order = configuration.promotion.order;
    if (!request.from.empty()) {
        return request.from;
    }
    if (request.version.empty()) {
        return !request.to.empty() ? before(order, request.to) : order.empty() ? "" : order.front();
    }
    const auto end = request.to.empty() ? order.end() : std::ranges::find(order, request.to);
    for (auto name = end; name != order.begin();) {
        --name;
        const auto& stand = stand_of(configuration, *name, facts);
        const Wanted wanted{request.version, stand.digest};
        if (stand.version == request.version && stands_in(configuration, *name, wanted, facts)) {
            return *name;
        }
    }
    return "";
}

Draft draw_promotion(
    const Configuration& configuration,
    const Request& request,
    const Facts& facts,
    const std::string& registered
) {
    Draft draft;
    auto& line = draft.line;
    line.kind = LineKind::promotion;
    line.name = configuration.app.name;
    line.version = request.version;
    draft.refusals = mistakes_of(configuration, request);
    if (!draft.refusals.empty()) {
        return draft;
    }
    const auto& order = configuration.promotion.order;
    draft.refusals = shared_namespaces(configuration, order);
    line.source = source_of(configuration, request, facts);
    const auto& stand = stand_of(configuration, line.source, facts);
    line.version = version_of(stand, request, draft);
    Wanted wanted{line.version, ""};
    if (configuration.promotion.same_digest) {
        wanted.digest = digest_of(stand, registered, draft);
    }
    const auto targets = targets_of(order, request, line.source);
    if (!targets.mistake.empty()) {
        draft.refusals.push_back(targets.mistake);
    }
    if (!draft.refusals.empty()) {
        return draft;
    }
    Drawing drawing(configuration, facts, wanted, draft);
    for (const auto& name : targets.names) {
        drawing.bring_to(name);
    }
    return draft;
}

}  // namespace deployctl::promotion
