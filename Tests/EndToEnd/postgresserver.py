# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server as compose.postgres.yaml starts it, on a free port of this machine."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

from checks import Failure, Process, check, free_port, wait_for
from composefiles import PostgresCompose
from nginx import ROOT

SUPERUSER_PASSWORD = "superuser-of-the-checks"
PASSWORD = "password of 'the' checks"


def program(name):
    """Debian keeps the programs of a server out of the PATH."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    check(found, f"there is no {name}: install the Debian package postgresql")
    return found[-1]


def as_user():
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--pdeathsig", "INT", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []


def password_file(folder):
    """As the compose file mounts it: readable for its owner only."""
    file = folder / "pgpass"
    escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
    file.write_text(f"*:*:*:wireroom:{escaped}\n")
    file.chmod(0o400)
    return file


class PostgresServer:
    def __init__(self, compose: PostgresCompose, stack):
        # Not below a folder that only root can enter.
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wireroom-postgres-")))
        self.port = free_port()
        password = self.folder / "superuser-password"
        password.write_text(SUPERUSER_PASSWORD)
        if os.geteuid() == 0:
            for path in (self.folder, password):
                shutil.chown(path, "postgres", "postgres")
        options = ["--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--no-locale", "--data-checksums", "--no-sync"]
        self.must_run(program("initdb"), "-D", self.folder / "data", "-U", "postgres", *options)
        first, *self.settings = compose.services["postgres"]["command"]
        check(first == "postgres", f"{compose.name} runs {first}")
        self.start()
        stack.callback(self.stop)

    def start(self):
        here = ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"]
        arguments = [*as_user(), program("postgres"), "-D", self.folder / "data", *self.settings, *here]
        self.process = Process([str(argument) for argument in arguments], self.folder / "log", folder="/")
        wait_for(self.accepts, 20, lambda: f"PostgreSQL does not start:\n{(self.folder / 'log').read_text()}")

    def stop(self):
        """A fast shutdown, which does not wait for clients."""
        self.process.end(signal.SIGINT)

    @property
    def major(self):
        return program("postgres").parts[-3]

    def must_run(self, *arguments):
        done = subprocess.run([*as_user(), *map(str, arguments)], cwd="/", capture_output=True, text=True, check=False)
        check(done.returncode == 0, f"{arguments[0]}: {done.stderr}")

    def accepts(self):
        self.process.must_run()
        return subprocess.run(["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False).returncode == 0

    def create(self):
        """Runs deploy/postgres/create.sql as its head says."""
        options = ["--set", "ON_ERROR_STOP=1", "--set", f"password={PASSWORD}", "--quiet"]
        self.psql("postgres", SUPERUSER_PASSWORD, "postgres", *options, text=(ROOT / "deploy/postgres/create.sql").read_text())

    def psql(self, user, password, database, *options, text):
        """Runs SQL and returns the rows, by lines; a failure is that of the check."""
        address = f"host=127.0.0.1 port={self.port} user={user} dbname={database}"
        done = subprocess.run(
            ["psql", "--no-psqlrc", "--tuples-only", "--no-align", *options, address], input=text,
            env={**os.environ, "PGPASSWORD": password}, capture_output=True, text=True, check=False,
        )
        if done.returncode or done.stderr:
            raise Failure(f"psql as {user}: {done.stderr}")
        return done.stdout.splitlines()

    def address(self, compose: PostgresCompose):
        """The address of compose.postgres.yaml, at this server."""
        text = compose.services["wireroom-a"]["environment"]["WIREROOM_DATABASE"]
        return re.sub(r"@postgres/", f"@127.0.0.1:{self.port}/", text)
