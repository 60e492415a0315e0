// SPDX-License-Identifier: Apache-2.0
// What is taken for a secret, and what only sounds like one: each wrong alarm of these was seen.
#include "readiness/checks/secrets.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace deployctl::readiness {
namespace {

Secrecy of(const std::string& name, const std::string& value) {
    const documents::Tree tree;
    return secrecy_of(name, tree.scalar({1, 1}, value));
}

TEST_CASE("settings that only sound like secrets are none", "[readiness]") {
    const auto [name, value] = GENERATE(table<std::string, std::string>({
        {"TOKENIZER", "cl100k"},
        {"SECRET_STORE", "vault-main"},
        {"PASSWORD_HASH_ALGO", "argon2id"},
        {"TOKEN_AUDIENCE", "api"},
        {"PASSWORD_REGEX", "^.{12,}$"},
        {"SECRET_MOUNT", "kv-prod"},
        {"MAX_TOKENS", "4096"},
        {"AWS_ACCESS_KEY_ID", "not-shown-here"},
        {"DB_PASSWORD_FILE", "/run/secrets/db"},
        {"POSTGRES_PASSWORD_SECRET", "db-creds"},
        {"S3_ACCESS_KEY_SECRET", "s3-creds"},
        {"DB_SECRET", "billing-db-credentials"},
        {"JWT_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:jwt"},
        {"DB_SECRET", "arn:aws:secretsmanager:eu-west-1:1:secret:db"},
        {"DB_SECRET", "projects/p/secrets/db/versions/1"},
        {"API_TOKEN", "vault:secret/data/api#token"},
        {"DB_PASSWORD", "op://vault/item/field"},
        {"DB_PASSWORD", "ref+awssecrets://db/password"},
        {"DB_PASSWORD", "$(DB_PASSWORD_FROM_ELSEWHERE)"},
        {"DB_PASSWORD", "ENC[AES256_GCM,data:x]"},
        {"GOOGLE_CREDENTIALS", "account.json"},
        {"REDIS_CONNECTION_STRING", "redis:6379"},
    }));
    INFO(name << "=" << value);
    CHECK(of(name, value) == Secrecy::none);
}

TEST_CASE("secrets are known by their names and by their forms", "[readiness]") {
    const auto [name, value] = GENERATE(table<std::string, std::string>({
        {"DB_PASSWORD", "hunter2horse"},
        {"dbPassword", "hunter2horse"},
        {"DB_PASS", "hunter2horse"},
        {"apiKey", "f3a9c1"},
        {"encryption-key", "f3a9c1f3a9c1"},
        {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMIK7MDENG"},
        {"JWT_SECRET", "correct-horse"},
        {"STRIPE", "sk_live_0123456789abcdef"},
        {"HOOK", "https://hooks.slack.com/services/T0/B0/abcdef"},
        {"DSN", "host=db user=app password=hunter2horse"},
        {"CONFIG", "{\"password\": \"hunter2horse\"}"},
        {"URL", "postgres://app:hunter2horse@db/app"},
        {"STORAGE_CONNECTION_STRING", "AccountName=shop;AccountKey=hunter2horse=="},
    }));
    INFO(name << "=" << value);
    CHECK(of(name, value) == Secrecy::literal);
}

}  // namespace
}  // namespace deployctl::readiness
