# SPDX-License-Identifier: Apache-2.0
"""Checks of the compose files: who is reachable, what each service may do, and that all files, secrets and options exist."""

import ipaddress
import re
import urllib.parse

import yaml

from checks import check, passed
from nginx import ROOT

# A node has up to 8 connections, and twice as many nodes run while they are replaced.
CONNECTIONS_PER_NODE = 8
# Requests in flight may take 9 s to finish.
STOP_SECONDS = 9


class Compose:
    def __init__(self, name, help_text):
        self.name, self.help = name, help_text
        self.text = (ROOT / name).read_text()
        self.content = yaml.safe_load(self.text)
        self.services = self.content["services"]
        self.head = "".join(line for line in self.text.splitlines(True) if line.startswith("#"))

    def nodes(self):
        return [name for name, service in self.services.items() if service["image"] == "wireroom"]

    def check_all(self):
        published = [name for name, service in self.services.items() if "ports" in service]
        check(published == ["caddy"], f"{self.name}: ports are published by {published}")
        for variable in set(re.findall(r"(?<!\$)\$\{(\w+)", self.text)):
            check(variable in self.head, f"{self.name} does not say what {variable} is")
        for name, service in self.services.items():
            self.check_rights(name, service)
            self.check_mounts(name, service)
            self.check_environment(name, service)
        self.check_network()
        self.check_caddy()
        passed(f"{self.name}: {len(self.services)} services, of which only Caddy publishes ports; all that they mount is there")

    def check_rights(self, name, service):
        check(service["read_only"] and service["cap_drop"] == ["ALL"], f"{self.name}: {name} may write or has capabilities")
        check("no-new-privileges:true" in service["security_opt"], f"{self.name}: {name} may gain privileges")
        check(service["restart"] == "unless-stopped", f"{self.name}: {name} is not restarted")
        if name in self.nodes():
            check(seconds(service["stop_grace_period"]) > STOP_SECONDS, f"{self.name}: {name} is killed while it stops")
            check(service["healthcheck"]["test"] == ["CMD", "wireroom", "health"], f"{self.name}: {name} has another health check")

    def check_mounts(self, name, service):
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            there = (ROOT / source).is_file() if source.startswith("./") else source in self.content["volumes"]
            check(there, f"{self.name}: {name} mounts {source}, which there is not")

    def check_environment(self, name, service):
        for variable in service.get("environment", {}):
            if variable.startswith("WIREROOM_") and name in self.nodes():
                check(variable in self.help, f"{self.name}: wireroom serve knows no {variable}")
            if variable.startswith("WIREROOM_") and name == "caddy":
                check(f"{{${variable}:" in self.caddyfile(), f"{self.name}: the Caddyfile knows no {variable}")

    def check_network(self):
        subnet = self.content["networks"]["inside"]["ipam"]["config"][0]["subnet"]
        check(ipaddress.ip_network(subnet).is_private, f"{self.name}: {subnet} is not private")
        for name in self.nodes():
            trusted = self.services[name]["environment"]["WIREROOM_TRUSTED_PROXIES"]
            check(trusted == subnet, f"{self.name}: {name} trusts {trusted}, but the network is {subnet}")

    def caddyfile(self):
        mounts = [mount.split(":") for mount in self.services["caddy"]["volumes"]]
        source = next(source for source, target, *_ in mounts if target == "/etc/caddy/Caddyfile")
        return (ROOT / source).read_text()

    def check_caddy(self):
        """Caddy forwards to every node, and to nothing else, on the port that the image exposes."""
        environment = self.services["caddy"]["environment"]
        upstreams = environment.get("WIREROOM_UPSTREAMS", environment.get("WIREROOM_UPSTREAM")).split()
        check(upstreams == [f"{name}:{exposed_port()}" for name in self.nodes()], f"{self.name}: Caddy forwards to {upstreams}")


class PostgresCompose(Compose):
    """The file with two nodes and a database server."""

    def check_all(self):
        super().check_all()
        check(len(self.nodes()) == 2, f"{self.name} has the nodes {self.nodes()}")
        for name, service in self.services.items():
            limits = {"mem_limit", "cpus", "pids_limit"} & service.keys()
            check(len(limits) == 3, f"{self.name}: {name} is limited only in {limits}")
        self.check_secrets()
        self.check_database()
        passed(f"{self.name}: secrets are files, every service has limits, and PostgreSQL is reachable by the nodes alone")

    def check_secrets(self):
        """Every secret is used, comes from a file that the head says how to make and that git ignores."""
        declared = self.content["secrets"]
        used = {secret for service in self.services.values() for secret in service.get("secrets", [])}
        check(used == declared.keys(), f"{self.name} declares {sorted(declared)} and uses {sorted(used)}")
        for name, secret in declared.items():
            check(secret == {"file": f"./secrets/{name}"} and name in self.head, f"{self.name} does not say what {name} is")
        check("/secrets/" in (ROOT / ".gitignore").read_text().split(), "git does not ignore the secrets")
        for name, service in self.services.items():
            text = yaml.safe_dump(service)
            for secret in re.findall(r"/run/secrets/([\w-]+)", text):
                check(secret in service["secrets"], f"{self.name}: {name} reads {secret}, which is not mounted")
            check("PGPASSWORD" not in text, f"{self.name}: {name} has a password in its environment")

    def check_database(self):
        server = self.services["postgres"]
        name, version = server["image"].split(":")
        documented = f"tested with PostgreSQL {version}." in (ROOT / "docs/operations-postgres.md").read_text()
        check(name == "postgres" and documented, f"{self.name} runs {server['image']}, and the documents name another version")
        check(server["networks"] == ["database"], f"{self.name}: PostgreSQL is in {server['networks']}")
        check(self.content["networks"]["database"] == {"internal": True}, f"{self.name}: the network of PostgreSQL is open")
        created = (ROOT / "deploy/postgres/create.sql").read_text()
        for name in self.nodes():
            address = urllib.parse.urlsplit(self.services[name]["environment"]["WIREROOM_DATABASE"])
            check(address.hostname == "postgres" and address.password is None, f"{self.name}: {name} uses {address.geturl()}")
            check(f"CREATE ROLE {address.username} " in created, f"create.sql creates no role {address.username}")
            check(f"CREATE DATABASE {address.path[1:]} " in created, f"create.sql creates no database {address.path[1:]}")
        connections = int(re.search(r"max_connections=(\d+)", yaml.safe_dump(server["command"]))[1])
        needed = 2 * len(self.nodes()) * CONNECTIONS_PER_NODE
        check(connections > needed, f"{self.name}: PostgreSQL takes {connections} connections; {needed} are needed")


def seconds(duration):
    return int(re.fullmatch(r"(\d+)s", duration)[1])


def exposed_port():
    return int(re.search(r"^EXPOSE (\d+)$", (ROOT / "Dockerfile").read_text(), re.M)[1])
