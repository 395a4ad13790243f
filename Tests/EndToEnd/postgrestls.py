# SPDX-License-Identifier: Apache-2.0
"""TLS between a node and PostgreSQL, as docs/operations-postgres.md advises it."""

import os
import shutil
import subprocess

from checks import check, passed
from postgresserver import SUPERUSER_PASSWORD, password_file
from wireroom import Client, Wireroom

# The server's certificate is for this name, and not for its address.
NAME = "localhost"


class Authority:
    """A certification authority of its own, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.certificate = folder / "authority.pem"
        self.openssl("req", "-x509", "-subj", "/CN=Authority of the checks", "-keyout", folder / "authority.key", "-out", self.certificate)

    def issue(self):
        """Makes the certificate of the server, and returns its path and that of its key."""
        certificate, key = self.folder / "server.pem", self.folder / "server.key"
        self.openssl(
            "req", "-x509", "-CA", self.certificate, "-CAkey", self.folder / "authority.key", "-subj", f"/CN={NAME}",
            "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out", certificate)
        return certificate, key

    @staticmethod
    def openssl(*arguments):
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        done = subprocess.run(["openssl", *map(str, arguments), *new], capture_output=True, text=True, check=False)
        check(done.returncode == 0, f"openssl: {done.stderr}")


def require_tls(server, authority):
    """Restarts a server with a certificate; it refuses connections without TLS."""
    files = [shutil.copy(path, server.folder / path.name) for path in authority.issue()]
    if os.geteuid() == 0:
        for path in files:
            shutil.chown(path, "postgres", "postgres")
    files[1].chmod(0o600)
    server.stop()
    (server.folder / "data" / "pg_hba.conf").write_text("hostssl all all all scram-sha-256\n")
    server.settings += ["-c", "ssl=on", "-c", f"ssl_cert_file={files[0]}", "-c", f"ssl_key_file={files[1]}"]
    server.start()


def check_tls(server, folder, stack):
    """A node takes the server that the authority vouches for, under its name, and no other; all its connections are encrypted."""
    authority, other = Authority(folder / "authority"), Authority(folder / "other-authority")
    require_tls(server, authority)
    password = {"PGPASSFILE": str(password_file(folder))}

    def address(host, mode):
        return f"postgres://wireroom@{host}:{server.port}/wireroom?sslmode={mode}"

    refusals = [
        (NAME, "verify-full", other, "certificate verify failed"),
        ("127.0.0.1", "verify-full", authority, "does not match host name"),
        (NAME, "disable", authority, "no encryption"),
    ]
    for host, mode, trusted, reason in refusals:
        said = refused(address(host, mode), {**password, "PGSSLROOTCERT": str(trusted.certificate)})
        check(reason in said, f"{mode} at {host}: {said}")
    home = folder / "with-tls"
    home.mkdir()
    node = Wireroom(home, address(NAME, "verify-full"), settings={**password, "PGSSLROOTCERT": str(authority.certificate)})
    node.start()
    stack.callback(node.kill)
    client = Client(node.url)
    client.must_write("POST", "/stories", {"title": "Encrypted", "slug": "encrypted", "status": "live"})
    client.must_write("POST", "/stories/encrypted/updates", {"body": "By TLS."})
    check([update["body"] for update in client.whole("encrypted")["updates"]] == ["By TLS."], "what was written is not shown")
    rows = server.psql("postgres", SUPERUSER_PASSWORD, "postgres", text="""
        SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'wireroom';
    """)
    check(rows == ["t"], f"the connections of the node are encrypted: {rows}")
    passed("with verify-full a node works by TLS; another authority, another name and a connection without TLS are refused, each with the reason")


def refused(address, settings):
    """Starts a node that must not come up, and returns what it says."""
    done = subprocess.run(
        [os.environ["WIREROOM_BINARY"], "serve", "--port", "0", "--database", address],
        env={**os.environ, **settings}, capture_output=True, text=True, timeout=30, check=False)
    check(done.returncode != 0, f"it starts on {address}")
    return done.stderr
