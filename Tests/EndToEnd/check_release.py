# SPDX-License-Identifier: Apache-2.0
"""scripts/release: its pure functions by tables, and the whole script in a clone, with a fake image engine that records its
calls."""

import importlib.machinery
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from checks import check, passed, run
from nginx import ROOT
from wireroom import Client, Wireroom

CHANGELOG = "# Changelog\n\nAll of it.\n\n## {top}\n\n### Added\n- A thing.\n\n## 0.1.0 – 2026-01-02\n\n- The first.\n"
# In the order of Semantic Versioning §11.
ORDER = "0.9.0 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.2.0 1.10.0".split()
NOT_VERSIONS = ["1", "1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3+build", "1.2.3 ", "1.2.3-rc..1"]


def load():
    # No __pycache__ beside the scripts.
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("release", str(ROOT / "scripts/release"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("release", loader))
    loader.exec_module(module)
    return module


release = load()


def refused(body, *arguments):
    try:
        body(*arguments)
    except release.Refusal as refusal:
        return str(refusal)
    return None


def files(version, top):
    return {
        release.SOURCE: f'enum Wireroom {{\n    static let version = "{version}"\n}}\n',
        release.DOCUMENT: f'openapi: "3.1.0"\ninfo:\n  title: Wireroom\n  version: "{version}"\n',
        release.CHANGELOG: CHANGELOG.format(top=top),
    }


def check_versions():
    check(sorted(reversed(ORDER), key=release.precedence) == ORDER, "versions are not in the order of Semantic Versioning")
    taken = [text for text in NOT_VERSIONS if not refused(release.precedence, text)]
    check(not taken, f"these are taken for versions: {taken}")
    passed(f"{len(ORDER)} versions in the order of Semantic Versioning; {len(NOT_VERSIONS)} other texts are refused")


def check_changelog():
    text = CHANGELOG.format(top="Unreleased")
    after = release.released_changelog(text, "0.2.0", "2026-02-03")
    check("## Unreleased\n\n## 0.2.0 – 2026-02-03\n\n### Added\n- A thing." in after, f"the changelog became:\n{after}")
    check(after.endswith("## 0.1.0 – 2026-01-02\n\n- The first.\n"), "an older section has changed")
    check(release.released_versions(after) == ["0.2.0", "0.1.0"], "the changelog does not list its releases")
    check(release.notes(CHANGELOG.format(top="0.2.0 – unreleased"), "0.2.0") == "### Added\n- A thing.", "not the notes")
    for top, version in [("0.2.0 – unreleased", "0.3.0"), ("0.2.0 – 2026-02-02", "0.3.0")]:
        check(refused(release.notes, CHANGELOG.format(top=top), version), f"{version} is released from \"## {top}\"")
    check(refused(release.notes, "## Unreleased\n\n## 0.1.0 – 2026-01-02\n\n- The first.\n", "0.2.0"), "nothing is released")
    passed("what is unreleased moves under the version; without it, or without anything in it, there is no release")


def check_files():
    after = release.release(files("0.1.0", "Unreleased"), "0.2.0", "2026-02-03")
    check(release.current_version(after[release.SOURCE]) == "0.2.0", "the source has another version")
    check('  version: "0.2.0"\n' in after[release.DOCUMENT], "openapi.yaml has another version")
    check('openapi: "3.1.0"' in after[release.DOCUMENT], "openapi.yaml follows another OpenAPI")
    for version, reason in [("0.1.0", "it is released"), ("0.0.9", "it is older"), ("0.2", "it is none")]:
        check(refused(release.release, files("0.1.0", "Unreleased"), version, "2026-02-03"), f"{version} is released, but {reason}")
    check(refused(release.with_version, release.DOCUMENT, "no line\n", "0.2.0"), "a file without a version is passed over")
    docker, buildah = (release.image_command(engine, "0.2.0", "abc") for engine in ("docker", "buildah"))
    check({"VERSION=0.2.0", "REVISION=abc", "wireroom:0.2.0"} <= set(docker), f"the image is made by {docker}")
    check("docker" in buildah, f"buildah makes an image without a health check: {buildah}")
    passed("version and changelog are rewritten together; a version that is released, older or none is refused")


# --- the program's version ---


def check_program(folder):
    """The binary, the OpenAPI document that it serves, and its metrics have the version of the sources."""
    folder.mkdir()
    version = release.current_version((ROOT / release.SOURCE).read_text())
    said = must(os.environ["WIREROOM_BINARY"], "--version")
    check(said == f"wireroom {version}\n", f"--version says {said!r}")
    wireroom = Wireroom(folder)
    wireroom.start()
    try:
        client = Client(wireroom.url)
        document, metrics = (client.get(path).body.decode() for path in ("/openapi.yaml", "/metrics"))
    finally:
        wireroom.kill()
    check(f'\n  version: "{version}"\n' in document, "/openapi.yaml has another version")
    check(f'version="{version}"' in metrics, "/metrics has another version")
    passed(f"the binary, /openapi.yaml and /metrics all say {version}")


# --- in a clone ---


def clone(folder):
    """A clone of the last commit with the working tree's files, and a fake docker that records its calls."""
    tree, tools = folder / "tree", folder / "tools"
    must("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(tree))
    for name in (*release.PLACES, release.CHANGELOG, "scripts/release"):
        shutil.copy(ROOT / name, tree / name)

    def in_tree(*arguments):
        return must("git", "-C", str(tree), *arguments)

    for setting in (("user.name", "A. Tester"), ("user.email", "tester@example.org")):
        in_tree("config", *setting)
    in_tree("add", "--all")
    in_tree("commit", "--quiet", "--allow-empty", "--message", "As it is now")
    tools.mkdir()
    docker = tools / "docker"
    docker.write_text(f'#!/bin/sh\necho "$@" >>{folder}/asked\ntest ! -e {folder}/broken\n')
    docker.chmod(0o755)
    return tree, in_tree, {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}


def must(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    check(done.returncode == 0, f"{' '.join(arguments)}: {done.stderr}")
    return done.stdout


def check_run(folder):
    tree, git, environment = clone(folder)
    asked = folder / "asked"

    def attempt(*arguments):
        command = [str(tree / "scripts/release"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    head = git("rev-parse", "HEAD")
    version = release.current_version((tree / release.SOURCE).read_text())
    dry = attempt(version, "--dry-run")
    check(dry.returncode == 0 and f"VERSION={version}" in dry.stdout and "+## Unreleased" in dry.stdout, f"the dry run says:\n{dry.stdout}{dry.stderr}")
    check(not git("status", "--porcelain") and not asked.exists(), "a dry run has changed something")
    passed("a dry run shows what it would do, and does nothing")

    (tree / "stray").write_text("")
    check("not clean" in attempt(version).stderr, "a tree that is not clean is released")
    (tree / "stray").unlink()
    (folder / "broken").write_text("")
    check(attempt(version).returncode == 1 and not git("tag", "--list"), "there is a tag, though there is no image")
    git("reset", "--quiet", "--hard", head.strip())
    (folder / "broken").unlink()
    asked.unlink()
    passed("a tree that is not clean is refused, and without an image there is no tag")

    done = attempt(version)
    check(done.returncode == 0, f"scripts/release: {done.stdout}{done.stderr}")
    revision = git("rev-parse", f"v{version}^{{commit}}").strip()
    check(git("log", "--format=%s", f"{head.strip()}..HEAD").splitlines() == [f"Release {version}"], "not one commit")
    check(f"REVISION={revision}" in asked.read_text(), f"the image is of another commit:\n{asked.read_text()}")
    check("### " in git("tag", "--list", "--format=%(contents)", f"v{version}"), "the tag does not hold the notes")
    check(attempt(version).returncode == 1, "the same version is released twice")
    passed(f"{version}: one commit, an image of it and a tag with the notes; not twice")


def main():
    check_versions()
    check_changelog()
    check_files()
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name:
        check_program(pathlib.Path(name) / "program")
        check_run(pathlib.Path(name))


if __name__ == "__main__":
    run("scripts/release", main)
