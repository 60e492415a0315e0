# SPDX-License-Identifier: Apache-2.0
"""Who may talk to the API server: random tokens and keys, made for each lab and gone with it."""
import json
import subprocess

from parts.place import NODE, USERS

IDENTITIES = {
    "admin": ("lab:admin", "system:masters"),
    "controller-manager": ("system:kube-controller-manager", ""),
    "scheduler": ("system:kube-scheduler", ""),
    "kubelet": (f"system:node:{NODE}", "system:nodes"),
    "kube-proxy": ("system:kube-proxy", ""),
    "kwok": ("lab:kwok", "system:masters"),
    "prometheus": ("lab:prometheus", ""),
    "metrics-server": ("lab:metrics-server", "system:masters"),
}


def make(lab):
    tokens = lab.memory["tokens"]
    lines = ['{},{},{},"{}"'.format(tokens[user], IDENTITIES[user][0], user, IDENTITIES[user][1]) for user in USERS]
    lab.write("secrets/tokens.csv", "\n".join(lines) + "\n")
    for user in USERS:
        lab.write(f"secrets/{user}.token", tokens[user])
        lab.write(f"secrets/{user}.kubeconfig", kubeconfig(lab, user))
    lab.write("kubeconfig", kubeconfig(lab, "admin"))
    for key in ("service-account", "kubelet-client"):
        lab.write(f"secrets/{key}.key", openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"))
    # The API server shows this to kubelet, which trusts exactly this certificate.
    subject = ["-subj", "/O=system:masters/CN=kube-apiserver", "-days", "3650"]
    certificate = openssl("req", "-x509", "-new", "-key", lab.path("secrets/kubelet-client.key"), *subject)
    lab.write("secrets/kubelet-client.crt", certificate)


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout


def kubeconfig(lab, user):
    """JSON is YAML too. The API server makes its certificate when it starts, so it is named, not quoted."""
    context = f"lab-{lab.name}"
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": context,
                    "cluster": {
                        "server": lab.server,
                        "certificate-authority": lab.path("secrets/apiserver.crt"),
                    },
                }
            ],
            "users": [{"name": f"{context}-{user}", "user": {"token": lab.memory["tokens"][user]}}],
            "contexts": [
                {"name": context, "context": {"cluster": context, "user": f"{context}-{user}"}}
            ],
            "current-context": context,
        },
        indent=2,
    )
