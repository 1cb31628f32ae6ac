"""The manifests of deploy/kubernetes: what they name exists, in them or in Careerplan."""

import re
from typing import Any

import pytest
import yaml
from django.urls import resolve

from careerplan.core.version import NUMBER
from careerplan.environment import VARIABLES
from tests.deploy.programs import problem_of
from tests.deploy.units import ROOT, UNITS, commands_of

FOLDER = ROOT / "deploy" / "kubernetes"
OBJECTS: list[dict[str, Any]] = [
    manifest for path in sorted(FOLDER.glob("*.yaml")) for manifest in yaml.safe_load_all(path.read_text())
]
NAMES = {variable.name for variable in VARIABLES}
SECRETS = {variable.name for variable in VARIABLES if variable.is_secret}
KIND = "app.kubernetes.io/name"
WAITING = "careerplan-commands"
"""A pod that waits for the operator's commands."""


def of_kind(*kinds: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in OBJECTS if each["kind"] in kinds}


def pod_of(workload: dict[str, Any]) -> dict[str, Any]:
    spec = workload["spec"]
    return spec["jobTemplate"]["spec"]["template"] if workload["kind"] == "CronJob" else spec["template"]


PODS = {name: pod_of(each) for name, each in of_kind("Deployment", "Job", "CronJob").items()}
OURS = {name: pod for name, pod in PODS.items() if name.startswith("careerplan")}


def container_of(pod: dict[str, Any]) -> dict[str, Any]:
    [container] = pod["spec"]["containers"]
    return container


def variables_of(pod: dict[str, Any]) -> dict[str, str]:
    container = container_of(pod)
    found: dict[str, str] = {}
    for source in container["envFrom"]:
        found |= of_kind("ConfigMap")[source["configMapRef"]["name"]]["data"]
    return found | {one["name"]: one["value"] for one in container.get("env", [])}


def commands(argv: list[str]) -> list[list[str]]:
    """The command lines of a container, also those of a shell."""
    return [part.split() for part in argv[2].split("&&")] if argv[0] == "sh" else [argv]


@pytest.mark.parametrize("name", OURS)
def test_commands_exist(name):
    container = container_of(OURS[name])
    found = commands(container["command"])
    if "exec" in container.get("livenessProbe", {}):
        found.append(container["livenessProbe"]["exec"]["command"])
    assert [said for command in found if (said := problem_of(command)) and name != WAITING] == []


@pytest.mark.parametrize("kind", ["web", "worker", "beat"])
def test_processes_start_as_with_systemd(kind):
    """Only the addresses, the files and the counts differ."""

    def shape(argv: list[str]) -> list[str]:
        program = argv[0].rpartition("/")[2]
        return [program, *(re.sub(r"^/\S*|^\$[({]\w+[)}]$|^[\d.]+$", "*", part) for part in argv[1:])]

    [unit] = commands_of(UNITS[f"careerplan-{kind}.service"])
    assert shape(container_of(PODS[f"careerplan-{kind}"])["command"]) == shape(unit)


def test_setup_is_that_of_systemd():
    [command] = [container_of(PODS["careerplan-setup"])["command"]]
    unit = commands_of(UNITS["careerplan-setup@.service"])
    in_image = [argv[2:] for argv in unit if "collectstatic" not in argv]  # the image has its static files
    assert [argv[2:] for argv in commands(command)] == in_image


@pytest.mark.parametrize("name", OURS)
def test_variables_are_those_of_the_product(name):
    given = variables_of(OURS[name])
    named = {variable if variable in NAMES else variable.removesuffix("_FILE") for variable in given}
    assert named <= NAMES
    assert {variable.name for variable in VARIABLES if variable.is_required} <= named
    assert not SECRETS & set(given)  # secrets are files


def test_counts_are_variables_that_have_a_value():
    given = variables_of(OURS["careerplan-web"])
    command = container_of(PODS["careerplan-web"])["command"]
    assert command[command.index("--workers") + 1] == "$(WEB_PROCESSES)"
    used = re.findall(r"\$\((\w+)\)", str([container_of(pod)["command"] for pod in OURS.values()]))
    assert set(used) <= set(given)
    assert "WORKER_PROCESSES" in given  # Careerplan reads it itself


@pytest.mark.parametrize("name", OURS)
def test_secrets_are_files_that_are_mounted(name):
    pod, container = OURS[name], container_of(OURS[name])
    secrets = of_kind("Secret")
    volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
    files = set()
    for mount in container["volumeMounts"]:
        if secret := volumes[mount["name"]].get("secret"):
            files |= {f"{mount['mountPath']}/{key}" for key in secrets[secret["secretName"]]["stringData"]}
    assert {
        value for key, value in variables_of(pod).items() if key.endswith("_FILE") and key != "DELETIONS_FILE"
    } <= files
    claims = [
        each["persistentVolumeClaim"]["claimName"] for each in volumes.values() if "persistentVolumeClaim" in each
    ]
    assert set(claims) <= set(of_kind("PersistentVolumeClaim"))


@pytest.mark.parametrize("name", OURS)
def test_owner_of_the_tables_is_for_the_operator_only(name):
    as_owner = "careerplan-owner" in str(OURS[name])
    assert as_owner == (name in {"careerplan-setup", "careerplan-backup", WAITING})


@pytest.mark.parametrize("name", PODS)
def test_containers_can_do_little_else(name):
    pod, container = PODS[name], container_of(PODS[name])
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    assert pod["spec"]["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("name", OURS)
def test_image_is_this_version(name):
    assert container_of(OURS[name])["image"] == f"careerplan:{NUMBER}"


def test_probes_ask_the_process_only():
    web = container_of(PODS["careerplan-web"])
    for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
        probe = web[kind]["httpGet"]
        assert resolve(probe["path"]).view_name == "alive"
        assert probe["port"] in {port["name"] for port in web["ports"]}


@pytest.mark.parametrize(
    "selector",
    [
        *[pytest.param(each["spec"]["selector"], id=f"Service {name}") for name, each in of_kind("Service").items()],
        *[
            pytest.param(each["spec"]["selector"]["matchLabels"], id=f"{each['kind']} {name}")
            for kind in ("Deployment", "PodDisruptionBudget")
            for name, each in of_kind(kind).items()
        ],
    ],
)
def test_selectors_find_pods(selector):
    assert [name for name, pod in PODS.items() if selector.items() <= pod["metadata"]["labels"].items()] == [
        selector[KIND]
    ]


def test_services_and_ingress_lead_somewhere():
    services = of_kind("Service")
    for name, service in services.items():
        ports = {port["name"] for port in container_of(PODS[name])["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports
    [ingress] = of_kind("Ingress").values()
    [rule] = ingress["spec"]["rules"]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    assert backend["port"]["name"] in {port["name"] for port in services[backend["name"]]["spec"]["ports"]}
    data = of_kind("ConfigMap")["careerplan"]["data"]
    assert rule["host"] == data["ALLOWED_HOSTS"] == data["BASE_URL"].removeprefix("https://")
