"""nginx before the server: as a plain proxy, and as a cache for a second."""

import getpass
import os
import shutil

from checks import Process, free_port, listens, path_with_sbin, wait_for

FRAME = """
daemon off;
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

# Buffering is on, as it is by default: it is the server's X-Accel-Buffering that lets a stream pass.
PROXY = """
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass {upstream};
            proxy_http_version 1.1;
        }}
    }}
"""

# A cache for as long as the server says, which is a second, that asks the server for the same thing once at a time.
CACHE = """
    proxy_cache_path {folder}/cache keys_zone=feeds:1m;
    server {{
        listen 127.0.0.1:{port};
        proxy_http_version 1.1;
        proxy_cache feeds;
        proxy_cache_lock on;
        proxy_cache_use_stale updating;
        add_header X-Cache $upstream_cache_status;
        location / {{
            # The lock would let one long poll of an address wait at the server, and hold all others back.
            proxy_cache_bypass $arg_wait;
            proxy_no_cache $arg_wait;
            proxy_pass {upstream};
        }}
        location ~ ^/stories/[^/]+/stream$ {{
            proxy_cache off;
            proxy_pass {upstream};
        }}
    }}
"""


class Nginx:
    """An nginx with a configuration of our own, on a port that stays the same over its restarts."""

    def __init__(self, folder, configuration, upstream):
        folder.mkdir()
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        inner = configuration.format(port=self.port, upstream=upstream, folder=folder)
        # Started by root, its workers would be nobody, who cannot enter the folder.
        user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(FRAME.format(folder=folder, configuration=inner, user=user))
        self.process = None

    def start(self):
        program = shutil.which("nginx", path=path_with_sbin())
        arguments = [program, "-p", str(self.folder), "-e", "stderr", "-c", str(self.folder / "nginx.conf")]
        self.process = Process(arguments, self.folder / "nginx.log")
        wait_for(self.accepts, 10, f"nginx does not accept connections on port {self.port}")

    def accepts(self):
        self.process.must_run()
        return listens(self.port)

    def stop(self):
        """Ends it at once, cutting all connections."""
        self.process.end()
