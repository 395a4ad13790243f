# SPDX-License-Identifier: Apache-2.0
"""nginx in front of the server: as a plain proxy, and as deployed, with a cache of one second."""

import getpass
import os
import pathlib
import shutil
import subprocess

from checks import Process, check, free_port, listens, path_with_sbin, wait_for

ROOT = pathlib.Path(__file__).parents[2]

FRAME = """
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
{configuration}
}}
"""

# Buffering is on, the default: the server's X-Accel-Buffering lets streams pass.
PROXY = """
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass {upstream};
            proxy_http_version 1.1;
        }}
    }}
"""


def deployed(nginx, upstream, purge_port):
    """deploy/nginx.conf, except for its ports, paths and user; its TLS server is served without TLS, too."""
    text, folder = (ROOT / "deploy/nginx.conf").read_text(), nginx.folder
    certify(folder)
    for shipped, here in {
        "user www-data;": user(),
        "worker_rlimit_nofile 70000;": "",
        "worker_connections 32768;": f"worker_connections {nginx.connections};",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/log/nginx/": f"{folder}/",
        "/var/lib/nginx/": f"{folder}/",
        "/etc/letsencrypt/live/live.example.org/": f"{folder}/",
        "127.0.0.1:8080": upstream.removeprefix("http://"),
        "listen 80 default_server;": f"listen 127.0.0.1:{nginx.bare_port};",
        "listen [::]:80 default_server;": "",
        "listen 443 ssl http2 default_server backlog=4096;":
            f"listen 127.0.0.1:{nginx.port} backlog=4096; listen 127.0.0.1:{nginx.tls_port} ssl http2;",
        "listen [::]:443 ssl http2 default_server backlog=4096;": "",
        "127.0.0.1:6081": f"127.0.0.1:{purge_port}",
    }.items():
        check(text.count(shipped) >= 1, f"deploy/nginx.conf has no {shipped!r}")
        text = text.replace(shipped, here)
    return text


def certify(folder):
    """A key with a self-signed certificate, under the names that certbot uses."""
    arguments = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    arguments += ["-keyout", "privkey.pem", "-out", "fullchain.pem", "-subj", "/CN=localhost"]
    arguments += ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(arguments, cwd=folder, check=True, capture_output=True)


def proxy(nginx, upstream, _):
    """A plain proxy with minimal configuration."""
    inner = PROXY.format(port=nginx.port, upstream=upstream)
    return FRAME.format(folder=nginx.folder, configuration=inner, user=user())


def user():
    # If root starts it, workers would run as nobody, without access to the folder.
    return f"user {getpass.getuser()};" if os.geteuid() == 0 else ""


class Nginx:
    """An nginx whose port stays the same across restarts, configured by `deployed` or `proxy`."""

    def __init__(self, folder, configuration, upstream, purge_port=None, connections=1_000):
        folder.mkdir()
        self.connections = connections
        self.folder = folder
        self.port, self.tls_port, self.bare_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.tls_url = f"https://localhost:{self.tls_port}"
        (folder / "nginx.conf").write_text(configuration(self, upstream, purge_port or free_port()))
        self.process = None

    @property
    def authority(self):
        return self.folder / "fullchain.pem"

    def arguments(self):
        program = shutil.which("nginx", path=path_with_sbin())
        configuration = ["-e", "stderr", "-c", str(self.folder / "nginx.conf")]
        return [program, *configuration, "-g", "daemon off;"]

    def start(self):
        self.process = Process(self.arguments(), self.folder / "nginx.log")
        wait_for(self.accepts, 10, f"nginx does not accept connections on port {self.port}")

    def accepts(self):
        self.process.must_run()
        return listens(self.port)

    def stop(self):
        """Stops it at once, cutting all connections."""
        self.process.end()
