// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/image_match.hpp"

#include "readiness/checks/compose.hpp"
#include "readiness/checks/patterns.hpp"

#include <algorithm>

namespace deployctl::readiness {

namespace {

/// "services/web/Dockerfile", "web.Dockerfile" and "docker/Dockerfile.web" are web's.
bool is_named_after(std::string_view path, std::string_view name) {
    const auto slash = path.rfind('/');
    const auto file = path.substr(slash + 1);
    const auto folder = slash == path.npos ? std::string_view() : path.substr(0, slash);
    const auto last = folder.substr(folder.rfind('/') + 1);
    const auto dot = file.find('.');
    const bool by_file =
        dot != file.npos && (file.substr(0, dot) == name || file.substr(dot + 1) == name);
    return by_file || last == name;
}

bool runs(const Subject& service, std::string_view image) {
    const auto own = service.node->text_at("image");
    return own.empty() ? service.name == image_name(image)
                       : image_repository(own) == image_repository(image) ||
                             image_name(own) == image_name(image);
}

}  // namespace

std::string_view image_repository(std::string_view image) {
    image = image.substr(0, image.find('@'));
    const auto colon = image.rfind(':');
    const bool is_tag = colon != image.npos && image.find('/', colon) == image.npos;
    return is_tag ? image.substr(0, colon) : image;
}

std::string_view image_name(std::string_view image) {
    const auto repository = image_repository(image);
    return repository.substr(repository.rfind('/') + 1);
}

std::string_view image_tag(std::string_view image) {
    image = image.substr(0, image.find('@'));
    const auto repository = image_repository(image);
    return repository.size() == image.size() ? std::string_view()
                                             : image.substr(repository.size() + 1);
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

const Subject* dockerfile_of_image(std::string_view image, const Facts& facts) {
    const auto dockerfiles = facts.of("dockerfile");
    if (image.empty() || dockerfiles.empty()) {
        return nullptr;
    }
    bool has_a_name = false;  // then it is no other image's for being the only one
    for (const auto* const service : facts.of("compose-service")) {
        const auto* const built = dockerfile_of_service(*service, facts);
        if (built != nullptr && runs(*service, image)) {
            return built;
        }
        has_a_name = has_a_name || built != nullptr;
    }
    for (const auto* const dockerfile : dockerfiles) {
        if (is_named_after(dockerfile->path, image_name(image))) {
            return dockerfile;
        }
    }
    const bool is_the_one = dockerfiles.size() == 1 && !has_a_name && !is_public_image(image);
    return is_the_one ? dockerfiles.front() : nullptr;
}

std::vector<const Subject*> containers_of_service(const Subject& service, const Facts& facts) {
    std::vector<const Subject*> found;
    for (const auto* const container : facts.of("container")) {
        const auto image = container->node->text_at("image");
        const auto* const workload = container->nearest("workload");
        const bool by_name = container->name == service.name && workload != nullptr &&
                             workload->name == service.name;
        if (!image.empty() && (runs(service, image) || by_name)) {
            found.push_back(container);
        }
    }
    return found;
}

}  // namespace deployctl::readiness
