// SPDX-License-Identifier: Apache-2.0
#include "readiness/redaction_forms.hpp"

#include <vector>

namespace deployctl::readiness {

namespace {

// Double quotes are written \x22: tools that count lines and braces know no raw strings.

/// A word of a shell with its quotes, which may be cut off.
std::string word() {
    return R"re(((?:\x22(?:[^\x22\\\n]|\\.)*\x22?|'[^'\n]*'?|[^\s\x22'])+))re";
}

/// Whatever may be the name of a secret; the names are judged one by one.
std::string name() {
    return R"re(([\w.-]*(?:pass|pwd|pw|secret|token|key|credential|auth|dsn|sig|string|hook|api_url)[\w.-]*))re";
}

/// Between a switch and its value, in a line, in a list in brackets and in one of dashes.
constexpr const char* gap = R"re((?:\\*[\x22']?[ \t]*,[ \t]*|[ \t]*\n\s*-[ \t]+|[ \t]+|=))re";

std::vector<SecretForm> named_values() {
    return {
        {"(?i)" + name() + R"re(\\*[\x22'\]]?[ \t]*(?:[:?+]?=>?|==)[ \t]*())re", SecretBy::name},
        {"(?i)" + name() +
             R"re((?:\\*[\x22'][ \t]*:[ \t]*|[ \t]*:[ \t]+|[ \t]*:\\*[\x22']|[ \t]*:[ \t]*\n\s+)())re",
         SecretBy::line},
        {R"re((?i)name\\*[\x22']?[ \t]*:[ \t]*\\*[\x22']?)re" + name() +
             R"re(\\*[\x22']?\s*,?\s*\\*[\x22']?value\\*[\x22']?[ \t]*:\s*())re",
         SecretBy::line},
        {R"re((?i)(?:^|[\s\x22',\[(=])--?)re" + name() + gap + "()", SecretBy::name},
        {R"re(\$\{(\w+):?[-=+?]())re", SecretBy::line},
        {"(?i)<" + name() + ">()", SecretBy::line},
        {R"re((?:-H|--header)(?i)[= \t]*\\*[\x22']?)re" + name() + R"re(:[ \t]*())re",
         SecretBy::line},
    };
}

/// Where programs take a secret.
std::vector<SecretForm> places() {
    const std::string before = R"re(\b[^\n|;&]*?[\s\x22',]-)re";
    return {
        {R"re((?i)(authorization|cookie)\\*[\x22']?[ \t]*[:=][ \t]*\\*[\x22']?([^\n\x22']+))re",
         SecretBy::place},
        {R"re((?i)\b(bearer|basic)[ \t]+\\*[\x22']?([A-Za-z0-9+/=_.~-]*[0-9+/=_.~][A-Za-z0-9+/=_.~-]*))re",
         SecretBy::place},
        {R"re(\b(mysql\w*|mariadb[\w-]*|xtrabackup|innobackupex|7za?|u?n?rar))re" + before + "p" +
             word(),
         SecretBy::place},
        {R"re(\b((?:docker|podman|nerdctl|buildah|skopeo|helm|crane|oras|az|oc|cf|argocd)\b[^\n|;&]*?\blogin|)re"
         R"re(sshpass|mongo\w*|rabbitmqadmin|lftp))re" +
             before + R"re(p[= \t\x22',]*)re" + word(),
         SecretBy::place},
        {R"re(\b(redis-cli))re" + before + R"re(a[= \t\x22',]*)re" + word(), SecretBy::place},
        {R"re(\b(ldap\w+))re" + before + R"re(w[= \t\x22',]*)re" + word(), SecretBy::place},
        {R"re(\b(zip|unzip))re" + before + R"re(P[= \t\x22',]*)re" + word(), SecretBy::place},
        {R"re(\b(htpasswd)[ \t]+-\w*n\w*[ \t]+\S+[ \t]+)re" + word(), SecretBy::place},
        {R"re(\b(htpasswd)[ \t]+-\w*b\w*[ \t]+\S+[ \t]+\S+[ \t]+)re" + word(), SecretBy::place},
        {R"re(\b(pass:))re" + word(), SecretBy::place},
        {R"re((?i)\b(identified[ \t]+by|password)[ \t]+(\\*['\x22][^'\x22\n]+))re", SecretBy::place
        },
        {R"re(\b(login[ \t]+\S+[ \t]+password|requirepass|masterauth)[ \t]+)re" + word(),
         SecretBy::place},
        {R"re(--(from-literal)[= \t\x22']+[\w.-]+=)re" + word(), SecretBy::place},
        {R"re(\b(echo|printf)[ \t]+(?:-\w+[ \t]+)*(\x22[^\x22\n]*\x22|'[^'\n]*'|[^\s|]+)[ \t]*\|[^\n|]*)re"
         R"re((?:--password-stdin|passwd|sudo -S|kinit|--passphrase-fd|pass:stdin))re",
         SecretBy::place},
        {R"re((literal source )([^,\n]+))re", SecretBy::place},  // what kustomize complains of
        {R"re((?:^|[\s\x22',\[])(?:-[a-zA-Z]*[uU]|--(?:proxy-)?user)(?:[\x22']?[ \t]*,[ \t]*|[ \t]*\n\s*-[ \t]+|[= \t]*)[\x22']?)re"
         R"re(([^\s:\x22'/,=]+):)re" +
             word(),
         SecretBy::user},
        {R"re((?:-U|--user)[= \t]*[\x22']?([^\s%\x22']+)%)re" + word(), SecretBy::place},
        {R"re(([\w.-]+):([^\s@/\x22']+)@(?:tcp|unix)\()re", SecretBy::place},
        {R"re(([A-Za-z][A-Za-z0-9+.-]*://)([^\s\x22'<>]+))re", SecretBy::address},
        {R"re((oracle:thin:[^/\s]*/|sqlplus[ \t]+[^/\s]+/)([^\s@]+)@)re", SecretBy::place},
    };
}

/// Keys that tell what they are; shorter than they are made, since texts are cut.
std::vector<SecretForm> known_keys() {
    return {
        {R"re(()\b((?:AKIA|ASIA)[0-9A-Z]{8,}|gh[pousr]_[A-Za-z0-9]{6,}|github_pat_\w{6,}|)re"
         R"re(glpat-[\w-]{6,}|glsa_\w{6,}|dckr_pat_[\w-]{6,}|xox[abeprs]-[\w-]{6,}|xapp-[\w-]{6,}|)re"
         R"re([sr]k_(?:live|test)_\w{6,}|sk-[\w-]{16,}|npm_[A-Za-z0-9]{10,}|pypi-[\w-]{10,}|)re"
         R"re(AIza[\w-]{10,}|ya29\.[\w-]{6,}|SG\.[\w-]{8,}\.[\w.-]*|hv[sb]\.[\w-]{8,}|)re"
         R"re(dop_v1_\w{6,}|shp(?:at|ss|ca)_\w{6,}|AGE-SECRET-KEY-1\w*|ATATT3[\w=-]{6,}|)re"
         R"re(NRAK-\w{6,}|eyJ[\w-]{8,}[\w.=-]*))re",
         SecretBy::form},
        {R"re((-----BEGIN [A-Z ]*PRIVATE KEY)((?s:.*?)(?:-----END|\z)))re", SecretBy::form},
        {R"re((hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/|)re"
         R"re(webhook\.office\.com/|office\.com/webhook/|api\.telegram\.org/bot|)re"
         R"re(events\.pagerduty\.com/integration/|chat\.googleapis\.com/v1/spaces/)([^\s\x22'<>]+))re",
         SecretBy::place},
        {R"re(()([A-Za-z0-9+/_=-]{40,}))re", SecretBy::disorder},
    };
}

std::vector<SecretForm> all_forms() {
    auto all = named_values();
    for (auto&& more : {places(), known_keys()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

}  // namespace

std::span<const SecretForm> secret_forms() {
    static const auto all = all_forms();
    return all;
}

}  // namespace deployctl::readiness
