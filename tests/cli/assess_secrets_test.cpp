// SPDX-License-Identifier: Apache-2.0
// Secrets of every form are planted in every kind of file that an assessment reads; no report, no
// explanation, no patch and no kept answer has one of them.
#include "documents/json.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

using namespace deployctl;
using tests::Folder;
using tests::Shell;

namespace {

/// What is planted; each with this word in it.
const std::string planted = "Hunter2";

const std::string pod_yaml = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers:
        - name: load
          image: postgres
          command: [sh, -c, 'PGPASSWORD=Hunter2a psql postgres://shop:Hunter2b@db/shop < x.sql']
      containers:
        - name: web
          image: https://ci:Hunter2c@registry.example.org/web
          args: [--password=Hunter2d, --token, Hunter2e, '-u', 'admin:Hunter2f']
          env:
            - {name: DB_PASSWORD, value: Hunter2g}
            - {name: DATABASE_URL, value: 'mysql://shop:Hunter2h@db/shop'}
            - {name: HOOK, value: 'https://hooks.slack.com/services/T0/B0/Hunter2i'}
            - name: API_TOKEN
              value: Hunter2j
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: dump, namespace: shop}
spec:
  schedule: '0 3 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: dump
              image: mysql:8.0.1
              command: [mysqldump, -u, root, -pHunter2k, shop]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  password: Hunter2l
  app.properties: |
    db.password=Hunter2m
    token: Hunter2n
---
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {password: Hunter2o}
)";

const std::string script = R"(#!/bin/bash
export AWS_SECRET_ACCESS_KEY=Hunter2a
PGPASSWORD=Hunter2b pg_dump -h db shop > shop.sql
mysqldump -u root -pHunter2c shop > shop.sql
mysqldump -u root --password=Hunter2d shop | curl -k -u admin:Hunter2e -T - ftp://x
kubectl --token=eyJHunter2aaaaaa.bbb.ccc apply -f k8s/
kubectl create secret generic db --from-literal=admin=Hunter2f
helm upgrade web charts/web --set db.password=Hunter2g
curl -H "Authorization: Bearer Hunter2h" https://deploy.example.org
curl -H "X-Api-Key: Hunter2i" https://ci:Hunter2j@deploy.example.org
docker login -u ci -p Hunter2k registry.example.org
echo Hunter2l | docker login -u ci --password-stdin registry.example.org
redis-cli -a Hunter2m BGSAVE
sshpass -p Hunter2n ssh root@db pg_restore shop
restic -r s3:https://key:Hunter2o@s3.example.org backup /data
psql postgres://shop:Hunter2p@db/shop < shop.sql
git clone https://ghp_Hunter2qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq@github.com/a/b
cat > key.pem <<END
-----BEGIN RSA PRIVATE KEY-----
MIIHunter2rqqqq
-----END RSA PRIVATE KEY-----
END
)";

const std::string terraform = R"(terraform {
  backend "s3" {
    bucket     = "state"
    access_key = "AKIAHUNTER2AHUNTER2A"
    secret_key = "Hunter2a"
  }
}
provider "aws" {
  secret_key = "Hunter2b"
}
module "net" {
  source = "git::https://ci:Hunter2c@example.org/net.git"
}
resource "aws_db_instance" "db" {
  username = "root"
  password = "Hunter2d"
}
resource "aws_instance" "web" {
  user_data = "export DB_PASSWORD=Hunter2e; mysql -pHunter2f"
}
variable "db_password" {
  default = "Hunter2g"
}
output "url" {
  value = "postgres://shop:Hunter2h@db/shop"
}
)";

const std::string workflow = R"(on: push
env: {DEPLOY_TOKEN: Hunter2a}
jobs:
  deploy:
    runs-on: ubuntu-latest
    container: {image: 'x/y:1', credentials: {username: ci, password: Hunter2b}}
    steps:
      - uses: docker://ci:Hunter2c@registry.example.org/tool
      - uses: actions/checkout@v4
        with: {token: Hunter2d}
      - run: |
          curl -k -u ci:Hunter2e https://example.org/install.sh | bash
          kubectl --token=Hunter2f apply -f k8s/
          echo "password: Hunter2g" >> values.yaml
)";

const std::string gitlab = R"(variables: {DB_PASSWORD: Hunter2a}
deploy:
  image: registry.example.org/tool
  environment: production
  script:
    - docker login -u ci -p Hunter2b registry.example.org
    - 'curl -k --header "PRIVATE-TOKEN: Hunter2c" https://example.org'
    - helm upgrade web . --set password=Hunter2d || true
)";

const std::string dockerfile = R"(FROM debian
ARG NPM_TOKEN=Hunter2a
ENV DB_PASSWORD=Hunter2b API_URL=https://ci:Hunter2c@example.org
RUN curl -k -u admin:Hunter2d https://example.org/install.sh | sh
RUN wget --no-check-certificate --password=Hunter2e https://example.org/a
RUN pip install --trusted-host x --index-url https://ci:Hunter2f@pypi.example.org/simple a
ADD https://ci:Hunter2g@example.org/a.tar.gz /a
CMD app --token Hunter2h
)";

const std::string compose = R"(services:
  web:
    image: registry.example.org/web
    command: server --password Hunter2a
    environment: {DB_PASSWORD: Hunter2b, URL: 'redis://:Hunter2c@cache/0'}
    healthcheck: {test: [CMD, redis-cli, -a, Hunter2d, ping]}
    build: {context: ., args: {NPM_TOKEN: Hunter2e}}
  db:
    image: postgres
    environment: [POSTGRES_PASSWORD=Hunter2f]
)";

const std::string alertmanager = R"(global:
  smtp_auth_password: Hunter2a
  slack_api_url: https://hooks.slack.com/services/T0/B0/Hunter2b
route: {receiver: people}
receivers:
  - name: people
    pagerduty_configs: [{service_key: Hunter2c}]
    webhook_configs: [{url: 'https://ci:Hunter2d@example.org/hook'}]
    slack_configs: [{api_url: 'https://hooks.slack.com/services/T0/B0/Hunter2e'}]
)";

const std::string prometheus = R"(global: {scrape_interval: 15s}
scrape_configs:
  - job_name: web
    basic_auth: {username: a, password: Hunter2a}
    static_configs: [{targets: ['ci:Hunter2b@web:80']}]
remote_write: [{url: 'https://ci:Hunter2c@example.org/write', bearer_token: Hunter2d}]
)";

const std::string kustomization = R"(resources: [../pod]
secretGenerator:
  - name: db
    literals: [password=Hunter2a]
configMapGenerator:
  - name: settings
    literals: ['url=postgres://shop:Hunter2b@db/shop']
)";

const std::string makefile = R"(DB_PASSWORD ?= Hunter2a
deploy:
	kubectl --token=Hunter2b apply -f k8s/
	curl -k -u ci:Hunter2c https://example.org
backup:
	mysqldump -pHunter2d shop > shop.sql
	PGPASSWORD=Hunter2e pg_dump shop
)";

class Planted {
public:
    Planted() {
        const std::vector<std::pair<const char*, const std::string&>> files = {
            {"k8s/pod/web.yaml", pod_yaml},
            {"k8s/production/kustomization.yaml", kustomization},
            {"scripts/deploy.sh", script},
            {"infra/main.tf", terraform},
            {".github/workflows/deploy.yml", workflow},
            {".gitlab-ci.yml", gitlab},
            {"Dockerfile", dockerfile},
            {"docker-compose.yml", compose},
            {"monitoring/alertmanager.yml", alertmanager},
            {"monitoring/prometheus.yml", prometheus},
            {"Makefile", makefile},
        };
        for (const auto& [path, text] : files) {
            write(path, text);
        }
        write("infra/production.tfvars", "db_password = \"Hunter2a\"\n");
        write("k8s/pod/kustomization.yaml", "resources: [web.yaml]\n");
        write("k8s/broken.yaml", "kind: Secret\napiVersion: v1\ndata: {a: 'Hunter2z\n");
        write("monitoring/rules.yml", "groups: [{name: a, rules: []}]\n");
        shell.columns = 200;
        shell.environment["XDG_CACHE_HOME"] = folder.path("cache");
    }

    tests::Answer assess(const std::string& words) {
        return shell.run("assess " + words + " -e production");
    }

    std::string repository() const { return folder.path("shop"); }

    Folder folder;
    Shell shell;

private:
    void write(const std::string& path, const std::string& text) const {
        folder.write("shop/" + path, text);
    }
};

/// The lines that have it, so that a failure tells where.
std::string lines_with_secrets(const std::string& text) {
    std::string lines;
    for (auto at = text.find(planted); at != std::string::npos; at = text.find(planted, at)) {
        const auto before = text.rfind('\n', at);
        const auto begin = before == std::string::npos ? 0 : before + 1;
        const auto end = std::min(text.find('\n', at), text.size());
        lines += text.substr(begin, end - begin) + "\n";
        at = end;
    }
    return lines;
}

}  // namespace

TEST_CASE("no report of an assessment has a planted secret", "[cli]") {
    Planted shop;
    for (const auto* format : {"json", "wide", "table", "sarif", "junit", "md", "html", "yaml"}) {
        CAPTURE(format);
        const auto answer = shop.assess(shop.repository() + " -o " + format);
        CHECK(answer.out.size() > 1000);
        CHECK(lines_with_secrets(answer.out + answer.err) == "");
    }
    const auto out = shop.folder.path("report.json");
    shop.assess(shop.repository() + " -o json --out " + out);
    CHECK(lines_with_secrets(shop.folder.read("report.json")) == "");
    const std::string cache = "cache/deployctl/assess";
    std::string kept;
    for (const auto& entry : std::filesystem::directory_iterator(shop.folder.path(cache))) {
        kept += shop.folder.read(cache + "/" + entry.path().filename().string());
    }
    CHECK(kept.size() > 1000);
    CHECK(lines_with_secrets(kept) == "");
}

TEST_CASE("no explanation of a check and no patch has a planted secret", "[cli]") {
    Planted shop;
    const auto report = documents::read_json(shop.assess(shop.repository() + " -o json").out);
    std::set<std::string> checks = {"K8S-58", "K8S-158"};
    for (const auto& rule : report.items("/rules")) {
        if (documents::write_json(rule).find("***") != std::string::npos) {
            checks.insert(std::string(rule.view("/id")));
        }
    }
    CHECK(checks.size() > 4);
    for (const auto& check : checks) {
        CAPTURE(check);
        const auto answer = shop.assess("explain " + check + " " + shop.repository());
        CHECK_FALSE(answer.out.empty());
        CHECK(lines_with_secrets(answer.out + answer.err) == "");
    }
    for (const auto* format : {"", " -o json"}) {
        const auto answer = shop.assess("fix --dry-run " + shop.repository() + format);
        CHECK_FALSE((answer.out + answer.err).empty());
        CHECK(lines_with_secrets(answer.out + answer.err) == "");
    }
}
