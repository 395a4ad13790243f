"""Our page on an origin of its own, opened in a real browser."""

import functools
import http.server
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
    """Serves this folder. Its port differs from the server's, so that all the page reads is read across origins."""

    def __enter__(self):
        handler = functools.partial(QuietHandler, directory=HERE)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


class Browser:
    """Debian's Chromium."""

    def __enter__(self):
        self.playwright = sync_playwright().start()
        # Without a sandbox, because Chromium's own does not work for root and in containers.
        self.browser = self.playwright.chromium.launch(
            executable_path=shutil.which("chromium"), headless=True, args=["--no-sandbox"]
        )
        return self

    def __exit__(self, *_):
        self.browser.close()
        self.playwright.stop()

    def follow(self, name, pages, base, story, by):
        return Reader(self.browser, name, f"{pages.url}/follow.html?{urlencode(dict(base=base, story=story, by=by))}")


class Reader:
    """A page that follows a story, in a profile of its own: cache and connections are shared with no other."""

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
        """Milliseconds since 1970 by number of the change."""
        return {int(number): at for number, at in self.page.evaluate("arrivals").items()}
