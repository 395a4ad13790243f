# SPDX-License-Identifier: Apache-2.0
"""Process statistics from outside: memory, descriptors, CPU time."""

import os
import pathlib
import re
import time


def busy_seconds():
    """CPU time of all processes, and steal time of the host (proc(5))."""
    _, user, nice, system, idle, waiting, *others = pathlib.Path("/proc/stat").read_text().splitlines()[0].split()
    interrupts, soft_interrupts, stolen, *_ = others
    return sum(map(int, (user, nice, system, interrupts, soft_interrupts, stolen))) / os.sysconf("SC_CLK_TCK")


class ProcessStats:
    def __init__(self, pid):
        self.pid = pid

    def resident_bytes(self):
        """The resident set size, summed over pages (smaps): /proc/PID/status may lag by some pages per thread."""
        return self.kilobytes("smaps_rollup", "Rss") * 1024

    def peak_bytes(self):
        """The peak resident set size."""
        return max(self.kilobytes("status", "VmHWM") * 1024, self.resident_bytes())

    def kilobytes(self, file, name):
        text = pathlib.Path(f"/proc/{self.pid}/{file}").read_text()
        return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def processor_seconds(self):
        """User and system time of all its threads, in seconds (clock_getcpuclockid(3))."""
        cpuclock_sched = 2
        return time.clock_gettime(~self.pid << 3 | cpuclock_sched)

    def share_of_processor(self, seconds):
        """CPU utilization during this many seconds from now: 1 is one whole CPU."""
        before, started = self.processor_seconds(), time.monotonic()
        time.sleep(seconds)
        return (self.processor_seconds() - before) / (time.monotonic() - started)
