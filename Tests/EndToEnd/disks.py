"""Disks that go wrong: a small file system of its own, in mounts that nobody else sees, and what can befall it.

A trouble is something to be used with `with`: it is there inside, and over after.
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
# What the program is called with once its mounts are its own: by root, or by somebody who is root in a namespace only.
BY_ROOT, BY_USER = "--mounts-of-root", "--mounts-of-user"


# --- programs ---


def program(name):
    found = shutil.which(name, path=path_with_sbin())
    check(found, f"there is no {name} (what this needs is in Debian's util-linux, mount, e2fsprogs and strace)")
    return found


def command(name, *arguments, good=(0,)):
    """Runs a program that must end with a good code, and gives what it says."""
    done = subprocess.run([program(name), *map(str, arguments)], capture_output=True, text=True)
    words = " ".join([name, *map(str, arguments)])
    check(done.returncode in good, f"{words}: exit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def is_root():
    """Whether this is the machine's root, and not somebody's own."""
    return BY_ROOT in sys.argv


def enter_own_mounts():
    """Starts this program again where its mounts are its own, so that they end with it, however it ends."""
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
    """A command that runs another as somebody who must keep to the permissions of files."""
    if is_root():
        return [program("setpriv"), "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=TERM"]
    return [program("setpriv"), "--inh-caps=-all", "--bounding-set=-all", "--pdeathsig=TERM"]


# --- a file system ---


class SmallDisk:
    """A mounted file system of 64 MiB: ext4 for root, and for others a tmpfs, as they may mount nothing else."""

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
        # Unmounting detaches the loop device by itself; this is for where it did not.
        if is_root():
            found = command("losetup", "--noheadings", "--output", "NAME", "--associated", self.image)
            for device in found.split():
                command("losetup", "--detach", device)

    def repair(self):
        """What an operator does with a file system that gave up: unmounts, repairs and mounts it."""
        self.unmount()
        command("e2fsck", "-f", "-p", self.image, good=(0, 1))
        self.mount()


def kind_of_disk():
    return "ext4" if is_root() else "tmpfs"


# --- what befalls it ---


@contextlib.contextmanager
def full(folder):
    """Nothing is free: another program fills the file system, and takes at once what becomes free."""
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
    """Each write to the database or its log fails, also through descriptors that are open, and reading goes on.

    The index of the log (`-shm`) stays as it is: it is mapped into memory, and where the kernel may not write that to
    its file, it answers with a signal, SIGBUS, which no user of SQLite survives.
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
    """Sees that the kernel refuses writes also to who opened a file before it was immutable (ext4, since Linux 5.3)."""
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
    """The disk takes what is written and does not keep it: `fsync` fails, as it does when a cable comes loose.

    So it is for this process alone, and only as it is told.
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
    """Files beside the database, and their folder, have no permission to be written."""
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
            # SQLite takes the log away with the last connection.
            if path.exists():
                path.chmod(mode)


@contextlib.contextmanager
def moved_away(database):
    """The database is in another folder, with its log and the index of that."""
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
    """The file system has met an error and goes on read-only, as ext4 does on a bad disk, until it is repaired.

    (What else there is does not reach a file that is open: a read-only remount is refused, and a read-only block device
    is written to.)
    """
    check(is_root(), "only root can mount the ext4 that is to give up; run this check as root")
    command("mount", "-o", "remount,abort", disk.path)
    yield


@contextlib.contextmanager
def read_only(mount):
    """The file system is mounted read-only, which the kernel does only where nothing is open for writing."""
    command("mount", "-o", "remount,ro", mount)
    try:
        yield
    finally:
        command("mount", "-o", "remount,rw", mount)
