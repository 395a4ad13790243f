# SPDX-License-Identifier: Apache-2.0
"""The servers under test: started on loopback, measured from outside, stopped with the benchmark."""

import ctypes
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ADMIN_KEY = "bench-admin-key-0123456789"
WORKERS = 2


class Failed(Exception):
    """A case cannot give a valid figure; the message says why."""


def check(holds, otherwise):
    if not holds:
        raise Failed(otherwise)


class Server:
    """A started process with its children, and their cost."""

    def __init__(self, name, arguments, folder, environment=None):
        self.name = name
        self.log = folder / f"{name}.log"
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                arguments, stdout=output, stderr=output, env=environment, preexec_fn=end_with_parent
            )

    @property
    def pids(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def processor_seconds(self):
        """User and system time of all threads, including those that have ended, of all its processes."""
        check(self.process.poll() is None, f"{self.name} has ended:\n{self.last_words()}")
        return sum(time.clock_gettime(processor_clock(pid)) for pid in self.pids)

    def resident_bytes(self):
        """Summed over pages (smaps): /proc/PID/status may lag by some pages per thread."""
        pages = [pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.pids]
        return sum(int(re.search(r"^Rss:\s+(\d+) kB", text, re.MULTILINE)[1]) * 1024 for text in pages)

    @property
    def port(self):
        return int(self.url.rpartition(":")[2])

    def wait_for(self, found, seconds=10):
        """Waits until `found(log)` is true; returns its value."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if answer := found(self.log.read_text(errors="replace")):
                return answer
            time.sleep(0.02)
        raise Failed(f"{self.name} did not start: {self.last_words()}")

    def wait_until_quiet(self, seconds=5):
        """Waits until it is idle: under 2 % of a CPU for a tenth of a second."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            before = self.processor_seconds()
            time.sleep(0.1)
            if self.processor_seconds() - before < 0.002:
                return

    def last_words(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def processor_clock(pid):
    """The CPU-time clock of a process (clock_getcpuclockid(3)), in nanoseconds; /proc/PID/stat has hundredths of a second."""
    cpuclock_sched = 2
    return ~pid << 3 | cpuclock_sched


def end_with_parent():
    """Makes the kernel end this process if the benchmark is killed (PR_SET_PDEATHSIG)."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def wireroom_command(binary, database, port=0, cache_bytes=None, options=()):
    arguments = [binary, "serve", "--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)]
    arguments += ["--database", str(database), *options]
    return arguments if cache_bytes is None else arguments + ["--cache-bytes", str(cache_bytes)]


def wireroom_environment():
    """Environment without per-client quotas: all load comes from one address."""
    shares = {f"WIREROOM_{places}_PER_CLIENT": "0" for places in ("CONNECTIONS", "STREAMS", "POLLS")}
    return {"PATH": os.environ["PATH"], "WIREROOM_ADMIN_KEY": ADMIN_KEY, **shares}


def start_wireroom(bench, database=None, cache_bytes=None, options=(), name="wireroom"):
    """On a new database unless one is given; `cache_bytes` as the server's option, `options` any others."""
    folder = new_folder(bench)
    database = database or folder / "bench.db"
    arguments = wireroom_command(bench.binary, database, cache_bytes=cache_bytes, options=options)
    server = Server(name, arguments, folder, wireroom_environment())
    bench.stack.callback(server.stop)
    server.url = server.wait_for(lambda log: (m := re.search(r"ready at (http://\S+)", log)) and m[1], seconds=20)
    return server


# Without tcp_nopush: with it, some responses wait 40 ms for the client's acknowledgement (p99 of 82 KB).
NGINX_CONFIGURATION = """
daemon off;
worker_processes {workers};
worker_rlimit_nofile {descriptors};
pid {folder}/nginx.pid;
error_log stderr warn;
{head}
events {{ worker_connections 16384; }}
http {{
    access_log off;
    sendfile on;
    keepalive_requests 1000000000;
    open_file_cache max=100;
    default_type application/json;
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    {settings}
    server {{
        listen 127.0.0.1:{port} reuseport backlog=4096;
        {places}
    }}
}}
"""

FILE_PLACES = """
        root {folder}/files;
        location /packed/ { gzip_static on; }
"""

NCHAN_MODULE = pathlib.Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
NCHAN_PLACES = """
        location = /publish { nchan_publisher; nchan_channel_id feed; }
        location = /stream {
            nchan_subscriber eventsource;
            nchan_channel_id feed;
            nchan_subscriber_first_message newest;
        }
"""


def start_nginx(bench, name, head="", settings="", places=""):
    port, folder = free_port(), new_folder(bench)
    (folder / "files" / "packed").mkdir(parents=True)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        NGINX_CONFIGURATION.format(
            folder=folder, port=port, workers=WORKERS, descriptors=bench.descriptors, head=head, settings=settings,
            places=places.replace("{folder}", str(folder)),
        )
    )
    arguments = [nginx_path(), "-p", str(folder), "-e", "stderr", "-c", str(configuration)]
    server = Server(name, arguments, folder)
    bench.stack.callback(server.stop)
    server.url, server.files = f"http://127.0.0.1:{port}", folder / "files"
    server.wait_for(lambda log: len(server.pids) > WORKERS and answers(server.url))
    return server


def start_file_server(bench):
    return start_nginx(bench, "nginx", places=FILE_PLACES)


def start_nchan(bench):
    check(NCHAN_MODULE.exists(), f"{NCHAN_MODULE} is missing (Debian: libnginx-mod-nchan)")
    settings = "nchan_shared_memory_size 256M;"
    return start_nginx(bench, "nchan", f"load_module {NCHAN_MODULE};", settings, NCHAN_PLACES)


def nginx_path():
    return shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")


def new_folder(bench):
    folder = pathlib.Path(tempfile.mkdtemp(dir=bench.folder))
    folder.chmod(0o755)  # nginx's workers do not run as root in this setup.
    return folder


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=1).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
