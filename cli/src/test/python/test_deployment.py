"""What is shipped for Kubernetes, Docker Compose and systemd, held against the server itself."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

import rollout_drill
from harness.admin import ANY_PORT, Admin
from harness.command import Command
from harness.deployment import (
    DOCKER,
    KUBERNETES,
    OPERATOR_TYPES,
    VERSIONS,
    checked,
    compose,
    documents,
    kustomize,
    manifest,
    manifests,
    option,
    said,
    seconds,
)
from harness.promtool import PROMTOOL, WHY_NOT, Known, promtool
from harness.server import Server

pytestmark = pytest.mark.own

# What a server needs beside its --graceful-timeout to end.
LATE = 5
SERVICE = DOCKER / "systemd" / "spvn@.service"
SOCKET = DOCKER / "systemd" / "spvn@.socket"
EXPOSURE = 2.0


def pod() -> Any:
    return manifest("Deployment")["spec"]["template"]["spec"]


def container() -> Any:
    (only,) = pod()["containers"]
    return only


def complaint(document: dict[str, Any], version: str) -> str:
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as wrong:
        return f"{document['kind']}: {wrong.message}"
    return ""


def native(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in found if each["kind"] != "ServiceMonitor"]


@pytest.fixture(scope="module")
def node(command: Command) -> Iterator[Server]:
    with Server(command, "replica:app", *ANY_PORT, plain=True) as server:
        yield server


class TestKubernetes:
    @pytest.mark.parametrize("version", VERSIONS)
    def test_manifests_are_what_the_api_takes(self, version: str) -> None:
        found = native(manifests())
        assert len(found) > 5
        assert [wrong for each in found if (wrong := complaint(each, version))] == []

    def test_what_the_api_does_not_take_is_noticed(self) -> None:
        document = manifest("Deployment")
        document["spec"]["template"]["spec"]["containers"][0]["startupProbes"] = {}
        assert "startupProbes" in complaint(document, VERSIONS[-1])

    @pytest.mark.skipif(kustomize() is None, reason="neither kustomize nor kubectl is installed")
    def test_example_builds_into_what_the_api_takes(self) -> None:
        built = said(*(kustomize() or []), KUBERNETES / "example")
        assert built.code == 0, built.text
        found = list(yaml.safe_load_all(built.text))
        places = [each["metadata"].get("namespace", each["metadata"]["name"]) for each in found]
        assert set(places) == {"shop"}
        assert "Namespace" in {each["kind"] for each in found}
        assert [wrong for each in native(found) if (wrong := complaint(each, VERSIONS[0]))] == []
        kinds = {each["kind"]: each for each in found}
        assert "replicas" not in kinds["Deployment"]["spec"], "it would undo the autoscaler"
        scaled = kinds["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"]
        assert scaled == kinds["Deployment"]["metadata"]["name"]
        mine = kinds["Deployment"]["spec"]["selector"]["matchLabels"]
        assert mine["app.kubernetes.io/instance"] == "shop"
        assert kinds["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == mine
        assert kinds["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == mine
        assert kinds["ServiceMonitor"]["spec"]["selector"]["matchLabels"].items() >= mine.items()

    @pytest.mark.heavy
    @pytest.mark.skipif(shutil.which("go") is None, reason="go is not installed")
    def test_monitor_is_what_the_operator_takes(self, tmp_path: Path) -> None:
        """As the operator's own types have it."""
        strict = tmp_path / "strict"
        build = said("go", "build", "-C", OPERATOR_TYPES, "-o", strict, ".", within=280)
        if build.code and re.search(r"dial tcp|no such host|Forbidden|Gone", build.text):
            pytest.skip(f"the operator's types cannot be had: {build.text.splitlines()[-1]}")
        assert build.code == 0, build.text
        text = (KUBERNETES / "monitoring" / "servicemonitor.yaml").read_text()
        assert said(strict, text=text).code == 0, said(strict, text=text).text
        assert "intervals" in said(strict, text=text.replace("interval:", "intervals:")).text

    def test_options_are_the_servers(self, command: Command) -> None:
        answer = checked(command, *container()["args"][1:])
        assert answer.code == 0, answer.text

    def test_probes_ask_for_what_is_answered(self, node: Server) -> None:
        admin = Admin.of(node)
        admin_port = option(container()["args"], "admin-bind").rpartition(":")[2]
        assert {"name": "admin", "containerPort": int(admin_port)} in container()["ports"]
        for name in ("startupProbe", "readinessProbe", "livenessProbe"):
            asked = container()[name]["httpGet"]
            assert asked["port"] == "admin"
            assert admin.ask(asked["path"]).status == 200, name
        (endpoint,) = manifest("ServiceMonitor")["spec"]["endpoints"]
        assert admin.ask(endpoint["path"]).status == 200

    def test_times_add_up(self) -> None:
        arguments = container()["args"]
        pause = container()["lifecycle"]["preStop"]["sleep"]["seconds"]
        graceful = seconds(option(arguments, "graceful-timeout"))
        assert pod()["terminationGracePeriodSeconds"] >= pause + graceful + LATE
        ready = container()["readinessProbe"]
        assert pause >= ready["periodSeconds"] * ready["failureThreshold"]
        start = container()["startupProbe"]
        allowed = start["periodSeconds"] * start["failureThreshold"]
        startup = seconds(option(arguments, "startup-timeout"))
        assert allowed >= 2 * startup
        assert manifest("Deployment")["spec"]["progressDeadlineSeconds"] > allowed

    def test_no_pod_goes_before_another_has_come(self) -> None:
        assert manifest("Deployment")["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        least = manifest("HorizontalPodAutoscaler")["spec"]["minReplicas"]
        assert least > manifest("PodDisruptionBudget")["spec"]["maxUnavailable"]

    def test_pod_has_no_rights(self) -> None:
        assert pod()["securityContext"] == {
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert container()["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert pod()["enableServiceLinks"] is False
        assert pod()["automountServiceAccountToken"] is False

    def test_admin_port_is_for_monitoring_alone(self) -> None:
        policy = manifest("NetworkPolicy")["spec"]
        assert policy["policyTypes"] == ["Ingress"]
        public, private = policy["ingress"]
        assert ("from" in public, [each["port"] for each in public["ports"]]) == (False, ["http"])
        assert [each["port"] for each in private["ports"]] == ["admin"]
        (source,) = private["from"]
        assert source["namespaceSelector"]["matchLabels"]
        assert [each["name"] for each in manifest("Service")["spec"]["ports"]] == ["http"]

    def test_monitor_finds_the_service_of_the_admin_port(self) -> None:
        monitor = manifest("ServiceMonitor")["spec"]
        labels = manifest("Service", "spvn-admin")["metadata"]["labels"]
        assert labels.items() >= monitor["selector"]["matchLabels"].items()
        plain = manifest("Service")["metadata"]["labels"]
        assert not plain.items() >= monitor["selector"]["matchLabels"].items()
        # The alert rules ask for up{job="spvn"}.
        assert labels[monitor["jobLabel"]] == "spvn"

    def test_autoscaler_asks_for_what_the_adapter_makes_of_metrics(self, node: Server) -> None:
        known = Known(Admin.of(node).metrics())
        rules = documents(KUBERNETES / "monitoring" / "prometheus-adapter.yaml")[0]["rules"]
        for rule in rules:
            series = rule["seriesQuery"].partition("{")[0]
            query = adapted(rule, "spvn", "a")
            assert known.complaints(re.sub(r"\{.*?\}| by \(.*?\)", "", query)) == []
            assert re.match(rule["name"]["matches"], series)
        asked = manifest("HorizontalPodAutoscaler")["spec"]["metrics"]
        names = [each["pods"]["metric"]["name"] for each in asked]
        assert sorted(names) == sorted(rule["name"]["as"] for rule in rules)

    @pytest.mark.skipif(PROMTOOL is None, reason=WHY_NOT)
    def test_queries_of_the_adapter_are_well_formed(self, tmp_path: Path) -> None:
        rules = documents(KUBERNETES / "monitoring" / "prometheus-adapter.yaml")[0]["rules"]
        recorded = [
            {"record": f"a:{number}", "expr": adapted(rule, "shop", "a|b")}
            for number, rule in enumerate(rules)
        ]
        path = tmp_path / "rules.yml"
        path.write_text(json.dumps({"groups": [{"name": "adapter", "rules": recorded}]}))
        code, text = promtool("check", "rules", path)
        assert (code, "SUCCESS" in text) == (0, True), text


def adapted(rule: dict[str, Any], namespace: str, pods: str) -> str:
    """The query as prometheus-adapter asks it."""
    series = rule["seriesQuery"].partition("{")[0]
    matchers = f'namespace="{namespace}",pod=~"{pods}"'
    query: str = rule["metricsQuery"]
    for name, value in (("Series", series), ("LabelMatchers", matchers), ("GroupBy", "pod")):
        assert f"<<.{name}>>" in query
        query = query.replace(f"<<.{name}>>", value)
    return query


@pytest.fixture
def services() -> Any:
    (document,) = documents(DOCKER / "compose.yml")
    return document["services"]


class TestCompose:
    @pytest.mark.skipif(compose() is None, reason="docker compose 2 is not installed")
    def test_file_is_what_compose_takes(self) -> None:
        answer = said(*(compose() or []), "-f", DOCKER / "compose.yml", "config", "--quiet")
        assert answer.code == 0, answer.text

    def test_options_are_the_servers(self, services: Any, command: Command) -> None:
        answer = checked(command, *services["app-1"]["command"][1:])
        assert answer.code == 0, answer.text
        assert services["app-2"] == services["app-1"]

    def test_times_add_up(self, services: Any) -> None:
        app = services["app-1"]
        graceful = seconds(option(app["command"], "graceful-timeout"))
        assert seconds(app["stop_grace_period"]) >= graceful + LATE

    def test_files_that_are_mounted_are_there(self, services: Any) -> None:
        sources = [
            volume.partition(":")[0]
            for service in services.values()
            for volume in service.get("volumes", ())
            if volume.startswith("./")
        ]
        assert len(sources) > 5
        assert [each for each in sources if not (DOCKER / each).exists()] == []

    def test_names_are_those_of_the_services(self, services: Any) -> None:
        upstream = (DOCKER / "nginx" / "upstream.conf").read_text()
        found = re.findall(r"^    server ([\w-]+):(\d+) ", upstream, re.M)
        port = option(services["app-1"]["command"], "bind").rpartition(":")[2]
        assert found == [("app-1", port), ("app-2", port)] * 2, "kept or not"
        admin = option(services["app-1"]["command"], "admin-bind").rpartition(":")[2]
        (scraped,) = documents(DOCKER / "prometheus" / "compose.yml")[0]["scrape_configs"]
        assert scraped["job_name"] == "spvn"
        assert scraped["static_configs"] == [{"targets": [f"app-1:{admin}", f"app-2:{admin}"]}]
        provisioned = DOCKER / "grafana" / "provisioning"
        (source,) = documents(provisioned / "datasources" / "prometheus.yml")[0]["datasources"]
        assert source["url"].removeprefix("http://").partition(":")[0] in services
        (provider,) = documents(provisioned / "dashboards" / "spvn.yml")[0]["providers"]
        assert any(provider["options"]["path"] in each for each in services["grafana"]["volumes"])

    def test_connections_of_nginx_are_let_go_by_nginx(self) -> None:
        upstream = (DOCKER / "nginx" / "upstream.conf").read_text()
        kept = re.search(r"keepalive_timeout (\w+);", upstream)
        assert kept
        assert seconds(kept[1]) < 75, "the default of --timeout-keep-alive"

    @pytest.mark.skipif(PROMTOOL is None, reason=WHY_NOT)
    def test_configuration_of_prometheus_is_clean(self) -> None:
        code, text = promtool("check", "config", DOCKER / "prometheus" / "compose.yml")
        assert (code, "SUCCESS" in text) == (0, True), text


def settings(path: Path) -> dict[str, str]:
    """Of a unit: the last of each name."""
    return dict(re.findall(r"^(\w+)=(.*)$", path.read_text(), re.M))


def told() -> dict[str, str]:
    """Of the example of a configuration, which is as plain."""
    text = (DOCKER / "systemd" / "shop.toml").read_text()
    return dict(re.findall(r'^([\w-]+) = "?(.*?)"?$', text, re.M))


class TestSystemd:
    @pytest.fixture
    def units(self, tmp_path: Path) -> list[Path]:
        """Of an instance, with a program that is there."""
        program = tmp_path / "spvn"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        made = []
        for unit in (SERVICE, SOCKET):
            path = tmp_path / unit.name.replace("@", "@shop")
            path.write_text(unit.read_text().replace("/opt/spvn/bin/spvn", str(program)))
            made.append(path)
        return made

    @pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
    def test_units_are_what_systemd_takes(self, units: list[Path]) -> None:
        assert said("systemd-analyze", "verify", *units).text == ""

    @pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
    def test_service_is_in_a_sandbox(self, units: list[Path]) -> None:
        answer = said("systemd-analyze", "security", "--offline=true", "--no-pager", units[0])
        if "unrecognized option" in answer.text:
            pytest.skip("this systemd does not judge files")
        found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", answer.text)
        assert found, answer.text
        assert float(found[1]) <= EXPOSURE

    def test_configuration_is_the_servers(self, command: Command) -> None:
        """Read by the server, and each of its lines counts."""
        path = DOCKER / "systemd" / "shop.toml"
        answer = checked(command, "--config", str(path))
        assert answer.code == 0, answer.text
        for name in told().keys() - {"target", "app-dir"}:
            assert re.search(rf"^ +{name} .*shop\.toml", answer.text, re.M), name

    def test_times_add_up(self) -> None:
        unit = settings(SERVICE)
        given = told()
        assert seconds(unit["TimeoutStopSec"]) >= seconds(given["graceful-timeout"]) + LATE
        assert seconds(unit["TimeoutStartSec"]) > seconds(given["startup-timeout"])

    def test_socket_is_where_the_service_waits_for_it(self) -> None:
        assert "bind" not in told()
        assert settings(SERVICE)["Requires"] == "spvn@%i.socket"
        assert settings(SERVICE)["KillMode"] == "mixed"


@pytest.mark.alone
@pytest.mark.skipif(rollout_drill.NGINX is None, reason="nginx is not installed")
class TestRollout:
    LOAD = rollout_drill.Load(rate=100, posters=2, long=2, streams=4, sockets=6)

    def test_nobody_notices_a_replacement(self, command: Command) -> None:
        assert rollout_drill.drill(command, 1, self.LOAD, orderly=False) == []
