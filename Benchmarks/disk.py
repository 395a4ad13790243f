# SPDX-License-Identifier: Apache-2.0
"""The disk of the databases: the lower bound of a durable write."""

import os
import subprocess
import tempfile
import time

IN_MEMORY = ("tmpfs", "ramfs")


def file_system(folder):
    """The file system type of a folder."""
    try:
        done = subprocess.run(["df", "--output=fstype", folder], capture_output=True, text=True, timeout=20)
    except OSError:
        return "unknown"
    return (done.stdout.split() or ["unknown"])[-1]


def syncs_per_second(folder, seconds=0.5):
    """Appends of 4 KiB per second to a file in the folder, each followed by fdatasync."""
    block, count = os.urandom(4096), 0
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        begin = time.monotonic()
        while (taken := time.monotonic() - begin) < seconds:
            file.write(block)
            os.fdatasync(file.fileno())
            count += 1
    return count / taken
