"""A small demonstration city in a temporary folder, served by the binary under test."""

import base64
import csv
import hashlib
import hmac
import json
import os
import re
import selectors
import shutil
import struct
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Open to the public, of organisations, delivered as CSV: the whole way from a search to a line can be walked with it.
RESOURCE, PROVIDER = "ZMD-03-0005", "ZMD-SCJG"


PASSWORD, SECRET, SESSION = "Yanshi-2026-Anquan!", "KRUWC3T2NBXW4ZZAMRSW23ZAGIYDENRB", "__Host-tz-session"


class Stay(urllib.request.HTTPRedirectHandler):
    """Answers that lead elsewhere are answers."""

    def redirect_request(self, *_):
        return None


def one_time_code():
    """The code of the demonstration's secret at this moment (RFC 6238)."""
    code = hmac.new(base64.b32decode(SECRET), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = code[-1] & 15
    return f"{(struct.unpack('>I', code[start:start + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


class City:
    """Owns the folder and the server; use it as a context manager, which stops the one and removes the other."""

    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.mkdtemp(prefix="tianzhong-browser-")
        self.data = os.path.join(self.folder, "data")
        self.files = os.path.join(self.folder, "city", "files")
        self.log = os.path.join(self.folder, "server.log")
        self.server = None
        self.address = ""

    def __enter__(self):
        try:
            self.run("init")
            self.run("simulate", "--subjects", "600", "--seed", "5", "--out", os.path.join(self.folder, "city"))
            manifest = os.path.join(self.folder, "city", "manifest.json")
            self.run("deliver", "--manifest", manifest)
            self.run("account", "demonstrate", "--city", os.path.join(self.folder, "city"))
            with open(manifest, encoding="utf-8") as stream:
                self.manifest = json.load(stream)["files"]
            with open(os.path.join(self.folder, "city", "truth.jsonl"), encoding="utf-8") as stream:
                self.truth = [json.loads(line) for line in stream]
            for item in json.loads(self.run("deliveries", "--json").stdout):
                assert item["number"] == self.number(item["fileName"]), f"file {item['fileName']} is delivery {item['number']}"
            self.start()
            # Whoever looks at pages behind the login is the credit centre, with a purpose that shows things clear.
            self.session = self.login("zhongxin", purpose=("YY", "YY-2026-0001"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.server and self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(20)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, verb, *arguments):
        """One verb on this city's data directory; its output where it fails."""
        done = subprocess.run(
            [self.binary, verb, *([arguments[0]] if verb == "account" else []), "--data", self.data, *(arguments[1:] if verb == "account" else arguments)], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"tianzhong {verb} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done

    def start(self):
        """Starts the server on a free port and reads its address from what it prints."""
        with open(self.log, "wb") as log:
            self.server = subprocess.Popen(
                [self.binary, "serve", "--data", self.data, "--port", "0", "--demonstration", "--requests-per-minute", "100000"],
                cwd=ROOT, stdout=subprocess.PIPE, stderr=log)
        waiting = selectors.DefaultSelector()
        waiting.register(self.server.stdout, selectors.EVENT_READ)
        printed, end = b"", time.monotonic() + 60
        while time.monotonic() < end:
            if waiting.select(1):
                piece = os.read(self.server.stdout.fileno(), 65536)
                printed += piece
                found = re.search(rb"(http://127\.0\.0\.1:\d+)\s", printed)
                if found:
                    self.address = found.group(1).decode()
                    return
                if not piece:
                    break
        with open(self.log, encoding="utf-8", errors="replace") as log:
            raise RuntimeError(f"the server printed no address: {printed!r} {log.read()[-2000:]}")

    def login(self, account, purpose=None):
        """The session cookie of a demonstration account, by the same forms that people use."""
        jar = {}

        def ask(path, fields=None):
            request = urllib.request.Request(
                self.address + path, data=urllib.parse.urlencode(fields).encode() if fields else None,
                headers={"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())})
            try:
                answer = urllib.request.build_opener(Stay).open(request, timeout=60)
            except urllib.error.HTTPError as other:
                answer = other
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, value = line.split(";")[0].split("=", 1)
                jar[name] = value
            return answer.status, answer.read().decode()

        def send(path, fields):
            page = ask(path)[1]
            main = page[page.index("<main"):]
            fields["token"] = re.search(r'name="token" value="([^"]+)"', main).group(1)
            status, text = ask(path, fields)
            assert status == 303, f"{path} answers {status} to {account}: {text[-1500:]}"

        send("/login", {"login": account, "password": PASSWORD, "back": "/"})
        send("/login/code", {"code": one_time_code(), "back": "/"})
        if purpose:
            send("/staff/purpose", {"purpose": purpose[0], "case": purpose[1], "back": "/staff"})
        return jar[SESSION]

    def get(self, path):
        """Status and bytes of a page, without a browser; behind the login as the credit centre."""
        try:
            request = urllib.request.Request(
                self.address + path if path.startswith("/") else path, headers={"Cookie": f"{SESSION}={self.session}"})
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read()

    def printed(self):
        """What the server has written to its log."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    # What the simulator made

    def number(self, path):
        """The delivery number of a simulated file: they came in the order of the manifest, which their names begin with."""
        return int(os.path.basename(path).split("-")[0])

    def accepted(self, resource, form="", kind="unifiedSocialCreditCode"):
        """A row that intake had to accept, of the newest file of a resource and a form: (file, row, identifier)."""
        paths = [item["path"] for item in self.manifest if item["resource"] == resource and item["format"].startswith(form)]
        file = os.path.basename(paths[-1])
        for line in self.truth:
            if line["file"] == file and line["expect"] == "accept" and (line.get("subject") or "").startswith(kind + ":"):
                return file, line["row"], line["subject"].split(":")[1]
        raise AssertionError(f"no accepted row with {kind} in {file}")

    def cells(self, file, row):
        """Heading and cells of a row of a simulated CSV file in UTF-8."""
        with open(os.path.join(self.files, file), encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream))
        return lines[0], lines[row]


def credit_code(number):
    """A sound unified social credit code (GB 32100, GB 11714) of an invented enterprise of 驿城区."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"MA9{number:05d}"
    total = sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2)))
    code = "91411702" + body + "0123456789X0"[11 - total % 11]
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(code))
    return code + alphabet[(31 - total % 31) % 31]


HEADINGS = ["被抽样单位名称", "统一社会信用代码", "抽样单编号", "样品名称", "生产日期或批号", "标称生产企业", "抽样日期", "检验结论", "不合格项目", "检验机构", "公布日期"]


def write_upload(path, headings, mark, sound):
    """A delivery of food samples: `sound` sound rows, then six faulty ones. Returns the faults as (row, field, value)."""

    def row(number, **other):
        values = {
            "被抽样单位名称": f"驿城区演示浏览食品店{number % 2000}号", "统一社会信用代码": credit_code(number % 2000), "抽样单编号": f"{mark}-{number:06d}",
            "样品名称": "演示数据 芝麻酱", "抽样日期": "2026-03-02", "检验结论": "合格", "检验机构": "驻马店市演示检验所", "公布日期": "2026-03-20"}
        values.update(other)
        return [values.get(heading, "") for heading in headings]

    good = credit_code(7)
    wrong_code = good[:-1] + ("0" if good[-1] != "0" else "1")
    faulty = [
        {"抽样日期": "2026-13-01"}, {"统一社会信用代码": wrong_code}, {"检验结论": "大概合格"}, {"样品名称": ""},
        {"检验结论": "不合格"}, {"抽样日期": "2026-03-21"}]
    with open(path, "w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream, lineterminator="\r\n")
        out.writerow(headings)
        out.writerows(row(number) for number in range(sound))
        out.writerows(row(sound + index, **other) for index, other in enumerate(faulty))
    return [
        (sound + 1, "抽样日期", "2026-13-01"), (sound + 2, "统一社会信用代码", wrong_code), (sound + 3, "检验结论", "大概合格"),
        (sound + 4, "样品名称", ""), (sound + 5, "不合格项目", ""), (sound + 6, "抽样日期", "2026-03-21")]
