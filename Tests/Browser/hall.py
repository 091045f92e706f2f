"""The page of a hall without network: one file, opened from the disk, by keyboard only. Its extract is made here; the page cannot check a signature."""

import csv
import datetime
import glob
import json
import os

from city import credit_code
from pages import INSPECT
from selenium.webdriver.common.keys import Keys

TEMPLATE = os.path.join(os.path.dirname(__file__), "..", "..", "Web", "hall", "extract.html")
BLOCK = '<script type="text/plain" id="extract">'
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


def measure(effect, restricts):
    return {"code": "M", "name": f"措施{effect}", "effect": effect, "effectName": "效力", "restricts": restricts, "basis": [{"title": "办法", "article": "第二条"}], "departments": ["审批部门"]}


def entry(kind, start="2026-01-01", **changes):
    return {"list": kind, "decision": "严〔2026〕1号", "body": "认定机关", "reason": "销售\"<b>\"不合格产品", "from": start, **changes}


def page(city, name, hours_old):
    """Writes the page with an extract that was made so many hours ago; returns its address."""
    now = datetime.datetime.now(SHANGHAI)
    made = now - datetime.timedelta(hours=hours_old)
    day = now.date()
    lists = [
        {"list": "market", "name": "严重违法失信名单", "nature": "serious-dishonesty", "favourable": False, "public": True, "basis": [{"title": "办法", "article": "第二条"}]},
        {"list": "watch", "name": "重点关注名单", "nature": "watch", "favourable": False, "public": False, "basis": []},
        {"list": "red", "name": "守信红名单", "nature": "red", "favourable": True, "public": True, "basis": []}]
    matters = [{"matter": "XK-02", "name": "告知承诺制审批事项", "subjects": ["organisation", "person"], "lists": [
        {"list": "market", "measures": [measure("administrative", True)]}, {"list": "watch", "measures": []}, {"list": "red", "measures": [measure("incentive", False)]}]}]
    firms = [
        [entry("market")], [entry("watch")], [entry("red")], [entry("market", until=str(day - datetime.timedelta(days=1)))],
        [entry("market", until=str(day))], [entry("market", end=(now - datetime.timedelta(minutes=1)).isoformat(timespec="milliseconds"))],
        [entry("market", start=str(day + datetime.timedelta(days=1)))]]
    organisations = [{"code": credit_code(n + 1), "name": f"测试{n + 1}号公司", "others": ["411700000000074"] if n == 0 else [], "entries": entries} for n, entries in enumerate(firms)]
    header = {
        "origin": "tianzhong.test", "body": "ZMD-SCJG", "bodyName": "市市场监督管理局", "made": made.isoformat(timespec="milliseconds"), "hours": 24, "snapshot": "1-1-0",
        "notice": "个人不能离线核查，请联网后补查", "lists": len(lists), "matters": len(matters), "organisations": len(organisations)}
    lines = [json.dumps(line, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c") for line in [header] + lists + matters + organisations]
    note = "\n".join(["tianzhong/list-extract/v1"] + lines) + "\n\n— tianzhong.test/lists AAAAAAAA\n"
    with open(TEMPLATE, encoding="utf-8") as stream:
        text = stream.read()
    assert text.count(BLOCK) == 1, "the template has not one block for the extract"
    path = os.path.join(city.folder, f"{name}.html")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text.replace(BLOCK, BLOCK + note))
    return f"file://{path}"


def ask(chrome, case, code):
    """Esc for the next case, its number, the code, Enter; the word of the answer."""
    chrome.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    chrome.driver.switch_to.active_element.send_keys(case, Keys.TAB)
    chrome.driver.switch_to.active_element.send_keys(code, Keys.ENTER)
    return chrome.text("#answer .word")


def test_hall_without_network(city, chrome):
    """The hall's page: answers by keyboard, ages, keeps no person's number, exports what was asked, fetches nothing"""
    chrome.driver.get(page(city, "fresh", 3.34))
    chrome.requested()
    assert "已过 3 小时 20 分" in chrome.text("#age"), chrome.text("#age")
    assert chrome.driver.switch_to.active_element.get_attribute("id") == "case", "the page does not begin at the case number"
    asked = [
        (credit_code(1).lower(), "依法限制（离线）"), ("411700000000074", "依法限制（离线）"), (credit_code(2), "需关注（离线）"), (credit_code(3), "未命中（离线）"),
        (credit_code(4), "未命中（离线）"), (credit_code(5), "依法限制（离线）"), (credit_code(6), "未命中（离线）"), (credit_code(7), "未命中（离线）"), (credit_code(99), "未命中（离线）")]
    for number, (code, word) in enumerate(asked):
        said = ask(chrome, f"办〔2026〕{number}号", code)
        assert said == word, f"{code}: {said}"
        assert "须联网后补核查" in chrome.text("#answer") and "可办理" not in chrome.text("#answer")
    ask(chrome, "C-1", credit_code(1))
    for words in ("严重违法失信名单", "《办法》第二条", "措施administrative", "审批部门", "严〔2026〕1号", "2026-01-01 起", '销售"<b>"不合格产品'):
        assert words in chrome.text("#answer"), f"the answer lacks {words}: {chrome.text('#answer')}"
    faults = []
    for width in (1280, 390, 320):
        chrome.width(width)
        faults += [f"{width}: {fault}" for fault in chrome.run(INSPECT) if not fault.startswith("inline style or script")]
        chrome.picture(f"hall-{width}")
    chrome.width(1280)
    assert not faults, "\n  ".join(faults)
    slip = credit_code(1)[:-1] + ("0" if credit_code(1)[-1] != "0" else "1")
    assert "校验码不对" in ask(chrome, "C-2", slip)
    for last in "0123456789X":  # with a slip of the pen too: some pass for an organisation's code
        person = "41170219800101001" + last
        assert "个人" in ask(chrome, "C-3", person), person
    assert person[:-1] not in chrome.run("return JSON.stringify(localStorage) + document.body.innerText + document.querySelector('#code').value"), "a person's number is kept"
    chrome.driver.refresh()
    # The same question within a minute counts once; the persons' may have met the turn of one.
    kept = int(chrome.text("#count"))
    assert kept - len(asked) in (2, 3), f"{kept} checks are kept"
    chrome.one("#export").click()
    exported = chrome.wait(lambda: glob.glob(os.path.join(chrome.profile, "离线核查-ZMD-SCJG-*.csv")), "the exported file", 20)[0]
    chrome.wait(lambda: os.path.getsize(exported) > 0 and not glob.glob(os.path.join(chrome.profile, "*.crdownload")), "the whole file", 20)
    with open(exported, "rb") as stream:
        text = stream.read()
    assert text.startswith(b"\xef\xbb\xbf") and text.endswith(b"\r\n")
    rows = list(csv.reader(text.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["事项编码", "办件号", "代码", "名称", "离线时间", "离线结论"], rows[0]
    assert rows[1][:4] == ["XK-02", "办〔2026〕0号", credit_code(1), "测试1号公司"] and rows[1][5] == "依法限制（离线）", rows[1]
    assert rows[-1][2] == "" and rows[-1][5] == "个人，须联网补查", rows[-1]
    chrome.one("#clear").click()
    assert chrome.text("#count") == "0"
    for name, age, words, style, is_open in (("old", 12.1, "一半", "old", True), ("over", 24, "已过期", "over", False), ("future", -0.2, "时钟不对", "over", False)):
        chrome.driver.get(page(city, name, age))
        assert words in chrome.text("#age") and style in chrome.one("#age").get_attribute("class").split(), f"{name}: {chrome.text('#age')}"
        assert all(chrome.one(field).is_enabled() == is_open for field in ("#matter", "#case", "#code", "#go")), name
        chrome.picture(f"hall-{name}-1280")
    outside = [address for address in chrome.requested() if not address.startswith(("file:", "blob:", "data:"))]
    assert not outside, f"the page asks for {outside}"
    assert not chrome.complaints()
