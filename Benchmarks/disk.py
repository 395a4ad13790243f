"""The disk under the databases: what a durable write cannot do without."""

import os
import subprocess
import tempfile
import time

IN_MEMORY = ("tmpfs", "ramfs")


def file_system(folder):
    """The type of the file system of a folder."""
    try:
        done = subprocess.run(["df", "--output=fstype", folder], capture_output=True, text=True, timeout=20)
    except OSError:
        return "unknown"
    return (done.stdout.split() or ["unknown"])[-1]


def syncs_per_second(folder, seconds=0.5):
    """How many appends of 4 KiB, each followed by fdatasync, a file in the folder takes in a second."""
    block, count = os.urandom(4096), 0
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        begin = time.monotonic()
        while (taken := time.monotonic() - begin) < seconds:
            file.write(block)
            os.fdatasync(file.fileno())
            count += 1
    return count / taken
