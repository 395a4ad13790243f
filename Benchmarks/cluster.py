# SPDX-License-Identifier: Apache-2.0
"""Nodes on PostgreSQL, beside the same program on SQLite. The server is Debian's, with its defaults but for the number of connections."""

import contextlib
import http.client
import json
import os
import pathlib
import socket
import statistics
import subprocess
import threading
import time

import bars
from generator import ANY_LENGTH, Flow
from servers import ADMIN_KEY, check, end_with_parent, free_port, start_nginx, start_wireroom
from stories import Client, snapshot_path, unchanged_request
from writes import CONNECTIONS, NO_LIMIT, SLUG, Written, alternate, p99, per_second, post_flow, reaction_flow

ROUND_TRIP_SECONDS = 0.001
HEARD_POSTS = 200
HEARD_POSTS_PER_SECOND = 50
IDLE_SECONDS = 10
DUMP_SECONDS = 20
SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "scripts" / "test-postgres"


class Postgres:
    """A server in a folder of its own, with a new database for each address that is asked for."""

    def __init__(self, bench):
        self.port = free_port()
        self.folder = f"/tmp/wireroom-bench-postgres-{os.getpid()}-{self.port}"
        # It ends with this process, or when the case does.
        self.owner = subprocess.Popen(["sleep", "infinity"], preexec_fn=end_with_parent)
        bench.stack.callback(self.owner.wait)
        bench.stack.callback(self.owner.kill)
        subprocess.run([SCRIPT, self.folder, str(self.owner.pid), str(self.port)], check=True, stdout=subprocess.DEVNULL)
        self.databases = 0

    def address(self, port=None):
        self.databases += 1
        subprocess.run([*self.psql("postgres"), "-c", f"CREATE DATABASE {self.database}"], check=True)
        return f"postgres://wireroom@127.0.0.1:{port or self.port}/{self.database}"

    @property
    def database(self):
        """The name of the last one."""
        return f"bench{self.databases}"

    def psql(self, database):
        return ["psql", "-q", "-X", "-h", self.folder, "-p", str(self.port), "-U", "wireroom", "-d", database]

    def silent_address(self):
        """An address whose nodes notify nobody: they find another function of that name first."""
        address = self.address()
        script = "CREATE SCHEMA silent; CREATE FUNCTION silent.pg_notify(text, text) RETURNS void LANGUAGE sql AS ''"
        subprocess.run([*self.psql(self.database), "-c", script], check=True)
        return address + "?options=-csearch_path%3Dsilent,pg_catalog"

    @contextlib.contextmanager
    def dump(self):
        """What pg_dump holds open while it works: a snapshot, for which the server keeps all versions of rows."""
        session = subprocess.Popen(self.psql(self.database), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        session.stdin.write("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSELECT count(*) FROM updates;\n")
        session.stdin.flush()
        check("count" in session.stdout.readline(), "the snapshot was not taken")
        try:
            yield
        finally:
            session.kill()
            session.wait()


class SlowLink:
    """A TCP proxy that passes everything on half a round trip later, in both directions."""

    def __init__(self, bench, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        bench.stack.callback(self.listener.close)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            for source, sink in ((client, server), (server, client)):
                sink.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self.pass_on, args=(source, sink), daemon=True).start()

    @staticmethod
    def pass_on(source, sink):
        try:
            while data := source.recv(1 << 20):
                time.sleep(ROUND_TRIP_SECONDS / 2)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class WrittenThrough(Written):
    """A story written to through any server that passes requests on to nodes."""

    def __init__(self, bench, server, node):
        self.generator, self.server = bench.generator, server
        self.client = Client(node)
        self.client.create_story(SLUG, 0)
        self.posts, self.reactions = 0, 0


def posts(bench):
    """One node, and SQLite in the same run."""
    postgres = Postgres(bench)
    node = start_wireroom(bench, postgres.address(), name="PostgreSQL")
    subjects = [WrittenThrough(bench, node, node), Written(bench, name="SQLite")]
    flows = {"posts": post_flow()}
    ours, theirs = alternate([(subject, flows) for subject in subjects], bench.sizes.rounds, bench.sizes.seconds)
    bench.figure("posts, 201", "one node on PostgreSQL", ANY_LENGTH, CONNECTIONS, ours)
    bench.figure("posts, 201", "SQLite", ANY_LENGTH, CONNECTIONS, theirs)
    bench.result(bars.NODE_POSTS, per_second(ours), per_second(theirs))


def distant(bench):
    """With a millisecond more in each round trip to the database."""
    postgres = Postgres(bench)
    link = SlowLink(bench, postgres.port)
    node = start_wireroom(bench, postgres.address(link.port), name="distant")
    rounds, = alternate([(WrittenThrough(bench, node, node), {"posts": post_flow()})], bench.sizes.rounds, bench.sizes.seconds)
    bench.figure("posts, 201", "one node, 1 ms from its database", ANY_LENGTH, CONNECTIONS, rounds)
    bench.result(bars.DISTANT_POSTS, per_second(rounds))


def three_nodes(bench):
    """Behind nginx, which deals the requests out in turn."""
    address = Postgres(bench).address()
    nodes = [start_wireroom(bench, address, name=f"node {number}") for number in range(3)]
    upstream = "".join(f"server 127.0.0.1:{node.port};" for node in nodes)
    nginx = start_nginx(
        bench, "proxy", settings=f"upstream nodes {{ {upstream} keepalive 64; }}",
        places="location / { proxy_pass http://nodes; proxy_http_version 1.1; proxy_set_header Connection \"\"; }",
    )
    rounds, = alternate([(WrittenThrough(bench, nginx, nodes[0]), {"posts": post_flow()})], bench.sizes.rounds, bench.sizes.seconds)
    bench.figure("posts, 201", "three nodes behind nginx", ANY_LENGTH, CONNECTIONS, rounds)
    bench.result(bars.CLUSTER_POSTS, per_second(rounds))
    bench.result(bars.CLUSTER_POSTS_TIME, p99(rounds))


def polls(bench):
    """Memory answers, whatever the engine."""
    servers = [start_wireroom(bench, Postgres(bench).address(), name="PostgreSQL"), start_wireroom(bench, name="SQLite")]
    flows = []
    for server in servers:
        client = Client(server)
        client.create_story(SLUG)
        flows.append((server, Flow([unchanged_request(client, snapshot_path(SLUG))], 64)))
    ours, theirs = bench.generator.alternate(flows, bench.sizes.load_rounds, bench.sizes.seconds)
    bench.result(bars.NODE_POLLS, [r.microseconds for r in ours], [r.microseconds for r in theirs])


def dump(bench):
    """Posts and reactions before a dump, and when it has gone on for a while under both."""
    postgres = Postgres(bench)
    node = start_wireroom(bench, postgres.address(), options=NO_LIMIT, name="PostgreSQL")
    written, flows = WrittenThrough(bench, node, node), {"posts": post_flow(), "reactions": reaction_flow()}
    before, = alternate([(written, flows)], bench.sizes.rounds, bench.sizes.seconds)
    with postgres.dump():
        written.measure(bench.generator.prepare(**flows), DUMP_SECONDS, flows)
        during, = alternate([(written, flows)], bench.sizes.rounds, bench.sizes.seconds)
    bench.figure("posts and reactions", "before a dump", ANY_LENGTH, CONNECTIONS, before)
    bench.figure("posts and reactions", f"{DUMP_SECONDS} s into a dump", ANY_LENGTH, CONNECTIONS, during)
    bench.result(bars.DUMP_POSTS, per_second(during), per_second(before))


def heard(bench):
    measure_heard(bench, Postgres(bench).address(), bars.HEARD)


def heard_by_polls(bench):
    """As behind a pooler that delivers no notifications."""
    measure_heard(bench, Postgres(bench).silent_address(), bars.HEARD_BY_POLLS)


def measure_heard(bench, address, bar):
    """How long after the writer's answer a stream at another node has the change."""
    here, there = (start_wireroom(bench, address, name=name) for name in ("here", "there"))
    Client(here).create_story(SLUG, 0)
    arrivals, answers = {}, {}
    listener = threading.Thread(target=listen, args=(there.port, arrivals), daemon=True)
    listener.start()
    time.sleep(0.5)
    connection = http.client.HTTPConnection("127.0.0.1", here.port)
    headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "application/json"}
    for number in range(HEARD_POSTS):
        connection.request("POST", f"/stories/{SLUG}/updates", json.dumps({"body": f"Report {number}"}), headers)
        answer = connection.getresponse()
        answers[json.loads(answer.read())["seq"]] = time.monotonic()
        time.sleep(1 / HEARD_POSTS_PER_SECOND)
    listener.join(1)
    check(len(arrivals) == HEARD_POSTS, f"{len(arrivals)} of {HEARD_POSTS} changes were heard")
    delays = sorted(max(0, arrivals[seq] - answers[seq]) * 1000 for seq in answers)
    note = f"median {statistics.median(delays):.1f} ms, of {HEARD_POSTS} posts at {HEARD_POSTS_PER_SECOND}/s"
    bench.result(bar, [delays[int(len(delays) * 0.99)]], note=note)


def listen(port, arrivals):
    """Notes when each change arrives at a stream, by its sequence number, until all have."""
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.sendall(f"GET /stories/{SLUG}/stream HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for line in stream.makefile("rb"):
            if line.startswith(b"id:"):
                seq = int(line.strip().rpartition(b"-")[2])
                if seq > 1:
                    arrivals[seq] = time.monotonic()
            if len(arrivals) == HEARD_POSTS:
                return


def idle(bench):
    """A node that nobody asks anything follows the log of commits all the same."""
    node = start_wireroom(bench, Postgres(bench).address(), name="idle")
    node.wait_until_quiet()
    before = node.processor_seconds()
    time.sleep(IDLE_SECONDS)
    bench.result(bars.NODE_IDLE, [(node.processor_seconds() - before) / IDLE_SECONDS * 100])
