# SPDX-License-Identifier: Apache-2.0
"""A test page on its own origin, opened in a real browser."""

import functools
import http.server
import os
import pathlib
import shutil
import threading
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).resolve().parent


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class PageServer:
    """Serves this folder on another port than the server's, so that all reads are cross-origin."""

    def __enter__(self):
        handler = functools.partial(QuietHandler, directory=HERE)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


class Browser:
    """Debian's Chromium without a window, which takes half of the processor time that the whole browser does."""

    def __enter__(self):
        self.playwright = sync_playwright().start()
        # Chromium's sandbox does not work as root and in containers.
        self.browser = self.playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), headless=True, args=["--no-sandbox"]
        )
        return self

    def __exit__(self, *_):
        self.browser.close()
        self.playwright.stop()

    def follow(self, name, pages, base, story, by):
        return Reader(self.browser, name, f"{pages.url}/follow.html?{urlencode(dict(base=base, story=story, by=by))}")


def slow_down(page):
    """Slows the page's processor by the factor WIREROOM_TEST_SLOWDOWN, if that is set: a check that does not wait for the page fails."""
    if factor := os.environ.get("WIREROOM_TEST_SLOWDOWN"):
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": float(factor)})


class Reader:
    """A page that follows a story, in its own browser profile, without shared cache or connections."""

    def __init__(self, browser, name, url):
        self.name = name
        self.errors = []
        self.page = browser.new_context().new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url)

    def view(self):
        return self.page.evaluate("view()")

    def counts(self):
        return self.page.evaluate("counts")

    def arrivals(self):
        """Arrival times in milliseconds since 1970, by sequence number."""
        return {int(number): at for number, at in self.page.evaluate("arrivals").items()}
