// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/operators.hpp"

#include <array>

namespace deployctl::readiness {

std::optional<Answer> ask_operators(const Subject& selecting, const Facts& facts) {
    static constexpr std::array<std::string_view, 26> makers = {
        "Prometheus",
        "PrometheusAgent",
        "Alertmanager",
        "ThanosRuler",
        "Grafana",
        "Elasticsearch",
        "Kibana",
        "Logstash",
        "OpenSearchCluster",
        "Kafka",
        "KafkaConnect",
        "StrimziPodSet",
        "Cluster",
        "PostgresCluster",
        "postgresql",
        "PerconaXtraDBCluster",
        "MongoDBCommunity",
        "PerconaServerMongoDB",
        "RedisCluster",
        "RedisFailover",
        "RabbitmqCluster",
        "CassandraDatacenter",
        "EtcdCluster",
        "Jaeger",
        "OpenTelemetryCollector",
        "Keycloak",
    };
    for (const auto kind : makers) {
        if (!facts.of(kind, *selecting.scope).empty()) {
            return not_known("an operator may make its pods of " + std::string(kind));
        }
    }
    return std::nullopt;
}

}  // namespace deployctl::readiness
