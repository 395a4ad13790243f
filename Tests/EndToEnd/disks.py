# SPDX-License-Identifier: Apache-2.0
"""Disk faults: a small file system in private mounts, and faults to inject.

A fault is a context manager: it is active inside the `with`, and repaired after it.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import threading

from checks import Failure, Process, check, path_with_sbin, wait_for

DISK_BYTES = 64 << 20
SIDE_FILES = ["", "-wal", "-shm"]
# Argument with which the program restarts itself in private mounts: as root, or as root of a user namespace.
BY_ROOT, BY_USER = "--mounts-of-root", "--mounts-of-user"


# --- programs ---


def program(name):
    found = shutil.which(name, path=path_with_sbin())
    check(found, f"there is no {name} (what this needs is in Debian's util-linux, mount, e2fsprogs and strace)")
    return found


def command(name, *arguments, good=(0,)):
    """Runs a program that must exit with a good code; returns its output."""
    done = subprocess.run([program(name), *map(str, arguments)], capture_output=True, text=True)
    words = " ".join([name, *map(str, arguments)])
    check(done.returncode in good, f"{words}: exit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def is_root():
    """Whether this is the machine's root rather than root of a user namespace."""
    return BY_ROOT in sys.argv


def enter_own_mounts():
    """Restarts this program in a private mount namespace, so that its mounts end with it in any case."""
    if BY_ROOT in sys.argv or BY_USER in sys.argv:
        return
    root = os.geteuid() == 0
    unshare = ["unshare", *([] if root else ["--user", "--map-root-user"]), "--mount", "--propagation", "private"]
    try:
        command(*unshare, "true")
    except Failure as failure:
        sys.exit(f"cannot make mounts of its own, which this check needs: {failure}")
    arguments = [program("unshare"), *unshare[1:], sys.executable, *sys.argv, BY_ROOT if root else BY_USER]
    os.execv(arguments[0], arguments)


def unprivileged():
    """A prefix that runs a command as a user for whom file permissions apply."""
    if is_root():
        return [program("setpriv"), "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=TERM"]
    return [program("setpriv"), "--inh-caps=-all", "--bounding-set=-all", "--pdeathsig=TERM"]


# --- a file system ---


class SmallDisk:
    """A mounted file system of 64 MiB: ext4 for root, otherwise tmpfs, the only one that others may mount."""

    def __init__(self, folder, name):
        self.path = folder / name
        self.image = folder / f"{name}.img"

    def __enter__(self):
        self.path.mkdir()
        if is_root():
            self.image.touch()
            os.truncate(self.image, DISK_BYTES)
            command("mkfs.ext4", "-q", "-F", "-m", 0, self.image)
        self.mount()
        return self

    def __exit__(self, *failure):
        if self.path.is_mount():
            self.unmount()

    def mount(self):
        if is_root():
            command("mount", "-o", "loop", self.image, self.path)
        else:
            command("mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", self.path)

    def unmount(self):
        command("umount", self.path)
        # Unmounting usually detaches the loop device; this is for when it did not.
        if is_root():
            found = command("losetup", "--noheadings", "--output", "NAME", "--associated", self.image)
            for device in found.split():
                command("losetup", "--detach", device)

    def repair(self):
        """As an operator would: unmounts, repairs (fsck) and mounts a failed file system."""
        self.unmount()
        command("e2fsck", "-f", "-p", self.image, good=(0, 1))
        self.mount()


def kind_of_disk():
    return "ext4" if is_root() else "tmpfs"


# --- faults ---


@contextlib.contextmanager
def full(folder):
    """ENOSPC: another program fills the file system, and immediately takes what becomes free."""
    filler, over = folder / "filler", threading.Event()
    fill(filler)
    thread = threading.Thread(target=keep_full, args=(filler, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        filler.unlink()


def keep_full(filler, over):
    while not over.wait(0.05):
        fill(filler)


def fill(filler):
    for size in (1 << 20, 4096, 512):
        with contextlib.suppress(OSError), open(filler, "ab", buffering=0) as file:
            while True:
                file.write(b"x" * size)


@contextlib.contextmanager
def unwritable(database):
    """Each write to the database or its WAL fails, also on open descriptors; reads work.

    The wal-index (`-shm`) stays writable: it is memory-mapped, and if the kernel cannot write the mapping to its file it raises
    SIGBUS, which no user of SQLite survives.

    """
    check(is_root(), "only root can make files immutable (chattr +i, CAP_LINUX_IMMUTABLE); run this check as root")
    must_stop_open_files(database.parent / "probe")
    files = [f"{database}{suffix}" for suffix in ("", "-wal")]
    command("chattr", "+i", *files)
    try:
        yield
    finally:
        command("chattr", "-i", *files)


def must_stop_open_files(probe):
    """Checks that the kernel refuses writes also on descriptors opened before the file was immutable (ext4, since Linux 5.3)."""
    with open(probe, "wb", buffering=0) as file:
        command("chattr", "+i", probe)
        try:
            file.write(b"x")
        except PermissionError:
            return
        finally:
            command("chattr", "-i", probe)
            probe.unlink()
    raise Failure("this kernel lets who has a file open write to it after chattr +i; no disk can be made to fail so")


@contextlib.contextmanager
def unsynced(server):
    """Writes succeed but are not durable: `fsync` fails, as with a loose cable.

    For this process only, and on demand.

    """
    calls, log = "fsync,fdatasync", server.log.with_name("strace.txt")
    log.write_text("")
    strace = Process(
        [program("strace"), "-f", "-p", str(server.process.pid), "-o", "/dev/null", "-e", f"trace={calls}",
         "-e", f"inject={calls}:error=EIO"], log)
    try:
        wait_for(lambda: strace.must_run() or "attached" in log.read_text(), 10, "strace does not come to the server")
        yield
    finally:
        strace.end()


@contextlib.contextmanager
def without_permission(database, files=("", "-wal", "-shm", ".lock"), folder=True, bits=0o222):
    """The files beside the database, and their folder, are not writable by permission."""
    paths = [pathlib.Path(f"{database}{suffix}") for suffix in files]
    before = {path: path.stat().st_mode for path in paths if path.exists()}
    if folder:
        before[database.parent] = database.parent.stat().st_mode
    for path, mode in before.items():
        path.chmod(mode & ~bits)
    try:
        yield
    finally:
        for path, mode in before.items():
            # SQLite deletes the WAL when the last connection closes.
            if path.exists():
                path.chmod(mode)


@contextlib.contextmanager
def moved_away(database):
    """The database is moved to another folder, with its WAL and wal-index."""
    elsewhere = database.parent / "elsewhere"
    elsewhere.mkdir()
    move(database.parent, elsewhere, database.name)
    try:
        yield
    finally:
        move(elsewhere, database.parent, database.name)
        elsewhere.rmdir()


def move(source, target, name):
    for suffix in SIDE_FILES:
        (source / f"{name}{suffix}").rename(target / f"{name}{suffix}")


@contextlib.contextmanager
def given_up(disk):
    """The file system has met an error and was remounted read-only, as ext4 does on a bad disk, until it is repaired.

    (Alternatives do not affect an open file: a read-only remount is refused, and a read-only block device is written to.)

    """
    check(is_root(), "only root can mount the ext4 that is to give up; run this check as root")
    command("mount", "-o", "remount,abort", disk.path)
    yield


@contextlib.contextmanager
def read_only(mount):
    """The file system is mounted read-only, which the kernel allows only if nothing is open for writing."""
    command("mount", "-o", "remount,ro", mount)
    try:
        yield
    finally:
        command("mount", "-o", "remount,rw", mount)
