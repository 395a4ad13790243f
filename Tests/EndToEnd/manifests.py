# SPDX-License-Identifier: Apache-2.0
"""Checks of deploy/kubernetes: every file against the schemas of Kubernetes, and the files against each other."""

import re

import kubernetes_validate
import yaml

from checks import check, passed
from composefiles import STOP_SECONDS, exposed_port
from nginx import ROOT

FOLDER = ROOT / "deploy/kubernetes"
TEMPLATE = "secret.template.yaml"
# No manifests of ours.
OTHERS = ("kustomization.yaml", "secret.yaml")
PLACEHOLDER = "CHANGE-ME"
# The oldest that knows all fields, and the newest of the package.
VERSIONS = ("1.31", kubernetes_validate.latest_version())


def load():
    """The manifests by kind, each of which has one file."""
    manifests = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name not in OTHERS:
            content = yaml.safe_load(path.read_text())
            check(content["kind"] not in manifests, f"{path.name} is a second {content['kind']}")
            manifests[content["kind"]] = content
    return manifests


def check_schemas(manifests):
    for version in VERSIONS:
        for kind, content in manifests.items():
            complaint = invalid(content, version)
            check(complaint is None, f"{kind} for Kubernetes {version}: {complaint}")
    misspelt = {**manifests["Service"], "spec": {**manifests["Service"]["spec"], "selektor": {}}}
    check(invalid(misspelt, VERSIONS[0]), "a misspelt field is not noticed")
    passed(f"{len(manifests)} manifests are valid for Kubernetes {VERSIONS[0]} and {VERSIONS[1]}")


def invalid(content, version):
    try:
        kubernetes_validate.validate(content, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return error.message
    return None


def check_kustomization(help_text):
    content = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
    files = {path.name for path in FOLDER.iterdir()} - {*OTHERS, TEMPLATE}
    check(set(content["resources"]) == files, f"the kustomization lists {content['resources']}; there are {sorted(files)}")
    check("deploy/kubernetes/secret.yaml" in (ROOT / ".gitignore").read_text(), "git does not ignore the secret")
    settings = [literal.split("=")[0] for literal in content["configMapGenerator"][0]["literals"]]
    for variable in settings:
        check(variable in help_text, f"wireroom serve knows no {variable}")
    return content


def check_references(manifests, kustomization, help_text):
    """Whatever one manifest names of another exists there."""
    pod = manifests["Deployment"]["spec"]["template"]
    container, = pod["spec"]["containers"]
    labels = pod["metadata"]["labels"]
    for kind, selector in selectors(manifests):
        check(selector.items() <= labels.items(), f"{kind} selects {selector}, and the pods have {labels}")
    check([image["name"] for image in kustomization["images"]] == [container["image"]], "the kustomization names another image")
    settings = [source["configMapRef"]["name"] for source in container["envFrom"]]
    check(settings == [generator["name"] for generator in kustomization["configMapGenerator"]], f"settings come from {settings}")
    secret = manifests["Secret"]
    for name, key in secret_references(pod["spec"], container):
        check(name == secret["metadata"]["name"] and key in secret["stringData"], f"there is no {key} in a secret {name}")
    for variable in (entry["name"] for entry in container["env"]):
        check(variable in help_text or variable.startswith("PG"), f"wireroom serve knows no {variable}")
    volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    check(volumes == mounted, f"the volumes are {volumes}, and {mounted} are mounted")
    namespaces = {kustomization["namespace"], manifests["Namespace"]["metadata"]["name"], secret["metadata"]["namespace"]}
    check(len(namespaces) == 1, f"the namespaces are {namespaces}")


def selectors(manifests):
    deployment = manifests["Deployment"]["spec"]
    yield "Deployment", deployment["selector"]["matchLabels"]
    yield "Service", manifests["Service"]["spec"]["selector"]
    yield "PodDisruptionBudget", manifests["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"]
    yield "NetworkPolicy", manifests["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"]
    for constraint in deployment["template"]["spec"]["topologySpreadConstraints"]:
        yield constraint["topologyKey"], constraint["labelSelector"]["matchLabels"]


def secret_references(pod, container):
    for entry in container["env"]:
        if "valueFrom" in entry:
            yield entry["valueFrom"]["secretKeyRef"]["name"], entry["valueFrom"]["secretKeyRef"]["key"]
    for volume in pod["volumes"]:
        for item in volume.get("secret", {}).get("items", []):
            yield volume["secret"]["secretName"], item["key"]


def check_ports(manifests):
    """Pod, probes, Service and NetworkPolicy agree with the image on the port, and the paths of the probes are in openapi.yaml."""
    pod = manifests["Deployment"]["spec"]["template"]
    container, = pod["spec"]["containers"]
    port, = container["ports"]
    check(port["containerPort"] == exposed_port(), f"the image exposes {exposed_port()}, and the pod {port['containerPort']}")
    check(pod["metadata"]["annotations"]["prometheus.io/port"] == str(port["containerPort"]), "Prometheus asks another port")
    service, = manifests["Service"]["spec"]["ports"]
    policy, = manifests["NetworkPolicy"]["spec"]["ingress"]
    probes = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "readiness", "liveness")}
    named = [service["targetPort"], *(rule["port"] for rule in policy["ports"]), *(probe["port"] for probe in probes.values())]
    check(set(named) == {port["name"]}, f"the port {port['name']} is called {named}")
    paths = {name: probe["path"] for name, probe in probes.items()}
    check(paths == {"startup": "/healthz", "readiness": "/readyz", "liveness": "/healthz"}, f"the probes ask {paths}")
    documented = yaml.safe_load((ROOT / "openapi.yaml").read_text())["paths"]
    check(documented.keys() >= set(paths.values()), f"openapi.yaml has not all of {paths}")


def check_rollout(manifests):
    """An upgrade or a drained machine never leaves readers without a node, and no node is killed while it stops."""
    spec = manifests["Deployment"]["spec"]
    check(spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0, "an upgrade stops a node before another one is ready")
    evictions = manifests["PodDisruptionBudget"]["spec"]["maxUnavailable"]
    check(0 < evictions < spec["replicas"], "no node, or every one, may be evicted")
    container, = spec["template"]["spec"]["containers"]
    command, pause = container["lifecycle"]["preStop"]["exec"]["command"]
    grace = spec["template"]["spec"]["terminationGracePeriodSeconds"]
    check(command == "sleep" and grace > int(pause) + STOP_SECONDS, f"{grace} s are not enough for {pause} s and a graceful stop")


def check_rights(manifests):
    pod = manifests["Deployment"]["spec"]["template"]["spec"]
    container, = pod["containers"]
    user = re.search(r"^USER (\d+):(\d+)$", (ROOT / "Dockerfile").read_text(), re.M)
    context = pod["securityContext"]
    check(context["runAsNonRoot"] and context["seccompProfile"] == {"type": "RuntimeDefault"}, "the pod has too many rights")
    check((str(context["runAsUser"]), str(context["runAsGroup"])) == user.groups(), f"the image runs as {user[0]}")
    restricted = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    check(container["securityContext"] == restricted, "the container has too many rights")
    check(pod["automountServiceAccountToken"] is False, "the pod has a token for the API of Kubernetes")
    check({"requests", "limits"} == container["resources"].keys(), "the container has no requests or limits")
    check(set(manifests["NetworkPolicy"]["spec"]["policyTypes"]) == {"Ingress", "Egress"}, "the network is open")
    unset = [key for key, value in manifests["Secret"]["stringData"].items() if PLACEHOLDER not in value]
    check(not unset, f"the template of the secret has a value for {unset}")


def check_manifests(help_text):
    manifests = load()
    check_schemas(manifests)
    kustomization = check_kustomization(help_text)
    check_references(manifests, kustomization, help_text)
    check_ports(manifests)
    check_rollout(manifests)
    check_rights(manifests)
    passed("deploy/kubernetes: names, ports, probes, rights and times agree with each other and with the image")
