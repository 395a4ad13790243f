# SPDX-License-Identifier: Apache-2.0
"""deploy/Caddyfile.postgres in front of two stand-ins for nodes, which are made unready, cut off or stopped."""

import concurrent.futures
import contextlib
import http.server
import socket
import threading
import time

from caddy import NODES_FILE, Caddy
from checks import check, free_port, passed, wait_for
from wireroom import Client

# Two health checks a second apart.
NOTICED_SECONDS = 6
HELD_SECONDS = 3


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with the name of its node. A node that cuts closes the connection in place of an answer."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.node.connections.append(self.connection)

    def do_GET(self):
        node = self.server.node
        if self.path == "/readyz":
            return self.answer(200 if node.ready else 503)
        if self.path != "/healthz":
            node.requests += 1
            if node.cuts:
                self.close_connection = True
                return None
        return self.answer(200)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def answer(self, status):
        body = self.server.node.name.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Node:
    def __init__(self, name):
        self.name, self.port = name, free_port()
        self.ready, self.cuts, self.requests = True, False, 0
        self.connections = []
        self.start()

    def start(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.node = self
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Nodes:
    """Two nodes, and a client of the Caddy in front of them."""

    def __init__(self, folder, stack):
        self.a, self.b = Node("a"), Node("b")
        for node in (self.a, self.b):
            stack.callback(node.stop)
        caddy = Caddy(folder, f"127.0.0.1:{self.a.port} 127.0.0.1:{self.b.port}", NODES_FILE)
        caddy.start()
        stack.callback(caddy.stop)
        self.client = Client(caddy.url, tls=caddy.tls())

    def served(self, method, requests=20):
        """Who answered; every answer must be a 200."""
        names = set()
        for _ in range(requests):
            answer = self.client.ask(method, "/stories", b"{}" if method == "POST" else None)
            check(answer.status == 200, f"{method} through Caddy is answered {answer.status}")
            names.add(answer.body.decode())
        return names

    def wait_until_served(self, method, names, what):
        wait_for(lambda: self.served(method) == names, NOTICED_SECONDS, what)


def check_writes(nodes):
    """A node that cannot write gets reads and no writes; while none can, a write waits and reads do not."""
    nodes.wait_until_served("POST", {"a", "b"}, "writes go to one node only")
    nodes.a.ready = False
    nodes.wait_until_served("POST", {"b"}, "writes go to a node that is not ready")
    check(nodes.served("GET") == {"a", "b"}, "reads do not go to a node that only cannot write")
    nodes.b.ready = False
    # Noticed by then, and otherwise the write would be answered at once.
    time.sleep(HELD_SECONDS)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        write = pool.submit(nodes.served, "POST", 1)
        time.sleep(HELD_SECONDS)
        check(not write.done(), "a write goes to a node that is not ready, or is refused at once")
        check(nodes.served("GET") == {"a", "b"}, "reads stop when nothing can be written")
        nodes.a.ready = True
        check(write.result(NOTICED_SECONDS) == {"a"}, "a write that waited went to a node that is not ready")
    nodes.b.ready = True
    nodes.wait_until_served("POST", {"a", "b"}, "a node that is ready again gets no writes")


def check_cuts(nodes):
    """A read whose connection is cut is repeated at the other node; a write is not."""
    nodes.a.cuts = True
    check(nodes.served("GET") == {"b"}, "a read is answered by a node that cuts it")
    nodes.b.cuts = True
    time.sleep(HELD_SECONDS)
    nodes.a.requests = nodes.b.requests = 0
    answer = nodes.client.ask("POST", "/stories", b"{}")
    requests = nodes.a.requests + nodes.b.requests
    check(answer.status == 502 and requests == 1, f"a write that was cut is answered {answer.status} after {requests} requests")
    nodes.a.cuts = nodes.b.cuts = False
    nodes.wait_until_served("GET", {"a", "b"}, "a node that no longer cuts gets no reads")


def check_stopped(nodes):
    nodes.a.stop()
    for method in ("GET", "POST"):
        check(nodes.served(method, 40) == {"b"}, f"{method} is answered by a node that was stopped")
    nodes.a.start()
    nodes.wait_until_served("GET", {"a", "b"}, "a node that was started again gets no reads")


def check_caddy_nodes(folder):
    with contextlib.ExitStack() as stack:
        nodes = Nodes(folder, stack)
        check(nodes.client.ask("GET", "/metrics").status == 404, "/metrics is open to everybody")
        check_writes(nodes)
        passed("Caddy in front of two nodes: writes go to those that are ready or wait for one, reads to all that are alive")
        check_cuts(nodes)
        check_stopped(nodes)
        passed("Caddy in front of two nodes: one that cuts or is stopped costs no read, and no write is sent twice")
