# SPDX-License-Identifier: Apache-2.0
"""Runs what compose.postgres.yaml and docs/operations-postgres.md describe, with a real PostgreSQL server.

Two nodes are behind the Caddy of deploy/; one of them is killed, and the database goes away and comes back. The example of the
chapter is run as it stands, and then the server asks for TLS.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import re
import subprocess
import tempfile
import time

from caddy import NODES_FILE, Caddy
from checks import check, free_port, listens, passed, run, wait_for
from composefiles import PostgresCompose
from nginx import ROOT
from pictures import encoded, folders, paths, upload
from postgresserver import PASSWORD, SUPERUSER_PASSWORD, PostgresServer, password_file
from postgrestls import check_tls
from wireroom import Client, Wireroom

CHAPTER = "docs/operations-postgres.md"
SECTION = "Try it on one machine"
FEED = "/stories/two-nodes/updates"
# The health checks of Caddy notice a change within two of a second each.
NOTICED_SECONDS = 5
# A node finds a database that is back within its back-off.
BACK_SECONDS = 15


def check_role(compose, server):
    """The server runs with the settings of the compose file; create.sql makes a role that owns its database and nothing else."""
    server.create()
    rows = server.psql("wireroom", PASSWORD, "wireroom", text="""
        SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
            FROM pg_roles WHERE rolname = 'wireroom';
        SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datacl FROM pg_database WHERE datname = 'wireroom';
        SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public';
    """)
    check(rows == ["f", "wireroom|UTF8|{wireroom=CTc/wireroom}", "wireroom"], f"create.sql makes {rows}")
    passed(f"PostgreSQL {server.major} starts with the settings of {compose.name}, and create.sql makes a role that owns one database")


def check_library(folder):
    """The program is not linked to libpq; where that is missing, an address of PostgreSQL is refused with the package to install."""
    binary = os.environ["WIREROOM_BINARY"]
    linked = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    check("libc.so" in linked and "libpq" not in linked, f"it is linked to {linked}")
    missing = folder / "without-libpq"
    missing.mkdir()
    # The loader finds this one first, and cannot use it.
    (missing / "libpq.so.5").touch()
    done = subprocess.run(
        [binary, "serve", "--port", "0", "--database", "postgres://127.0.0.1/wireroom"],
        env={**os.environ, "LD_LIBRARY_PATH": str(missing)}, capture_output=True, text=True, timeout=20, check=False)
    check(done.returncode != 0 and "libpq5" in done.stderr, f"without libpq it ends with {done.returncode}: {done.stderr}")
    passed("the program is not linked to libpq; where that is missing it names the package to install")


class Cluster:
    """Two nodes, configured as in the compose file, with Caddy in front."""

    def __init__(self, folder, compose, server, stack):
        self.media = folder / "media"
        self.settings = {"PGPASSFILE": str(password_file(folder)), "WIREROOM_MEDIA": str(self.media)}
        self.address = server.address(compose)
        self.nodes = [self.node(folder / name, stack) for name in compose.nodes()]
        upstreams = " ".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        caddy = Caddy(folder / "caddy", upstreams, NODES_FILE)
        caddy.start()
        stack.callback(caddy.stop)
        self.client = Client(caddy.url, seconds=30, tls=caddy.tls())

    def node(self, folder, stack):
        folder.mkdir()
        node = Wireroom(folder, self.address, settings=self.settings)
        node.start()
        stack.callback(node.kill)
        return node

    def command(self, *arguments):
        environment = {**os.environ, **self.settings, "WIREROOM_DATABASE": self.address}
        done = subprocess.run(
            [os.environ["WIREROOM_BINARY"], *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        check(done.returncode == 0, f"wireroom {arguments[0]}: {done.stderr}")
        return done.stdout

    def post(self, number):
        self.client.must_write("POST", FEED, {"body": f"Report {number}."}, Idempotency_Key=f"report-{number}")


def check_lost_node(cluster):
    """One of two nodes is killed amid writes through Caddy: each is answered with success, and is there once."""
    cluster.client.must_write("POST", "/stories", {"title": "Two nodes", "slug": "two-nodes", "status": "live"})
    first, second = cluster.nodes
    for number in range(40):
        if number == 20:
            first.kill()
        cluster.post(number)
    snapshot = Client(second.url).whole("two-nodes")
    bodies = {update["body"] for update in snapshot["updates"]}
    check(bodies == {f"Report {number}." for number in range(40)} and len(snapshot["updates"]) == 40, f"there are {len(bodies)}")
    first.start()
    check(Client(first.url).whole("two-nodes") == snapshot, "the node that was killed shows something else")
    passed("a node was killed amid 40 writes through Caddy: all of them are there, once, at both nodes")


def check_lost_database(cluster, server):
    """Without a database reads go on and a write waits; it is done when the database is back."""
    pages = [Client(node.url).read(FEED) for node in cluster.nodes]
    server.stop()
    for node in cluster.nodes:
        wait_for(lambda: Client(node.url).get("/readyz").status == 503, NOTICED_SECONDS, "a node without database is ready")
        check(Client(node.url).get("/healthz").status == 200, "a node without database is not alive")
    # Caddy has noticed it, too.
    time.sleep(NOTICED_SECONDS)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        write = pool.submit(cluster.post, 40)
        for _ in range(10):
            check(cluster.client.read(FEED)["updates"] == pages[0]["updates"], "a node without database shows something else")
        check(not write.done(), "a write does not wait for the database")
        started = time.monotonic()
        server.start()
        write.result(BACK_SECONDS)
        seconds = time.monotonic() - started
    for node in cluster.nodes:
        wait_for(lambda: "Report 40." in Client(node.url).get(FEED).body.decode(), NOTICED_SECONDS, "the write is not shown")
    passed(f"without its database every node serves readers; a write waited, and was done {seconds:.1f} s after its start")


def check_pictures(cluster):
    """With a folder that both nodes share, a picture uploaded at one is read, deleted and taken down at the other."""
    first, second = (Client(node.url, seconds=60) for node in cluster.nodes)
    asset, other = (upload(first, encoded("JPEG", seed=seed)).json for seed in (1, 2))
    for path in [*paths(asset), *paths(other)]:
        bodies = [client.get(path).body for client in (first, second)]
        check(len(set(bodies)) == 1 and bodies[0], f"the nodes show other bytes at {path}")
    first.must_write("DELETE", other["url"])
    for path in paths(other):
        check(second.get(path).status == 404, f"the other node has {path} after its deletion")
    medium = {"type": "image", "url": asset["url"]}
    update = second.must_write("POST", FEED, {"body": "Wrong.", "media": [medium]}, Idempotency_Key="picture").json
    answer = second.must_write("POST", f"{FEED}/{update['id']}/takedown", {"reason": "Rights."}).json
    check(set(paths(asset)) < set(answer["purge"]), f"a takedown lists {answer['purge']}")
    for path in paths(asset):
        check(first.get(path).status == 404, f"the other node has {path} after its takedown")
    check(not folders(cluster.media), f"in the folder there is {folders(cluster.media)}")
    kept = upload(second, encoded("PNG", seed=3)).json
    said = cluster.command("verify")
    check("the files of 1 picture" in said, f"verify says {said}")
    passed("nodes with one folder of pictures show the same ones; what is deleted or taken down at one is gone at both at once")
    return kept


def check_erasure(cluster, server):
    """A takedown says that bytes are left; with the settings of the compose file, `wireroom erase` removes them from all files."""
    text = "Libel4711 " * 20
    update = cluster.client.must_write("POST", FEED, {"body": text}, Idempotency_Key="libel").json
    server.psql("postgres", SUPERUSER_PASSWORD, "postgres", text="CHECKPOINT;")
    check(files_with("Libel4711", server.folder), "the text is in no file of the server, so this shows nothing")
    answer = cluster.client.must_write("POST", f"{FEED}/{update['id']}/takedown", {"reason": "Wrong."}).json
    check(answer["erased"] is False, "a takedown on PostgreSQL says that it has erased")
    said = cluster.command("erase")
    check("may not run" not in said and "wal_" not in said, f"wireroom erase says:\n{said}")
    left = files_with("Libel4711", server.folder)
    check(not left, f"after wireroom erase the text is in {left}")
    cluster.command("verify")
    passed("wireroom erase, as the role of create.sql, leaves no byte of a takedown in tables, write-ahead log or log")


def files_with(text, folder):
    found = []
    for path in folder.rglob("*"):
        # A server at work removes files.
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and text.encode() in path.read_bytes():
                found.append(str(path))
    return found


# --- the chapter ---


def walk_script(server, ports):
    """The section's commands, at this server and on free ports. Installing PostgreSQL and being another user are left out."""
    text = (ROOT / CHAPTER).read_text()
    section = re.search(rf"^## {SECTION}$(.*?)^## ", text, re.M | re.S)
    check(section, f"{CHAPTER} has no section {SECTION}")
    commands = "\n".join(re.findall(r"^```sh\n(.*?)^```$", section[1], re.M | re.S))
    listening = " && ".join(f"(: </dev/tcp/127.0.0.1/{port}) 2>/dev/null" for port in ports)
    superuser = f"PGPASSWORD={SUPERUSER_PASSWORD} psql --quiet postgres://postgres@127.0.0.1:{server.port}/postgres"
    for shown, here in {
        "sudo apt-get install -y postgresql libpq5": "",
        "sudo -u postgres psql": superuser,
        "127.0.0.1/wireroom": f"127.0.0.1:{server.port}/wireroom",
        "8080": str(ports[0]),
        "8081": str(ports[1]),
        # People type more slowly than a node starts, and than a busy machine brings a stream its change.
        "SECOND=$!\n": f"SECOND=$!\nuntil {listening}; do sleep 0.1; done\n",
        "stream &\n": "stream &\nsleep 1\n",
        "kill $SECOND": "sleep 1\nkill $SECOND",
    }.items():
        check(shown in commands, f"{CHAPTER} has no {shown!r}")
        commands = commands.replace(shown, here)
    return commands + "wait\n"


def check_walk(compose, folder, stack):
    server = PostgresServer(compose, stack)
    ports = free_port(), free_port()
    programs = folder / "programs"
    programs.mkdir()
    (programs / "wireroom").symlink_to(pathlib.Path(os.environ["WIREROOM_BINARY"]).resolve())
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", walk_script(server, ports)], cwd=ROOT, env=environment, capture_output=True,
        text=True, timeout=90, check=False,
    )
    said = f"{done.stdout}\n{done.stderr}"
    check(done.returncode == 0, f"the walk of {CHAPTER} ended with {done.returncode}:\n{said}")
    heard = re.findall(r'^data: .*"body":"([^"]*)"', done.stdout, re.M)
    check(heard == [f"Written at {ports[0]}, heard at {ports[1]}.", "One node less."], f"the stream brought {heard}:\n{said}")
    check('"status":"ready"' in done.stdout and "\nwireroom_follower_lag_seconds " in done.stdout, f"the walk said:\n{said}")
    check(not any(map(listens, ports)), "the walk leaves a node behind")
    passed(f"the walk of {CHAPTER}: what is written at one node is streamed by the other, also when the first is stopped")


def main():
    compose = PostgresCompose("compose.postgres.yaml", "")
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        check_library(folder)
        server = PostgresServer(compose, stack)
        check_role(compose, server)
        cluster = Cluster(folder, compose, server, stack)
        check_lost_node(cluster)
        check_lost_database(cluster, server)
        check_pictures(cluster)
        check_erasure(cluster, server)
        check_walk(compose, folder, stack)
        for node in cluster.nodes:
            node.kill()
        check_tls(server, folder, stack)


if __name__ == "__main__":
    run("Two nodes on PostgreSQL", main)
