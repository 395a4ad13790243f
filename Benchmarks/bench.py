"""Measures Wireroom beside nginx, which serves the same bytes as files. README.md says what the figures mean.

Started by scripts/bench; needs wrk and nginx, and nothing from outside Python's own library.
"""

import argparse
import contextlib
import ctypes
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ADMIN_KEY = "bench-admin-key-0123456789"
UPDATES = 50
WORKERS = 2
ROUNDS = 5
ROUND_SECONDS = 5
WARM_UP_SECONDS = 1
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
HERE = pathlib.Path(__file__).resolve().parent


# --- the cases: a row for each; what a later release brings (304, gzip, streams) is another row ---


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    story: str
    """The story's slug; the length of its updates' bodies stands in STORIES."""
    connections: int
    rounds: int
    delta: bool = False
    """Asks with the snapshot's cursor, so that there is nothing new."""


STORIES = {"long": 600, "short": 90}

CASES = [
    Case("snapshot, 50 updates of 600 B", "long", connections=64, rounds=ROUNDS),
    Case("snapshot, 50 updates of 90 B", "short", connections=64, rounds=ROUNDS),
    Case("empty delta", "long", connections=64, rounds=ROUNDS, delta=True),
    Case("snapshot, 50 updates of 600 B", "long", connections=4, rounds=1),
    Case("empty delta", "long", connections=4, rounds=1, delta=True),
]


def check(holds, otherwise):
    if not holds:
        sys.exit(f"bench: {otherwise}")


# --- processes ---


class Server:
    """A started process with its children, whose processor time can be read, and that ends with this program."""

    def __init__(self, name, arguments, log, environment=None):
        self.name = name
        self.log = log
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                arguments, stdout=output, stderr=output, env=environment, preexec_fn=end_with_parent
            )

    @property
    def pids(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def processor_seconds(self):
        """User and system time of all threads of all its processes."""
        return sum(map(process_ticks, self.pids)) / TICKS_PER_SECOND

    def wait_for(self, found, seconds=10):
        """Waits until `found`, given the log, is true; gives what it gave."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if answer := found(self.log.read_text()):
                return answer
            time.sleep(0.02)
        sys.exit(f"bench: {self.name} did not start:\n{self.log.read_text()}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def end_with_parent():
    """Has the kernel end this process when the bench is killed in a way that leaves it no time to."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def process_ticks(pid):
    # The name, in parentheses, may hold spaces; utime and stime are fields 14 and 15 (proc(5)).
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def start_wireroom(binary, folder):
    arguments = [binary, "serve", "--host", "127.0.0.1", "--port", "0", "--workers", str(WORKERS)]
    arguments += ["--database", str(folder / "bench.db")]
    environment = {"PATH": os.environ["PATH"], "WIREROOM_ADMIN_KEY": ADMIN_KEY}
    server = Server("wireroom", arguments, folder / "wireroom.log", environment)
    server.url = server.wait_for(lambda log: (m := re.search(r"http://\S+", log)) and m[0])
    return server


# Without tcp_nopush: with it a part of the answers waits 40 ms for the client's acknowledgement (p99 of 82 KB).
NGINX_CONFIGURATION = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
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
    server {{
        listen 127.0.0.1:{port} reuseport;
        root {folder}/files;
    }}
}}
"""


def start_nginx(folder):
    port = free_port()
    folder.chmod(0o755)  # Its workers are not root where this is.
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX_CONFIGURATION.format(folder=folder, port=port, workers=WORKERS))
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    arguments = [nginx, "-p", str(folder), "-e", "stderr", "-c", str(configuration)]
    server = Server("nginx", arguments, folder / "nginx.log")
    server.url = f"http://127.0.0.1:{port}"
    server.wait_for(lambda log: len(server.pids) > WORKERS and answers(server.url))
    return server


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


# --- the data ---


def post(url, value):
    headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(value).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        check(answer.status == 201, f"POST {url}: {answer.status}")


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def body_text(number, length):
    """A paragraph like those of a live page, so that it renders to a little HTML."""
    sentence = f"Report {number}: the harbour stays **closed** until the wind drops, the port authority said. "
    return (sentence * (length // len(sentence) + 1))[:length].strip()


def post_stories(url):
    for slug, length in STORIES.items():
        post(f"{url}/stories", {"title": f"Storm at the harbour, {slug}", "slug": slug, "status": "live"})
        for number in range(UPDATES):
            post(f"{url}/stories/{slug}/updates", {"title": f"Report {number}", "body": body_text(number, length)})


def path_of(case, url):
    """The path of the case's request on Wireroom."""
    path = f"/stories/{case.story}/updates"
    if not case.delta:
        return path
    return f"{path}?cursor={json.loads(get(url + path))['cursor']}"


def prepare(case, wireroom, nginx, files):
    """Gives nginx the bytes that Wireroom answers; the URL of the case on each, and the length."""
    path = path_of(case, wireroom.url)
    body = get(wireroom.url + path)
    check_body(case, json.loads(body))
    name = f"{case.story}-{'delta' if case.delta else 'snapshot'}.json"
    (files / name).write_bytes(body)
    urls = {wireroom: wireroom.url + path, nginx: f"{nginx.url}/{name}"}
    for server, url in urls.items():
        check(get(url) == body, f"{server.name} answers other bytes at {url}")
    return urls, len(body)


def check_body(case, answer):
    if case.delta:
        check(answer["changes"] == [], "the delta is not empty")
    else:
        check(len(answer["updates"]) == UPDATES, f"{len(answer['updates'])} updates in the snapshot")


# --- measuring ---


@dataclasses.dataclass(frozen=True)
class Round:
    microseconds: float
    """Processor time of the server for a request."""
    per_second: float
    median_milliseconds: float
    p99_milliseconds: float


# Without this wrk does not tell p50 and p99 in one unit, nor its errors by kind.
WRK_REPORT = """
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
"""


def load(url, connections, seconds, script):
    arguments = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "-s", str(script), url]
    output = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=seconds + 20).stdout
    requests, duration, errors, p50, p99 = map(int, re.search(r"RESULT (.*)", output)[1].split())
    check(requests and not errors, f"{errors} of {requests} requests failed at {url}:\n{output}")
    return requests, duration / 1e6, p50 / 1e3, p99 / 1e3


def measure(server, url, connections, seconds, script):
    before = server.processor_seconds()
    requests, duration, p50, p99 = load(url, connections, seconds, script)
    spent = server.processor_seconds() - before
    return Round(spent / requests * 1e6, requests / duration, p50, p99)


def measure_case(case, urls, seconds, rounds, script):
    """Rounds in turns, so that a slow minute of the machine meets both."""
    for url in urls.values():
        load(url, case.connections, WARM_UP_SECONDS, script)
    results = {server.name: [] for server in urls}
    for _ in range(rounds):
        for server, url in urls.items():
            results[server.name].append(measure(server, url, case.connections, seconds, script))
    return results


# --- reporting ---


def spread(rounds, field, digits):
    values = [getattr(r, field) for r in rounds]
    text = f"{statistics.median(values):,.{digits}f}"
    return text if len(values) == 1 else f"{text} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def table_rows(case, length, results):
    ratio = statistics.median(r.microseconds for r in results["wireroom"]) / statistics.median(
        r.microseconds for r in results["nginx"]
    )
    for name, rounds in results.items():
        yield [
            case.name,
            f"{length:,}",
            str(case.connections),
            name,
            spread(rounds, "microseconds", 1),
            f"**{ratio:.2f}**" if name == "wireroom" else "1",
            spread(rounds, "per_second", 0),
            spread(rounds, "median_milliseconds", 2),
            spread(rounds, "p99_milliseconds", 2),
        ]


COLUMNS = ["case", "bytes", "connections", "server", "µs processor / request", "ratio", "requests / s"]
COLUMNS += ["p50 ms", "p99 ms"]


def markdown_table(rows):
    lines = [COLUMNS, ["---"] + ["---" if c == "server" else "--:" for c in COLUMNS[1:]], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def output_of(*arguments):
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=20, cwd=HERE)
    except OSError:
        return "unknown"
    return (done.stdout + done.stderr).strip() or "unknown"


def first_match(pattern, text):
    return match[1].strip() if (match := re.search(pattern, text)) else "unknown"


def facts(binary, loads):
    swift = first_match(r"Swift version (\S+)", output_of("swift", "--version"))
    nginx = first_match(r"nginx/(\S+)", output_of(shutil.which("nginx") or "/usr/sbin/nginx", "-v"))
    wrk = first_match(r"wrk (?:debian/)?(\S+)", output_of("wrk", "-v"))
    processor = first_match(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {
        "commit": output_of("git", "describe", "--always", "--dirty", "--exclude=*"),
        "wireroom": output_of(binary, "--version").removeprefix("wireroom "),
        "processor": f"{processor}, {os.cpu_count()} cores",
        "kernel": platform.release(),
        "versions": f"Swift {swift}, nginx {nginx}, wrk {wrk}",
        "load average": " → ".join(f"{value:.2f}" for value in loads) + " (1 min, before → after)",
    }


def report(rows, machine, seconds, rounds):
    listed = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    return (
        f"# {datetime.date.today()}\n\n{listed}\n\n"
        f"{WORKERS} workers each, wrk with one thread on the same machine, rounds of {seconds} s in turns; "
        f"median (min–max) of {rounds}, a single round for 4 connections. "
        "Ratio: Wireroom's processor time for a request to nginx's.\n\n" + markdown_table(rows) + "\n"
    )


def record(text):
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    file = results / f"{datetime.date.today()}.md"
    file.write_text(text)
    print(f"\nrecorded in {file.relative_to(HERE.parent)}")


# --- the whole ---


def run(binary, folder, stack, seconds, most_rounds):
    files = folder / "files"
    files.mkdir()
    script = folder / "report.lua"
    script.write_text(WRK_REPORT)
    wireroom = start_wireroom(binary, folder)
    stack.callback(wireroom.stop)
    nginx = start_nginx(folder)
    stack.callback(nginx.stop)
    post_stories(wireroom.url)
    rows = []
    for case in CASES:
        urls, length = prepare(case, wireroom, nginx, files)
        results = measure_case(case, urls, seconds, min(case.rounds, most_rounds), script)
        rows += table_rows(case, length, results)
        print(f"{case.name}, {case.connections} connections: done", file=sys.stderr)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the wireroom to measure")
    parser.add_argument("--quick", action="store_true", help="one short round a case; nothing is recorded")
    options = parser.parse_args()
    # An exit by a signal must unwind too, so that the servers end.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    binary = os.path.abspath(options.binary)
    seconds, most_rounds = (1, 1) if options.quick else (ROUND_SECONDS, ROUNDS)
    load_before = os.getloadavg()[0]
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wireroom-bench-")))
        rows = run(binary, folder, stack, seconds, most_rounds)
    text = report(rows, facts(binary, (load_before, os.getloadavg()[0])), seconds, most_rounds)
    print(text)
    if not options.quick:
        record(text)


if __name__ == "__main__":
    main()
