// SPDX-License-Identifier: Apache-2.0
#include "readiness/redaction.hpp"

#include "readiness/fixes.hpp"
#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

#include <ctime>

namespace deployctl::readiness {
namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

TEST_CASE("what stands where a secret stands is not told", "[readiness]") {
    const std::string text = GENERATE(
        as<std::string>(),
        "PGPASSWORD=Hunter2secret pg_dump -h db shop",
        "kubectl --token=eyJhbGciHunter2.abc.def apply -f .",
        "curl -H \"Authorization: Bearer Hunter2abc\" https://x",
        "curl -H 'X-Api-Key:Hunter2' https://x",
        "a proxy with Bearer abcHunter2 in it",
        "mysqldump -u root -pHunter2 shop",
        "mysqldump -u root -p'two Hunter2' shop",
        "psql postgres://shop:Hunter2@db/shop",
        "psql postgres://shop:Hun/ter@Hunter2@db/shop",
        "redis://:Hunter2@cache:6379/0",
        "https://Hunter2Hunter2Hunter2@o1.ingest.example.org/4",
        "curl -k -u admin:Hunter2 https://x",
        "curl -ksu admin:Hunter2 https://x",
        "curl --user admin:Hunter2 https://x",
        "[\"-u\", \"admin:Hunter2\"]",
        "git::https://user:Hunter2@example.org/x.git?ref=v1",
        "docker://u:Hunter2@example.org/x",
        "[\"--password=Hunter2\", \"--port=80\"]",
        "[server, --password, Hunter2, --port, 80]",
        "args:\n  - --password\n  - Hunter2\n  - --port=80",
        "- name: DB_PASSWORD\n  value: Hunter2",
        "{name: DB_PASSWORD, value: Hunter2}",
        "{\"name\": \"DB_PASSWORD\", \"value\": \"Hunter2\"}",
        "password = \"one Hunter2 two\"",
        "\"password\": \"Hunter2\"",
        "{\\\"password\\\": \\\"Hunter2\\\"}",
        "export DB_PASSWORD='one Hunter2'",
        "DB_PASSWORD=${DB_PASSWORD:-Hunter2}",
        "PASSWORD=a;b&Hunter2",
        "password: one Hunter2",
        "docker login -u ci -p Hunter2 registry.example.org",
        "sshpass -p Hunter2 ssh root@host",
        "redis-cli -a Hunter2 ping",
        "ldapsearch -D cn=admin -w Hunter2",
        "htpasswd -bc file admin Hunter2",
        "echo Hunter2 | docker login --password-stdin",
        "kubectl create secret generic db --from-literal=admin=Hunter2",
        "openssl enc -pass pass:Hunter2 -in a",
        "slack_api_url: https://hooks.slack.com/services/T000/B000/Hunter2",
        "url: 'https://hooks.slack.com/services/T000/B000/Hunter2'",
        "service_key: Hunter2",
        "helm upgrade x --set db.password=Hunter2",
        "ALTER USER x IDENTIFIED BY 'Hunter2'",
        "invalid literal source Hunter2, expected key=value",
        "<adminPassword>Hunter2</adminPassword>",
        "root:Hunter2@tcp(db:3306)/shop",
        "ghp_Hunter2Hunter2",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIHunter2\nxx\n-----END RSA PRIVATE KEY-----",
        "key Qx7JalrXUtn9EMIzK7MDENGHunter2bPxRfiCY3Zq81",
        "AccountName=a;AccountKey=Hunter2==;EndpointSuffix=b",
        "https://a.blob.example.org/b?sv=1&sig=Hunter2"
    );
    const auto shown = redacted(text);
    CAPTURE(text, shown);
    CHECK_FALSE(has(shown, "Hunter2"));
    CHECK(has(shown, "***"));
}

TEST_CASE("ordinary words stay as they are", "[readiness]") {
    const std::string text = GENERATE(
        as<std::string>(),
        "",
        "runAsUser: 0",
        "memory: 128Mi",
        "docker run -u 1000:1000 -p 8080:80 app",
        "registry.example.org/team/api-token:1.2.3",
        "image: vault-secret:v1.2",
        "x/vault-secret@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "docker://alpine:3@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "docker://alpine:3.19",
        "http://localhost:8080/path ssh://git@github.com/a/b https://example.org/x@v1",
        "git commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "automountServiceAccountToken: true",
        "secretName: db-credentials",
        "TOKEN_TTL=300 PASSWORD_FILE=/run/secrets/db API_TOKEN=$(TOKEN)",
        "TOKEN=${{ secrets.TOKEN }}",
        "mysqldump -p\"$DB_PASSWORD\" shop",
        "curl -u \"$NAME:$PASSWORD\" https://x",
        "postgres://shop:${DB_PASSWORD}@db/shop",
        "password = var.db_password",
        "mkdir -p /var/lib/app && cp -p a b",
        "git push -u origin HEAD:main",
        "DB_PASSWORD has a literal value (not shown)",
        "dbPassword: (not shown)",
        "accumulating resources: 'secret.yaml': no such file",
        "a password in plain text",
        "docker build --secret id=npm,src=.npmrc .",
        "docker login --password-stdin registry",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db",
        "Bearer tokens of accounts; Basic authentication",
        "charts/web/templates/deployment.yaml -> Deployment/shop/web/container/app"
    );
    CHECK(redacted(text) == text);
}

TEST_CASE("only the secret is taken from its line", "[readiness]") {
    CHECK(
        redacted("PGPASSWORD=Hunter2 pg_dump -h db > a.sql") ==
        "PGPASSWORD=*** pg_dump -h db > a.sql"
    );
    CHECK(redacted("curl -k -u a:b https://u:p@x/y") == "curl -k -u a:*** https://u:***@x/y");
    CHECK(redacted("[\"--token=Hunter2\", \"--port=80\"]") == "[\"--token=***\", \"--port=80\"]");
    const auto ranges = secrets_in("a TOKEN=Hunter2 b");
    REQUIRE(ranges.size() == 1);
    CHECK(ranges[0].begin == 8);
    CHECK(ranges[0].end == 15);
}

TEST_CASE("texts that nearly hold secrets, again and again, end soon", "[readiness]") {
    const std::string part = GENERATE(
        as<std::string>(),
        "design=",
        "token=$",
        "token: $x ",
        "mysql,-p-",
        "u://u:",
        "${a:-",
        "name: token, ",
        "'--token' ",
        "-----BEGIN PRIVATE KEY ",
        "echo a ",
        "-u a:"
    );
    std::string text;
    while (text.size() < (1U << 16U)) {
        text += part;
    }
    const auto begin = std::clock();
    const auto shown = redacted(text);
    const auto took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    CAPTURE(part);
    CHECK(!shown.empty());
    CHECK(took < 8);
}

TEST_CASE("what a finding says of a file has no secret of it", "[readiness]") {
    const auto pack = rules_of(R"(
- id: OWN-1
  title: nothing is fetched
  category: scaling
  severity: high
  subject: script
  pass: {path: lines/0, is: x}
  message: ${observed}
  why: It is a test.
  mend: Mend it.
  references: [nobody]
)");
    const auto assessment = assess(
        {{"a.sh", "curl -u admin:Hunter2 https://example.org/a/long/path/to/something\n"},
         {"b.sh",
          "curl https://example.org/a/long/path/to/some psql postgres://shop:longHunter2@db/shop\n"}
        },
        pack
    );
    REQUIRE(assessment.results.front().findings.size() == 2);
    for (const auto& finding : assessment.results.front().findings) {
        CAPTURE(finding.observed);
        CHECK(has(finding.observed, "curl"));
        CHECK_FALSE(has(finding.observed, "Hunter2"));
        CHECK_FALSE(has(finding.observed, "longHu"));
    }
}

TEST_CASE("why a file could not be read is told without what stands in it", "[readiness]") {
    auto file = unread_file("a.yaml", "invalid literal source Hunter2, expected key=value");
    file.kind = "kubernetes";
    file.tree = documents::Tree("kind: Service\n");
    const auto shared = std::make_shared<Facts>(Settings());
    shared->add(std::move(file));
    gather_subjects(*shared);
    const auto assessment = ask_rules(shared, own_rules());
    int lost = 0;
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            ++lost;
            CHECK(finding.observed == "invalid literal source ***, expected key=value");
        }
    }
    CHECK(lost > 0);
}

TEST_CASE("a patch does not show a secret that stands beside its lines", "[readiness]") {
    const std::string pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: app\n";
    const auto fixes = mechanical_fixes(assess(
        {{"a.yaml", pod + "      args: [--password, Hunter2]\n      image: b:1\n"},
         {"b.yaml", pod + "      args: [--port, '80']\n      image: b:1\n"}},
        own_rules()
    ));
    REQUIRE(fixes.patches.size() == 1);
    CHECK(fixes.patches.front().path == "b.yaml");
    bool is_named = false;
    for (const auto& left : fixes.left) {
        is_named = is_named || has(left, "a.yaml");
        CHECK_FALSE(has(left, "Hunter2"));
    }
    CHECK(is_named);
}

}  // namespace
}  // namespace deployctl::readiness
