# SPDX-License-Identifier: Apache-2.0
"""The one process that everything of a lab descends from.

It is pid 1 of the lab's own pid namespace: when it ends, the kernel ends every process of the lab, containers
included, and with them go the mounts, the network and its iptables chains. It starts services when asked through a
socket, one JSON line a request and one for the answer, and remembers how each of them ended.
Without namespaces (no root) it is an ordinary process and its children die with it by PR_SET_PDEATHSIG.
"""
import ctypes
import json
import os
import selectors
import signal
import socket
import subprocess
import sys

PR_SET_PDEATHSIG = 1

# kubelet insists on these values and would set them on the whole machine; it gets files of its own to write to.
KERNEL_SETTINGS = {
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/keys/root_maxbytes": "25000000",
}
PRIVATE_FOLDERS = {"/run": "run", "/var/lib": "var-lib", "/var/log": "var-log"}


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def make_private_folders(state):
    """Gives the lab a /run, /var/lib and /var/log of its own, so that every program can keep its default paths."""
    mount("--make-rshared", "/")
    for setting, value in KERNEL_SETTINGS.items():
        ours = os.path.join(state, "sysctl", setting.replace("/", "."))
        os.makedirs(os.path.dirname(ours), exist_ok=True)
        with open(ours, "w") as file:
            file.write(value + "\n")
        if os.path.exists("/proc/sys/" + setting):
            mount("--bind", ours, "/proc/sys/" + setting)
    for folder, name in PRIVATE_FOLDERS.items():
        ours = os.path.join(state, name)
        os.makedirs(ours, exist_ok=True)
        mount("--bind", ours, folder)


def die_with_keeper():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Services:
    """What was started, by name: its pid while it runs, its exit code afterwards."""

    def __init__(self, host_network):
        self.host_network = host_network
        self.known = {}

    def start(self, name, argv, log, environment, on_host_network):
        known = self.known.get(name)
        if known and known["exit"] is None:
            return known
        if on_host_network and self.host_network:
            argv = ["nsenter", "--net=" + self.host_network, *argv]
        with open(log, "ab") as output:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **environment},
                start_new_session=True,
                preexec_fn=die_with_keeper,
            )
        self.known[name] = {"pid": process.pid, "exit": None}
        return self.known[name]

    def stop(self, name):
        known = self.known.get(name)
        if known and known["exit"] is None:
            os.kill(known["pid"], signal.SIGTERM)
        return known

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for known in self.known.values():
                if known["pid"] == pid:
                    known["exit"] = os.waitstatus_to_exitcode(status)


def answer(services, request):
    try:
        if request["do"] == "start":
            return services.start(
                request["name"],
                request["argv"],
                request["log"],
                request["environment"],
                request["on_host_network"],
            )
        if request["do"] == "stop":
            return services.stop(request["name"])
        return services.known
    except (OSError, KeyError) as problem:
        return {"problem": str(problem)}


def serve(listener, services):
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    # Pid 1 gets no default actions: without this a SIGTERM from the inside would be ignored.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    selector.register(wake_read, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj == wake_read:
                os.read(wake_read, 4096)
                services.reap()
                continue
            connection, _ = listener.accept()
            with connection, connection.makefile("rw") as lines:
                line = lines.readline()
                if line:
                    services.reap()
                    lines.write(json.dumps(answer(services, json.loads(line))) + "\n")


def main():
    state, host_network_fd = sys.argv[1], sys.argv[2]
    os.chdir(state)
    host_network = None
    if host_network_fd != "none":
        host_network = f"/proc/{os.getpid()}/fd/{host_network_fd}"
        make_private_folders(state)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("keeper.sock")
    listener.listen(16)
    serve(listener, Services(host_network))


if __name__ == "__main__":
    main()
