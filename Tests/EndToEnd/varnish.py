# SPDX-License-Identifier: Apache-2.0
"""Varnish in front of the server, as deployed."""

import re
import shutil

from checks import Process, check, free_port, listens, path_with_sbin, wait_for
from nginx import ROOT

FILE = ROOT / "deploy/varnish.vcl"


def parameters():
    """The parameters of the command in the file's head."""
    found = re.findall(r"-p \w+=[\d.]+", FILE.read_text())
    check(len(found) == 3, f"deploy/varnish.vcl has the parameters {found}")
    return " ".join(found).split()


class Varnish:
    def __init__(self, folder, upstream, purge_port=None):
        folder.mkdir()
        self.folder = folder
        self.port, self.purge_port = free_port(), purge_port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        text, port = FILE.read_text(), upstream.rpartition(":")[2]
        check(text.count('.port = "8080"') == 1, "deploy/varnish.vcl has no port of the server")
        (folder / "wireroom.vcl").write_text(text.replace('.port = "8080"', f'.port = "{port}"'))

    def start(self):
        # Without a jail, since its user may not read the folder.
        arguments = [shutil.which("varnishd", path=path_with_sbin()), "-F", "-j", "none", "-n", str(self.folder / "work")]
        arguments += ["-a", f"web=127.0.0.1:{self.port}", "-a", f"purge=127.0.0.1:{self.purge_port}"]
        arguments += ["-f", str(self.folder / "wireroom.vcl"), "-s", "malloc,256m", *parameters()]
        self.process = Process(arguments, self.folder / "varnish.log")
        wait_for(self.accepts, 20, f"Varnish does not accept connections on port {self.port}")

    def accepts(self):
        self.process.must_run()
        return listens(self.port)

    def stop(self):
        self.process.end()
