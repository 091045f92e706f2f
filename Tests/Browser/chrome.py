"""Debian's headless Chromium, driven through chromedriver."""

import base64
import json
import os
import shutil
import tempfile
import time

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=zh-CN",
    "--force-device-scale-factor=1", "--window-size=1280,900", "--no-first-run", "--disable-background-networking"]
HEIGHTS = {1280: 900, 390: 844, 320: 640}


class Chrome:
    """One browser with a profile of its own; use it as a context manager."""

    def __init__(self, address, scripts=True):
        self.address = address
        self.profile = tempfile.mkdtemp(prefix="tianzhong-chrome-")
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in FLAGS + [f"--user-data-dir={self.profile}"]:
            options.add_argument(flag)
        downloads = {"download.default_directory": self.profile, "download.prompt_for_download": False}
        if not scripts:
            downloads["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", downloads)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        try:
            self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        except BaseException:
            shutil.rmtree(self.profile, ignore_errors=True)
            raise
        self.driver.set_page_load_timeout(60)

    def __enter__(self):
        return self

    def wear(self, session):
        """Takes over a session that was opened elsewhere."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setCookie", {
            "name": "__Host-tz-session", "value": session, "url": self.address, "path": "/", "secure": True, "httpOnly": True,
            "sameSite": "Strict"})

    def __exit__(self, *_):
        try:
            self.driver.quit()
        except WebDriverException:
            pass
        shutil.rmtree(self.profile, ignore_errors=True)

    def open(self, path):
        self.driver.get(self.address + path)

    @property
    def path(self):
        """The address of the page shown, without scheme and host."""
        return self.driver.current_url.replace(self.address, "", 1)

    def width(self, width):
        """A window of this inner width; Chromium's own windows cannot be as narrow as a phone."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": HEIGHTS[width], "deviceScaleFactor": 1, "mobile": False})

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        try:
            return self.driver.find_element(By.CSS_SELECTOR, selector)
        except NoSuchElementException:
            raise AssertionError(f"{self.path} has no {selector}; it says: {self.text()[:400]}") from None

    def link(self, words, within="body"):
        """The first link whose text holds the words."""
        for link in self.all(within + " a"):
            if words in link.text:
                return link
        raise AssertionError(f"{self.path} has no link “{words}” in {within}")

    def text(self, selector="main"):
        found = self.all(selector)
        return found[0].text if found else ""

    def fill(self, selector, value):
        box = self.one(selector)
        box.clear()
        box.send_keys(value)

    def choose(self, selector, value):
        Select(self.one(selector)).select_by_value(value)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition, what, seconds=60):
        """Asks again until the condition gives something true; the page may change meanwhile."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                found = condition()
                if found:
                    return found
            except (WebDriverException, AssertionError):  # between two pages
                pass
            time.sleep(0.05)
        raise AssertionError(f"waited {seconds} s in vain for {what}; {self.path} says: {self.text()[:400]}")

    def press(self, element, *keys):
        """Clicks, or types keys, and waits for the next page; a click alone may return before it, above all after an upload."""
        page = self.one("html")
        if keys:
            element.send_keys(*keys)
        else:
            element.click()
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                page.is_enabled()
            except WebDriverException:  # stale, or between two pages
                self.wait(lambda: self.run("return document.readyState") == "complete", "the next page to load")
                return
            time.sleep(0.02)
        raise AssertionError(f"waited 60 s in vain for a page after {self.path}")

    def complaints(self):
        """What the console has said since the last time, warnings and errors (violations of the policy for scripts are among them)."""
        return [item for item in self.driver.get_log("browser") if item["level"] in ("WARNING", "SEVERE")]

    def requested(self):
        """Addresses this browser has asked for since the last time."""
        found = []
        for item in self.driver.get_log("performance"):
            message = json.loads(item["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found

    def picture(self, name, whole=True):
        """Writes the page as NAME.png to the folder of the environment's SCREENSHOTS, if there is one."""
        folder = os.environ.get("SCREENSHOTS")
        if not folder:
            return
        os.makedirs(folder, exist_ok=True)
        size = self.run("return [innerWidth, innerHeight, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(max(size[1:]) if whole else size[1], 5000), "scale": 1}
        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip})
        with open(os.path.join(folder, name + ".png"), "wb") as stream:
            stream.write(base64.b64decode(shot["data"]))
