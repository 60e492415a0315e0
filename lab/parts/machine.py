# SPDX-License-Identifier: Apache-2.0
"""The lab's own machine inside this one: namespaces, a link to the host, control groups. Begins and ends them."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys

from parts.place import BINARIES, REPOSITORY
from parts.waiting import LabError, log_tail, wait_until

CGROUPS = "/sys/fs/cgroup"
MOST_LABS = 63
SHORT_PATHS = ("/run/", "/var/lib/", "/var/log/")
EXTRAS = ("kwok", "metrics-server")
FIXED_PORTS = {
    "etcd": 2379,
    "etcd-peer": 2380,
    "api-server": 6443,
    "controller-manager": 10257,
    "scheduler": 10259,
    "prometheus": 9090,
    "metrics-server": 4443,
    "kwok": 10247,
}


def run(*argv):
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode != 0:
        raise LabError(f"{' '.join(argv)}: {done.stderr.strip()}")
    return done.stdout


def why_no_containers():
    """The reason why this machine cannot run containers, or None."""
    if os.geteuid() != 0:
        return "not root"
    for program in ("containerd", "runc", "iptables", "conntrack", "ip", "nsenter"):
        if not shutil.which(program):
            return f"{program} is not installed (scripts/setup installs it)"
    if not os.path.exists("/usr/lib/cni/bridge"):
        return "the CNI plugins are not installed (scripts/setup installs them)"
    if not os.access(CGROUPS, os.W_OK) and not cgroup_controllers():
        return f"{CGROUPS} cannot be written"
    trial = subprocess.run(
        ["unshare", "--net", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True,
        text=True,
    )
    if trial.returncode != 0:
        return "no namespaces: " + trial.stderr.strip()
    return None


def start_time(pid):
    """When the process began, in ticks since boot: with the pid it names one process for ever. None if it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def is_running(process):
    return bool(process) and start_time(process["pid"]) == process["start"]


def remember(pid):
    return {"pid": pid, "start": start_time(pid)}


def begin(lab):
    """Starts the keeper, in namespaces of its own where containers can run."""
    if lab.containers and lab.state.startswith(SHORT_PATHS):
        raise LabError(f"{lab.state}: a lab cannot live under /run, /var/lib or /var/log")
    keeper = [sys.executable, os.path.join(REPOSITORY, "lab", "parts", "keeper.py"), lab.state]
    host_network = os.open("/proc/self/ns/net", os.O_RDONLY)
    if lab.containers:
        own = "--net --mount --pid --fork --kill-child --propagation private --mount-proc".split()
        argv = ["unshare", *own, *keeper, str(host_network)]
    else:
        argv = [*keeper, "none"]
    with open(lab.log("keeper"), "ab") as log:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[host_network],
            start_new_session=True,
            env={**os.environ, "PATH": f"{BINARIES}:/usr/local/sbin:/usr/sbin:/sbin:" + os.environ["PATH"]},
        )
    os.close(host_network)
    lab.memory["outer"] = remember(process.pid)
    lab.save()

    def first_answer():
        if process.poll() is not None:
            raise LabError("the lab's first process ended at once\n" + log_tail(lab.log("keeper")))
        try:
            return ask(lab, {"do": "list"}) is not None
        except OSError:
            return False

    wait_until("the lab's first process answers", first_answer, 10, lab.log("keeper"))
    inner = process.pid
    if lab.containers:
        with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
            inner = int(file.read().split()[0])
    lab.memory["keeper"] = remember(inner)
    if lab.containers:
        make_link(lab, inner)
        lab.memory["cgroup"] = f"deployctl-{inner}-{lab.memory['keeper']['start']}"
        lab.save()
        make_cgroups(lab)
    choose_ports(lab)
    lab.save()


def make_link(lab, inner):
    """The name of the link claims the number: the kernel refuses a second one of that name."""
    for number in range(MOST_LABS):
        lab.memory["number"] = number
        made = subprocess.run(
            ["ip", "link", "add", lab.link, "type", "veth", "peer", "name", "eth0", "netns", str(inner)],
            capture_output=True,
            text=True,
        )
        if made.returncode == 0:
            break
        if "File exists" not in made.stderr:
            raise LabError(f"cannot make the link {lab.link}: {made.stderr.strip()}")
    else:
        raise LabError(f"{MOST_LABS} labs run already")
    lab.memory["link"] = link_index(lab)
    lab.save()
    run("ip", "address", "add", lab.host_address + "/24", "dev", lab.link)
    run("ip", "link", "set", lab.link, "up")
    for command in (
        "ip link set lo up",
        f"ip address add {lab.address}/24 dev eth0",
        "ip link set eth0 up",
        f"ip route add default via {lab.host_address}",
        "sysctl -qw net.ipv4.ip_forward=1",
    ):
        run(*inside(lab), *command.split())
    for network in (lab.pods, lab.services):
        run("ip", "route", "add", network, "via", lab.address, "dev", lab.link)


def link_index(lab):
    """Tells our link from one of the same name that another lab made after ours was gone. None: no such link."""
    try:
        with open(f"/sys/class/net/{lab.link}/ifindex") as file:
            return int(file.read())
    except OSError:
        return None


def cgroup_controllers():
    """The writable control group hierarchies: one folder a controller in version 1, one in all in version 2."""
    if os.path.exists(os.path.join(CGROUPS, "cgroup.controllers")):
        return [CGROUPS] if os.access(CGROUPS, os.W_OK) else []
    folders = {os.path.realpath(os.path.join(CGROUPS, name)) for name in os.listdir(CGROUPS)}
    return sorted(f for f in folders if os.path.exists(os.path.join(f, "cgroup.procs")) and os.access(f, os.W_OK))


def make_cgroups(lab):
    for controller in cgroup_controllers():
        ours = os.path.join(controller, lab.cgroup)
        os.makedirs(ours, exist_ok=True)
        delegate_controllers(controller)
        delegate_controllers(ours)
        for setting in ("cpuset.cpus", "cpuset.mems"):
            source, target = os.path.join(controller, setting), os.path.join(ours, setting)
            if os.path.exists(source) and os.path.exists(target):
                with open(source) as read, open(target, "w") as write:
                    write.write(read.read())


def delegate_controllers(folder):
    """Version 2 only: children get the controllers that kubelet asks for."""
    path = os.path.join(folder, "cgroup.subtree_control")
    if not os.path.exists(path) or not os.path.exists(os.path.join(folder, "cgroup.controllers")):
        return
    for controller in ("cpuset", "cpu", "io", "memory", "hugetlb", "pids"):
        try:
            with open(path, "w") as file:
                file.write("+" + controller)
        except OSError:
            continue  # not offered here, or the folder holds processes: kubelet says which one it misses


def remove_cgroups(lab):
    def gone():
        left = []
        for controller in cgroup_controllers():
            for folder, _, _ in os.walk(os.path.join(controller, lab.cgroup), topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    left.append(folder)
        return not left

    wait_until(f"the control groups {lab.cgroup} are empty", gone, 10)


def free_port(preferred):
    for port in (*range(preferred, preferred + 50), 0):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
                return trial.getsockname()[1]
            except OSError:
                continue
    raise LabError("no free port on loopback")


def choose_ports(lab):
    """In a network of its own the usual ports are free; only the registry is on the host's loopback too."""
    taken = set()
    for service, usual in FIXED_PORTS.items():
        port = usual
        while not lab.containers and (port in taken or port != free_port(port)):
            port += 1
        taken.add(port)
        lab.memory["ports"][service] = port
    lab.memory["ports"]["registry"] = free_port(5000)


def inside(lab):
    """argv that runs what follows in the lab's namespaces."""
    if not lab.containers:
        return []
    if not is_running(lab.memory.get("keeper")):
        raise LabError(f"lab {lab.name} is not up")
    return ["nsenter", "--target", str(lab.memory["keeper"]["pid"]), "--net", "--mount", "--pid"]


def ask(lab, request):
    """One request to the keeper. A socket's path has a length limit, so the folder is reached by its descriptor:
    short wherever it is, and, unlike a change of the working folder, no other thread's business."""
    folder = os.open(lab.state, os.O_PATH)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(f"/proc/self/fd/{folder}/keeper.sock")
            with connection.makefile("rw") as lines:
                lines.write(json.dumps(request) + "\n")
                lines.flush()
                return json.loads(lines.readline())
    finally:
        os.close(folder)


def start(lab, service, argv, environment=None, on_host_network=False):
    """Starts a service unless it runs already."""
    answer = ask(
        lab,
        {
            "do": "start",
            "name": service,
            "argv": argv,
            "log": lab.log(service),
            "environment": environment or {},
            "on_host_network": on_host_network,
        },
    )
    if answer.get("problem"):
        raise LabError(f"cannot start {service}: {answer['problem']}")


def await_service(lab, service, what, check, seconds):
    """Waits for a service to be of use. The end of any service is noticed at once: it may be one this waits for.
    What nothing else needs is started after the others, and may have ended since an earlier `up`."""

    def alive_and_ready():
        for name, known in ask(lab, {"do": "list"}).items():
            if known["exit"] is not None and (name == service or name not in EXTRAS):
                log = lab.log(name)
                tail = f"{log_tail(log)}\n  the whole log: {log}"
                raise LabError(f"{name} ended with code {known['exit']}\n{tail}")
        return check()

    return wait_until(what, alive_and_ready, seconds, lab.log(service))


def is_up(lab):
    return bool(lab.memory.get("complete")) and is_running(lab.memory["keeper"])


def end(lab):
    """Ends the keeper, and with it everything that it holds."""
    for process in (lab.memory.get("keeper"), lab.memory.get("outer")):
        if is_running(process):
            os.kill(process["pid"], signal.SIGKILL)
            wait_until("the lab's processes are gone", lambda: not is_running(process), 20)
    if "link" in lab.memory:
        # The kernel removes a network a moment after its last process.
        wait_until(f"the link {lab.link} is gone", lambda: link_index(lab) != lab.memory["link"], 10)
    if "cgroup" in lab.memory:
        remove_cgroups(lab)
