# SPDX-License-Identifier: Apache-2.0
"""Shared by all checks: failures, waiting, and starting and stopping processes."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time


class Failure(Exception):
    """A failed check, with a readable message."""


def check(holds, otherwise):
    if not holds:
        raise Failure(otherwise)


def passed(what):
    print(f"  ok    {what}", flush=True)


def run(name, body):
    """Runs a program of checks; a failure prints one line and exits with 1."""
    started = time.monotonic()
    print(name, flush=True)
    try:
        body()
    except Failure as failure:
        print(f"  FAIL  {failure}", flush=True)
        sys.exit(1)
    print(f"  {time.monotonic() - started:.1f} s", flush=True)


def wait_for(found, seconds, otherwise, pause=0.05):
    """Polls `found` until its value is true, and returns it. `otherwise` is a message, or a function that makes one."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := found():
            return answer
        if time.monotonic() > deadline:
            raise Failure(otherwise() if callable(otherwise) else otherwise)
        time.sleep(pause)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Process:
    """A child process that writes its output to a file, and ends with this program."""

    def __init__(self, arguments, log, environment=None, folder=None):
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                arguments, stdout=output, stderr=output, env=environment, cwd=folder, preexec_fn=end_with_parent
            )

    def must_run(self):
        code = self.process.poll()
        check(code is None, f"{self.process.args[0]} ended with exit code {code}:\n{self.log.read_text()}")

    def end(self, number=signal.SIGTERM, seconds=10):
        """Sends a signal and returns the seconds until the process ended."""
        started = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure(f"{self.process.args[0]} did not end within {seconds} s of signal {number}") from None
        return time.monotonic() - started


def end_with_parent():
    """Makes the kernel end this process if the check is killed (PR_SET_PDEATHSIG)."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def path_with_sbin():
    return os.environ["PATH"] + ":/usr/sbin"
