# SPDX-License-Identifier: Apache-2.0
"""Kubernetes files to assess: those of ../shared/corpus where it is there, and generated ones, the same each time."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared/corpus"
IS_MANIFEST = re.compile(r"^apiVersion:", re.MULTILINE)

CONTAINER = """\
      - name: app
        image: registry.example.com/team-{team}/service-{n}:{tag}
        ports:
        - {{name: http, containerPort: {port}}}
        env:
{variables}
        resources:
          requests: {{cpu: {cpu}m, memory: 128Mi}}
          limits: {{memory: {memory}Mi}}
        readinessProbe:
          httpGet: {{path: /ready, port: {probe}}}
          periodSeconds: 5
        livenessProbe:
          httpGet: {{path: /live, port: http}}
          periodSeconds: 20
        securityContext:
          allowPrivilegeEscalation: {escalates}
          readOnlyRootFilesystem: {read_only}
          capabilities: {{drop: [ALL]}}
        volumeMounts:
        - {{name: scratch, mountPath: /tmp}}
        - {{name: settings, mountPath: /etc/service, readOnly: true}}
"""
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{n}
  namespace: team-{team}
  labels: {{app.kubernetes.io/name: service-{n}, app.kubernetes.io/part-of: shop}}
spec:
  replicas: {replicas}
  selector:
    matchLabels: {{app: service-{n}}}
  template:
    metadata:
      labels: {{app: service-{n}, team: team-{team}}}
      annotations:
        prometheus.io/scrape: "true"
    spec:
      serviceAccountName: service-{n}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: {user}
        seccompProfile: {{type: RuntimeDefault}}
      containers:
{container}\
      volumes:
      - {{name: scratch, emptyDir: {{}}}}
      - name: settings
        configMap: {{name: service-{n}}}
---
apiVersion: v1
kind: Service
metadata: {{name: service-{n}, namespace: team-{team}}}
spec:
  selector: {{app: service-{n}}}
  ports:
  - {{name: http, port: 80, targetPort: http}}
"""
AROUND = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: service-{n}, namespace: team-{team}}}
spec:
  minAvailable: 1
  selector:
    matchLabels: {{app: service-{n}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: service-{n}, namespace: team-{team}}}
spec:
  podSelector:
    matchLabels: {{app: service-{n}}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - podSelector: {{matchLabels: {{team: team-{team}}}}}
    ports: [{{port: {port}}}]
  egress:
  - to:
    - namespaceSelector: {{}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: service-{n}, namespace: team-{team}}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: service-{n}}}
  minReplicas: {replicas}
  maxReplicas: 10
  metrics:
  - type: Resource
    resource:
      name: cpu
      target: {{type: Utilization, averageUtilization: 70}}
"""
SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: service-{n}, namespace: team-{team}}}
data:
  settings.yaml: |
{lines}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: service-{n}, namespace: team-{team}}}
"""


def _texts(n):
    """The three files of a service. Every few services have a flaw, each another."""
    values = {
        "n": n,
        "team": n % 17,
        "tag": "latest" if n % 11 == 0 else f"1.{n % 40}.{n % 7}",
        "port": 8000 + n % 90,
        "probe": 9 if n % 13 == 0 else "http",
        "cpu": 50 + 10 * (n % 20),
        "memory": 256 << (n % 3),
        "escalates": "true" if n % 7 == 0 else "false",
        "read_only": "false" if n % 5 == 0 else "true",
        "replicas": 1 if n % 9 == 0 else 2 + n % 3,
        "user": 0 if n % 19 == 0 else 10001,
        "variables": "\n".join(f'        - {{name: OPTION_{i}, value: "{n * i % 97}"}}' for i in range(4 + n % 9)),
        "lines": "\n".join(f"    option_{i}: value of {n} and {i}" for i in range(20 + n % 60)),
    }
    values["container"] = CONTAINER.format(**values)
    return {
        f"team-{n % 17}/service-{n}/deployment.yaml": WORKLOAD.format(**values),
        f"team-{n % 17}/service-{n}/around.yaml": AROUND.format(**values),
        f"team-{n % 17}/service-{n}/settings.yaml": SETTINGS.format(**values),
    }


def generate(folder, count):
    """Writes that many files below the folder."""
    written = 0
    for n in range(count):
        for path, text in _texts(n).items():
            if written == count:
                return
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            written += 1


def copy_corpus(folder, is_taken):
    """The manifests of the corpus that the other side can read at all: one bad file costs it the whole run."""
    for number, source in enumerate(sorted(CORPUS.rglob("*.y*ml"))):
        if IS_MANIFEST.search(source.read_text(errors="replace")) and is_taken(source):
            target = folder / f"{number:04}-{source.name}"
            shutil.copyfile(source, target)


def files(folder):
    return sorted(folder.rglob("*.yaml")) + sorted(folder.rglob("*.yml"))


def lines(folder):
    return sum(file.read_bytes().count(b"\n") for file in files(folder))
