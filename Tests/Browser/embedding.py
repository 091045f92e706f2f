"""Verification within the page of another system, and by sheet."""

import base64
import contextlib
import http.server
import json
import os
import re
import subprocess
import threading
import time
import urllib.parse
import urllib.request
import uuid
import zipfile

SANDBOX = {"restricted": "91411799MA0000031R", "clear": "91411799MA00000154"}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Program:
    """A program of an office, with a key of its own, registered by the security administrator."""

    def __init__(self, city, chrome, name, scopes, origin):
        self.city, self.name = city, name
        self.key = os.path.join(city.folder, f"{name}.pem")
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key], check=True, capture_output=True)
        public = subprocess.run(["openssl", "ec", "-in", self.key, "-pubout"], check=True, capture_output=True, text=True).stdout
        chrome.open("/admin/clients")
        for field, value in {"id": name, "name": "审批系统", "scopes": scopes, "quota": "1000", "origins": origin}.items():
            chrome.fill(f"#{field}", value)
        chrome.choose("#body", "ZMD-FGW")
        chrome.run("document.getElementById('key').value = arguments[0]", public)
        chrome.press(chrome.one(".delivery-form button"))
        assert name in chrome.text(), f"the program is not registered: {chrome.text()[:600]}"

    def sign(self, audience, **claims):
        """A JWT by ES256 (RFC 7515, 7518 §3.4): the signature is r and s, 32 bytes each."""
        claims = {"iss": self.name, "sub": self.name, "aud": audience, "exp": int(time.time()) + 120, "jti": str(uuid.uuid4()), **claims}
        signed = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "ES256", "typ": "JWT"}, claims))
        der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=signed.encode(), check=True, capture_output=True).stdout
        numbers, place = [], 2
        for _ in range(2):
            length = der[place + 1]
            numbers.append(der[place + 2:place + 2 + length].lstrip(b"\0").rjust(32, b"\0"))
            place += 2 + length
        return f"{signed}.{base64url(b''.join(numbers))}"

    def link(self, origin, **question):
        page = self.city.address + "/embed/verification"
        return f"{page}?client={self.name}#{self.sign(page, origin=origin, handler='王经办', **question)}"

    def get(self, path):
        """What the API answers to the program's server."""
        fields = {
            "grant_type": "client_credentials", "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.sign(self.city.address + "/oauth/token")}
        with urllib.request.urlopen(self.city.address + "/oauth/token", urllib.parse.urlencode(fields).encode()) as answer:
            token = json.load(answer)["access_token"]
        with urllib.request.urlopen(urllib.request.Request(self.city.address + path, headers={"Authorization": f"Bearer {token}"})) as answer:
            return json.load(answer)


@contextlib.contextmanager
def host_page(city):
    """The page of an approval system on another port: the element, and what it hears. The link is behind `?`."""
    page = f"""<!DOCTYPE html><html lang="zh-CN"><title>审批系统</title><h1>审批系统</h1><div id="place"></div>
<script src="{city.address}/assets/credit-verification.js"></script>
<script>
window.heard = [];
const element = document.createElement("credit-verification");
for (const type of ["verdict", "outcome"]) element.addEventListener(type, (event) => window.heard.push([type, event.detail]));
element.setAttribute("link", decodeURIComponent(location.search.slice(1)));
document.getElementById("place").append(element);
</script>""".encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def show(chrome, host, link):
    """The host's page with a link; the browser is in its frame afterwards."""
    chrome.driver.get(f"{host}/?{urllib.parse.quote(link, safe='')}")
    chrome.driver.switch_to.frame(chrome.one("iframe"))


def heard(chrome):
    chrome.driver.switch_to.default_content()
    found = chrome.run("return window.heard")
    chrome.driver.switch_to.frame(chrome.one("iframe"))
    return found


def test_embedded(city, chrome):
    """signed link → verdict in the host's page → outcome → the host's server reads it; the sandbox; no other page may frame it"""
    _file, _row, code = city.accepted("ZMD-01-0001", "xlsx")
    chrome.wear(city.login("yanshi-anquan"))
    with host_page(city) as port:
        host = f"http://127.0.0.1:{port}"
        program = Program(city, chrome, "shenpi", "verifications", host)
        trial = Program(city, chrome, "shenpi-ceshi", "sandbox", host)
        chrome.picture("clients-1280")

        show(chrome, host, program.link(host, matter="CZ-01", caseNumber="SP-1", identifier=code))
        chrome.wait(lambda: chrome.text(".verdict-word"), "the embedded verdict")
        assert chrome.run("return location.hash") == "" and "SP-1" in chrome.text() and "快照号" in chrome.text()
        kind, verdict = heard(chrome)[-1]
        assert kind == "verdict" and verdict["caseNumber"] == "SP-1" and verdict["verdictName"] in chrome.text(".verdict-word"), verdict
        chrome.wait(lambda: chrome.run("return document.documentElement.scrollHeight <= innerHeight"), "the frame to be as high as the answer", 10)
        chrome.choose("#applied", "no")
        chrome.fill("#reason", "不涉及限制")
        chrome.press(chrome.one("section[aria-label=反馈办理结果] button"))
        assert "已反馈" in chrome.text()
        kind, outcome = heard(chrome)[-1]
        assert kind == "outcome" and outcome["number"] == verdict["number"] and outcome["applied"] is False, outcome
        read = program.get(f"/api/v1/verifications/{verdict['number']}")
        assert read["verdict"] == verdict["verdict"] and read["outcomes"][0]["handler"] == "王经办", read

        for width in (1280, 390):
            chrome.width(width)
            show(chrome, host, trial.link(host, matter="CZ-01", caseNumber="SP-2", identifier=SANDBOX["restricted"]))
            chrome.wait(lambda: chrome.text(".verdict-word"), "the sandbox's verdict")
            assert "依法限制" in chrome.text(".verdict-word") and "沙箱" in chrome.text() and heard(chrome)[-1][1]["number"] < 0
            assert chrome.run("return document.documentElement.scrollWidth <= innerWidth"), f"the embedded answer is wider than its frame at {width}"
            chrome.driver.switch_to.default_content()
            chrome.picture(f"embedded-{width}")
        chrome.width(1280)

        # A page that is not registered sees nothing, whatever link it got hold of.
        chrome.driver.get(f"http://localhost:{port}/?" + urllib.parse.quote(program.link(host, matter="CZ-01", caseNumber="SP-3", identifier=code), safe=""))
        time.sleep(1)
        chrome.driver.switch_to.frame(chrome.one("iframe"))
        assert "SP-3" not in chrome.run("return document.documentElement.textContent"), "another page frames the answer"


def test_sheet(city, chrome):
    """a sheet of cases in, the same sheet with verdicts out"""
    _file, _row, code = city.accepted("ZMD-01-0001", "xlsx")
    path = os.path.join(city.folder, "核查.csv")
    with open(path, "w", encoding="gb18030") as stream:
        stream.write(f"办件号,统一社会信用代码,备注\nB-1,{code},甲\nB-2,{code[:-1]},乙\n")
    chrome.open("/staff/verification-sheets")
    chrome.picture("sheets-1280")
    chrome.choose("#matter", "CZ-01")
    chrome.one("#file").send_keys(path)
    chrome.one(".delivery-form button").click()
    result = os.path.join(chrome.profile, "核查结果.xlsx")
    chrome.wait(lambda: os.path.exists(result) and zipfile.is_zipfile(result), "the answered sheet")
    with zipfile.ZipFile(result) as book:
        cells = re.sub(r"<[^>]*>", "|", "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml")))
    for word in ("核查结论", "B-1", "甲", "没有核查", "代码有误", "快照号"):
        assert word in cells, f"the answered sheet lacks “{word}”"
    # What was not a table is told on the page.
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("一,二\n1,2\n")
    chrome.one("#file").send_keys(path)
    chrome.press(chrome.one(".delivery-form button"))
    assert "没有找到标题行" in chrome.text(), chrome.text()[:400]
