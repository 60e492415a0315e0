// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/images.hpp"

#include "model/image.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace deployctl::readiness {

namespace {

/// Of containers that run one image, so that no index multiplies itself.
constexpr std::size_t most_containers = 200;

/// What a compose service's image is called: `image`, or the service itself.
std::string name_of_service(const Subject& service) {
    const auto image = service.node->text_at("image");
    return image.empty() ? service.name : image_name(image);
}

std::string built_from(const Subject& service) {
    const auto& build = service.node->at("build");
    if (!build.is_map() || build.at("dockerfile_inline").exists()) {
        return {};
    }
    const auto context = std::string(build.text_at("context", "."));
    const auto name = std::string(build.text_at("dockerfile", "Dockerfile"));
    return joined_path(folder_of(service.file->path), context + "/" + name).value_or("");
}

class Matching {
public:
    explicit Matching(Facts& facts) : facts_(facts) {
        for (const auto* const dockerfile : facts.of("dockerfile")) {
            by_path_.emplace(dockerfile->path, dockerfile);
            take_names(*dockerfile);
        }
        for (const auto* const container : facts.of("container")) {
            take(*container);
        }
    }

    void relate() {
        for (const auto* const service : facts_.of("compose-service")) {
            relate_service(*service);
        }
        for (const auto* const container : facts_.of("container")) {
            const auto* const found = dockerfile_of_image(container->node->text_at("image"));
            if (found != nullptr) {
                facts_.relate(*container, relation::dockerfile, *found);
            }
        }
    }

private:
    using ByName = std::map<std::string, const Subject*, std::less<>>;
    using Containers = std::map<std::string, std::vector<const Subject*>, std::less<>>;

    /// "services/web/Dockerfile", "web.Dockerfile" and "docker/Dockerfile.web" are web's.
    void take_names(const Subject& dockerfile) {
        const std::string_view path = dockerfile.path;
        const auto file = base_name(path);
        const auto dot = file.find('.');
        by_place_.emplace(std::string(base_name(folder_of(path))), &dockerfile);
        if (dot != file.npos) {
            by_place_.emplace(std::string(file.substr(0, dot)), &dockerfile);
            by_place_.emplace(std::string(file.substr(dot + 1)), &dockerfile);
        }
    }

    void take(const Subject& container) {
        const auto image = container.node->text_at("image");
        if (!image.empty()) {
            containers_[image_name(image)].push_back(&container);
        }
        if (may_be_built_here(image)) {
            own_images_.insert(image_name(image));
        }
        const auto* const workload = container.nearest("workload");
        if (workload != nullptr && workload->name == container.name) {
            namesakes_[container.name].push_back(&container);
        }
    }

    void relate_service(const Subject& service) {
        const auto built = by_path_.find(built_from(service));
        if (built != by_path_.end()) {
            facts_.relate(service, relation::dockerfile, *built->second);
            by_service_.emplace(name_of_service(service), built->second);
        }
        std::vector<const Subject*> found;
        bool are_all = add(containers_, name_of_service(service), found);
        are_all = add(namesakes_, service.name, found) && are_all;
        if (!are_all) {
            facts_.relate(service, relation::more_containers, service);
        }
        for (const auto* const container : found) {
            facts_.relate(service, relation::containers, *container);
        }
    }

    /// False where there are more than are taken.
    static bool add(
        const Containers& all, std::string_view name, std::vector<const Subject*>& found
    ) {
        const auto named = all.find(name);
        if (named == all.end()) {
            return true;
        }
        for (const auto* const container : named->second) {
            const bool is_there = std::ranges::find(found, container) != found.end();
            if (!is_there && found.size() == most_containers) {
                return false;
            }
            if (!is_there) {
                found.push_back(container);
            }
        }
        return true;
    }

    /// Nobody builds a well-known image, or one of a registry of others, from a Dockerfile here.
    static bool may_be_built_here(std::string_view image) {
        static const RE2 of_others(
            "^(registry\\.k8s\\.io|k8s\\.gcr\\.io|mcr\\.microsoft\\.com|cgr\\.dev|"
            "(docker\\.io/)?(library|bitnami|bitnamilegacy|grafana|prom|hashicorp|istio|linkerd|"
            "fluxcd|datadog|elastic|amazon|google|kong|cloudflare)|"
            "(quay\\.io|ghcr\\.io)/(prometheus|jetstack|argoproj|kyverno|fluxcd|cilium|coreos))/"
        );
        return !image.empty() && !is_public_image(image) && !is_found(of_others, image);
    }

    /// The only Dockerfile is that of the only image that may be built here, unless a compose
    /// service has said whose it is.
    const Subject* dockerfile_of_image(std::string_view image) const {
        const auto name = image_name(image);
        for (const auto* const names : {&by_service_, &by_place_}) {
            const auto found = names->find(name);
            if (!name.empty() && found != names->end()) {
                return found->second;
            }
        }
        const bool is_the_one = by_path_.size() == 1 && by_service_.empty() &&
                                own_images_.size() == 1 && own_images_.contains(name);
        return is_the_one ? by_path_.begin()->second : nullptr;
    }

    Facts& facts_;
    std::map<std::string, const Subject*, std::less<>> by_path_;
    ByName by_place_;
    ByName by_service_;
    std::set<std::string, std::less<>> own_images_;  ///< names of those that may be built here
    Containers containers_;                          ///< by the name of their image
    Containers namesakes_;                           ///< called as their workload is, by that name
};

void gather(FileList, Facts& facts) {
    Matching(facts).relate();
}

}  // namespace

Input images_input() {
    return {"images", "", [](const AssessedFile& /*file*/) { return false; }, gather, nullptr};
}

std::string image_name(std::string_view image) {
    return std::string(base_name(read_image(image).repository));
}

std::string full_image(std::string_view image) {
    const auto slash = image.find('/');
    const auto first = image.substr(0, slash == image.npos ? 0 : slash);
    constexpr std::string_view here = "localhost";
    const bool is_host = first.find_first_of(".:") != first.npos || first == here;
    return (is_host ? "" : "docker.io/") + std::string(image);
}

bool is_from(std::string_view image, const std::vector<std::string>& registries) {
    const auto full = full_image(image);
    return std::ranges::any_of(registries, [&](const std::string& registry) {
        return full == registry || full.starts_with(registry + "/");
    });
}

bool is_public_image(std::string_view image) {
    static const RE2 names(
        "^(postgres|postgis|postgresql|timescaledb|mysql|mariadb|percona|mongo|mongodb|redis|"
        "valkey|"
        "memcached|elasticsearch|opensearch|cassandra|influxdb|clickhouse|clickhouse-server|"
        "rabbitmq|"
        "kafka|zookeeper|etcd|neo4j|minio|nginx|httpd|haproxy|traefik|envoy|caddy|varnish|busybox|"
        "alpine|debian|ubuntu|curl|bash|pause|kubectl|prometheus|alertmanager|grafana|loki|tempo|"
        "jaeger|node-exporter|kube-state-metrics|fluentd|fluent-bit|vault|consul|oauth2-proxy|"
        "[a-z0-9]+[-_]exporter)$"
    );
    return is_found(names, image_name(image));
}

const Subject* dockerfile_of(const Subject& container_or_service, const Facts& facts) {
    const auto found = facts.related(container_or_service, relation::dockerfile);
    return found.empty() ? nullptr : found.front();
}

}  // namespace deployctl::readiness
