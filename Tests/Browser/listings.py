"""A court's file puts a firm on a list, the window sees it, and its removal clears the firm again."""

import csv
import os

from city import credit_code
from flows import deliver
from selenium.webdriver.common.keys import Keys

LIST, RESOURCE, COURT = "debtor", "ZMD-06-0001", "ZMD-ZJFY"
HEADINGS = [
    "被执行人名称", "统一社会信用代码", "法定代表人", "执行案号", "执行依据文号", "作出执行依据单位", "生效法律文书确定的义务", "履行情况", "失信行为情形", "立案日期", "发布日期",
    "期限届满日期", "名单状态", "状态日期", "执行法院"]


def court_file(city, code, name, state, day):
    """One row of the court's list, as the court would send it."""
    path = os.path.join(city.folder, f"失信被执行人-{state}.csv")
    with open(path, "w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream, lineterminator="\r\n")
        out.writerow(HEADINGS)
        out.writerow([
            name, code, "演示人", "（2026）豫17执演示1号", "（2025）豫17民初演示1号", "驻马店市中级人民法院", "支付货款 演示数据", "全部未履行", "违反财产报告制度",
            "2026-01-05", "2026-02-01", "2099-01-31", state, day, "驻马店市中级人民法院"])
    return path


def send(city, chrome, code, name, state, day):
    deliver(chrome, court_file(city, code, name, state, day), RESOURCE, COURT)
    chrome.wait(lambda: chrome.all(".sum"), "the court's file to be taken in", 60)
    figures = [item.text for item in chrome.all(".sum > p strong")]
    assert figures == ["1", "1", "0"], f"the court's file comes to {figures}: {chrome.text()[:600]}"


def verify(chrome, case, code):
    """The window, by keyboard only: case number, code, Enter."""
    chrome.open("/staff/verification?matter=CZ-01")
    chrome.one("#case").send_keys(case, Keys.TAB)
    box = chrome.driver.switch_to.active_element
    assert box.get_attribute("id") == "identifier", "Tab does not lead from the case number to the code"
    box.send_keys(code)
    chrome.press(box, Keys.ENTER)
    return chrome.text(".verdict-word") if chrome.all(".verdict-word") else ""


def on_list(chrome, code):
    """Whether the public list names the firm, whatever page of it."""
    chrome.open(f"/lists/{LIST}")
    while True:
        if code in chrome.text():
            return True
        following = [link for link in chrome.all(".pager a") if "下一页" in link.text]
        if not following:
            return False
        chrome.press(following[0])


def test_court_file_to_clear(city, chrome):
    """court file → listing → measure at the window → outcome → removal → clear"""
    file, row, code = city.accepted("ZMD-01-0001", "xlsx")
    chrome.open(f"/search?q={code}")
    found = chrome.all(f"a[href^='/subjects/']")
    assert found, f"{code} is not found: {chrome.text()[:400]}"
    name = found[0].text

    before = verify(chrome, "C-2026-0001", code)
    assert before and "失信被执行人" not in [head.text.split(" ")[0] for head in chrome.all(".hit h2")], f"{code} is on the list before: {chrome.text()[:600]}"
    assert not on_list(chrome, code), f"{code} is published before it is listed"

    send(city, chrome, code, name, "在列", "2026-02-01")
    assert on_list(chrome, code), "the public list does not name the firm that the court listed"
    chrome.picture("list-debtor-1280")

    verdict = verify(chrome, "C-2026-0002", code)
    text = chrome.text()
    assert "依法限制" in verdict, f"the window says “{verdict}”: {text[:800]}"
    for word in ("失信被执行人", "第二百六十六条", "限制申请财政性资金项目", "市级部门", "（2026）豫17执演示1号", "快照号", "由承办人依法决定"):
        assert word in text, f"the answer lacks “{word}”: {text}"
    for width in (1280, 390):
        chrome.width(width)
        assert chrome.run("return document.documentElement.scrollWidth <= innerWidth"), f"the answer is wider than {width} px"
        chrome.picture(f"answer-{width}")
    chrome.width(1280)

    # The official decides: without a number of the decision a measure is not applied.
    chrome.choose("#applied", "yes")
    chrome.fill("#reason", "失信被执行人，不予支持")
    chrome.press(chrome.one("section[aria-label=反馈办理结果] button"))
    assert "决定文号" in chrome.text(), "a measure is applied without a decision"
    chrome.choose("#applied", "yes")
    chrome.fill("#reason", "失信被执行人，不予支持")
    chrome.fill("#decision", "驻发改〔2026〕1号")
    chrome.press(chrome.one("section[aria-label=反馈办理结果] button"))
    assert "驻发改〔2026〕1号" in chrome.text(), f"the outcome is not shown: {chrome.text()[:600]}"
    assert "依法限制" in chrome.text(".verdict-word"), "the answer of then is another now"
    chrome.open("/staff/verification")
    line = next(line.text for line in chrome.all("section[aria-label=今日办件] tbody tr") if "C-2026-0002" in line.text)
    assert "已反馈" in line, f"today's cases do not know the outcome: {line}"
    chrome.picture("window-1280")

    send(city, chrome, code, name, "已移出", "2026-03-01")
    assert not on_list(chrome, code), "the firm is still published after its removal"
    after = verify(chrome, "C-2026-0003", code)
    assert after == before and "失信被执行人" not in [head.text.split(" ")[0] for head in chrome.all(".hit h2")], f"after the removal: {after}, before the entry: {before}"


def test_window_faults(_, chrome):
    """name only, a wrong code, no case: each is told what it is"""
    for fields, words in (
        ({"#case": "C-1", "#name": "演示公司"}, "只有名称不能确定主体"),
        ({"#case": "C-1", "#identifier": credit_code(7)[:-1] + ("0" if credit_code(7)[-1] != "0" else "1")}, "代码有误"),
    ):
        chrome.open("/staff/verification?matter=CZ-01")
        for selector, value in fields.items():
            chrome.fill(selector, value)
        chrome.run("document.querySelectorAll('.window-form [required]').forEach((e) => e.removeAttribute('required'))")
        chrome.press(chrome.one(".window-form button"))
        assert words in chrome.text(), f"{fields} is answered with: {chrome.text()[:500]}"
