# SPDX-License-Identifier: Apache-2.0
"""A lab as data: its name, its folder, its number on this machine and what follows from that number."""
import json
import os
import secrets

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARIES = os.path.join(REPOSITORY, ".lab", "bin")
NODE = "node-1"
USERS = ("admin", "controller-manager", "scheduler", "kubelet", "kube-proxy", "kwok", "prometheus", "metrics-server")


class Lab:
    """Everything is under `state`; lab.json there is the memory between two commands.

    The addresses are of 198.18.0.0/15, which is set aside for test networks. Lab n has
      198.18.n.0/24       the link between this machine (.1) and the lab's node (.2)
      198.18.(64+n).0/24  pods
      198.19.(4n).0/22    services
    Without containers there is no network of its own: everything listens on loopback, on ports found free.
    """

    def __init__(self, name):
        self.name = name
        self.state = os.path.join(
            os.environ.get("DEPLOYCTL_LAB_STATE", os.path.join(REPOSITORY, ".lab")), name
        )
        self.memory = {}
        if os.path.exists(self.path("lab.json")):
            with open(self.path("lab.json")) as file:
                self.memory = json.load(file)

    def path(self, *parts):
        return os.path.join(self.state, *parts)

    def log(self, service):
        return self.path("logs", service + ".log")

    def save(self):
        temporary = self.path("lab.json.new")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.memory, file, indent=2)
        os.rename(temporary, self.path("lab.json"))

    def write(self, name, content):
        """Writes a file of the lab that only its owner reads, and returns its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, indent=2)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        return path

    def begin(self, containers, fsync):
        os.makedirs(self.path("logs"))
        self.memory = {
            "containers": containers,
            "fsync": fsync,
            "tokens": {user: secrets.token_hex(24) for user in USERS},
            "ports": {},
        }

    @property
    def containers(self):
        return self.memory["containers"]

    @property
    def number(self):
        return self.memory["number"]

    @property
    def link(self):
        return f"deployctl{self.number}"

    @property
    def cgroup(self):
        return self.memory["cgroup"]

    @property
    def host_address(self):
        return f"198.18.{self.number}.1"

    @property
    def address(self):
        return f"198.18.{self.number}.2" if self.containers else "127.0.0.1"

    @property
    def pods(self):
        return f"198.18.{64 + self.number}.0/24"

    @property
    def services(self):
        return f"198.19.{4 * self.number}.0/22" if self.containers else "198.19.252.0/22"

    @property
    def server(self):
        return f"https://{self.address}:{self.port('api-server')}"

    @property
    def registry(self):
        return f"localhost:{self.port('registry')}"

    @property
    def prometheus(self):
        return f"http://{self.address}:{self.port('prometheus')}"

    @property
    def shop(self):
        """Where the Service of the demo app answers."""
        return f"http://{self.services.replace('.0/22', '.80')}/"

    def port(self, service):
        return self.memory["ports"][service]
