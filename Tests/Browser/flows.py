"""What people come to do, from the first page to the last."""

import csv
import io
import os
import re
import urllib.parse

from chrome import Chrome
from city import HEADINGS, PASSWORD, PROVIDER, RESOURCE, one_time_code, write_upload
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys


def number_of(text):
    return int(text.replace(",", ""))


def test_search_to_source_row(city, chrome):
    """search → results → subject → record → the line of the file"""
    file, row, code = city.accepted(RESOURCE, "csv(utf8")
    headings, cells = city.cells(file, row)
    value = dict(zip(headings, cells))
    name, sample, paper = value["被抽样单位名称"], value["样品名称"], value["抽样单编号"]
    part = name[3:-1]

    chrome.open("/")
    chrome.fill("#q", part)
    chrome.press(chrome.one(".hero-search button"))
    assert chrome.path.startswith("/search?q="), f"the search is not in the address: {chrome.path}"
    found = [line.text for line in chrome.all("tbody tr")]
    assert found, f"nothing found for “{part}”, a part of “{name}”"
    assert all(part in line for line in found), f"a result for “{part}” lacks it: {found}"
    line = next((line for line in chrome.all("tbody tr") if code in line.text), None)
    assert line is not None, f"“{part}” does not find {code} on the first page: {found}"
    chrome.press(line.find_element(By.CSS_SELECTOR, "a"))

    assert chrome.text("h1") == name, f"the subject page is headed “{chrome.text('h1')}”, not “{name}”"
    assert code in chrome.text(".facts"), "the subject page does not show the code"
    assert "查询时点" in chrome.text() and "数据截止" in chrome.text(), "the subject page does not say its two clocks"
    chrome.press(chrome.link("行政管理", ".tabs"))
    record = f"{city.number(file)}-{row}"
    line = next((line for line in chrome.all(".records tbody tr") if record in line.text.split()), None)
    assert line is not None, f"the section does not list record {record} of {file}"
    assert sample in line.text, f"the line of record {record} does not say “{sample}”: {line.text}"
    assert "驻马店市市场监督管理局" in line.text, f"the line of record {record} does not say who delivered it: {line.text}"
    chrome.press(line.find_element(By.LINK_TEXT, record))

    sheet = chrome.text(".sheet")
    assert paper in sheet and sample in sheet, f"the record page lacks “{paper}” or “{sample}”: {sheet}"
    chrome.press(chrome.link("查看来源行"))
    assert chrome.path == f"/staff/records/{record}/source", f"the source row is at {chrome.path}"
    marked = chrome.all("tr.source-line")
    assert len(marked) == 1, f"{len(marked)} lines are marked as the source"
    shown = [cell.get_attribute("textContent") for cell in marked[0].find_elements(By.CSS_SELECTOR, "td")]
    assert shown == cells, f"the marked line is not the file's line:\n{shown}\n{cells}"
    assert str(row + 1) in marked[0].find_element(By.CSS_SELECTOR, "th").text, "the marked line does not bear its line number"
    assert file in chrome.text(".facts"), "the source page does not name the file"
    assert len(chrome.all(".raw tbody tr")) > 1, "the line is shown without its neighbours"


def deliver(chrome, path, resource=RESOURCE, provider=PROVIDER):
    """Uploads a file through the form, and waits for the page that answers."""
    chrome.open("/staff/deliveries/new")
    chrome.choose("#resource", resource)
    chrome.choose("#provider", provider)
    chrome.one("#file").send_keys(path)
    chrome.press(chrome.one(".delivery-form button"))


def upload(city, chrome, mark, headings, sound):
    """The whole way of a delivery: form → progress → receipt → rejections → returned rows → the same file again."""
    path = os.path.join(city.folder, f"食品抽检-{mark}.csv")
    faults = write_upload(path, headings, mark, sound)
    deliver(chrome, path)
    assert re.fullmatch(r"/staff/deliveries/\d+", chrome.path), f"the upload leads to {chrome.path}: {chrome.text()[:300]}"
    receipt = chrome.path
    head = chrome.text("h1")
    assert "正在处理" in head, f"{sound} rows were done before the page came; the progress page was not seen (“{head}”)"
    assert len(chrome.all(".stage")) >= 3 and chrome.all("progress"), "the progress page shows no stages or no bar"
    chrome.picture(f"progress-{mark}-1280")
    chrome.wait(lambda: chrome.all(".sum"), "the receipt to come by itself", 120)
    assert chrome.path == receipt, f"the receipt is at {chrome.path}, not {receipt}"

    figures = [number_of(item.text) for item in chrome.all(".sum > p strong")]
    assert figures == [sound + len(faults), sound, len(faults)], f"总行, 入库, 退回 are {figures}"
    assert figures[0] == figures[1] + figures[2], "总行 is not 入库 + 退回"
    facts = chrome.text("section .facts")
    assert os.path.basename(path) in facts, f"the receipt does not name the file as it was sent: {facts}"
    assert re.search(r"[0-9a-f]{64}", facts), "the receipt lacks the digest"

    chrome.press(chrome.link("查看退回明细"))
    assert chrome.path.startswith(receipt + "/rejections"), f"rejections are at {chrome.path}"
    lines = chrome.all("section[aria-labelledby=rows-title] tbody tr")
    assert len(lines) == len(faults), f"{len(lines)} rejected rows are listed, not {len(faults)}"
    for line, (row, field, value) in zip(lines, faults):
        text = line.text
        cells = [cell.text for cell in line.find_elements(By.CSS_SELECTOR, "td")]
        assert cells[:2] == [str(row), str(row + 1)], f"row {row}, line {row + 1} is listed as {cells[:2]}"
        assert field in text and value in text, f"row {row} does not name field “{field}” and value “{value}”: {text}"
        cures = [cure.text for cure in line.find_elements(By.CSS_SELECTOR, ".cure")]
        assert cures and all(cures), f"row {row} does not say how to mend it: {text}"
        reasons = [item.text.split("：", 1)[-1].split("\n")[0] for item in line.find_elements(By.CSS_SELECTOR, ".faults li")]
        assert all(reasons), f"row {row} does not say why: {text}"
    assert len(chrome.all("section[aria-labelledby=causes-title] tbody tr")) >= 5, "the causes are not listed"

    address = chrome.link("下载 CSV").get_attribute("href")
    status, body = city.get(address)
    assert status == 200, f"the returned rows answer {status}"
    table = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert "演示中心员" in table[0][0] and "事由" in table[0][0], f"the returned rows do not say who took them: {table[0]}"
    table = table[1:]
    assert table[0] == headings + ["退回原因"], f"the returned rows are headed {table[0]}"
    assert len(table) == 1 + len(faults), f"{len(table) - 1} rows came back, not {len(faults)}"
    for line, (row, field, value) in zip(table[1:], faults):
        assert line[headings.index(field)] == value, f"row {row} came back with “{line[headings.index(field)]}” for “{value}”"
        assert field in line[-1] or len(line[-1]) > 4, f"row {row} came back without a reason: {line[-1]}"

    deliver(chrome, path)
    assert chrome.path.split("?")[0] == receipt, f"the same file again leads to {chrome.path}, not to {receipt}"
    assert "同一文件" in chrome.text(), "the receipt does not say that the file was here before"
    assert [number_of(item.text) for item in chrome.all(".sum > p strong")] == figures, "the same file again changes the receipt"
    return receipt


def test_upload(city, chrome):
    """upload → progress → receipt → rejections, with scripts"""
    status, body = city.get(f"/catalogue/{RESOURCE}/template.csv")
    assert status == 200, f"the template answers {status}"
    headings = next(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert headings == HEADINGS, f"the template is headed {headings}"
    chrome.complaints()
    city.receipt = upload(city, chrome, "YS-A", headings, 240_000)
    assert not chrome.complaints(), "the console complains during the upload"


def test_upload_without_scripts(city, _):
    """upload → progress → receipt → rejections, JavaScript off"""
    with Chrome(city.address, scripts=False) as chrome:
        chrome.wear(city.session)
        chrome.open("/staff/deliveries/new")
        assert not chrome.all("script[src]"), "the form needs a script"
        upload(city, chrome, "YS-B", HEADINGS[:], 240_000)


def test_upload_refusals(city, chrome):
    """forms with faults come back with what was wrong and keep what was chosen"""
    empty = os.path.join(city.folder, "空.csv")
    open(empty, "w", encoding="utf-8").close()
    deliver(chrome, empty)
    assert "空的" in chrome.text(".notice-bad"), f"an empty file gets: {chrome.text()[:300]}"
    assert chrome.one("#resource").get_attribute("value") == RESOURCE, "the form forgot the resource that was chosen"
    assert chrome.driver.title.startswith("错误"), f"the title does not say 错误: {chrome.driver.title}"
    for width in (1280, 390):
        chrome.width(width)
        chrome.picture(f"delivery-new-error-{width}")
    chrome.width(1280)

    lacking = [heading for heading in HEADINGS if heading != "公布日期"]
    for name, header, words in (("没有表头.csv", ["名字", "代码"], "表头"), ("缺一列.csv", lacking, "公布日期")):
        other = os.path.join(city.folder, name)
        with open(other, "w", encoding="utf-8") as stream:
            stream.write(",".join(header) + "\n" + ",".join("1" for _ in header) + "\n")
        deliver(chrome, other)
        chrome.wait(lambda: chrome.all(".notice-bad"), "a refused file's receipt")
        text = chrome.text(".notice-bad")
        assert "没有任何一行入库" in text and words in text, f"{name} gets: {text}"
        city.refused = chrome.path


def test_person_by_whole_number_only(city, chrome):
    """a person is found by staff, by the whole number, which is in no address"""
    file, row, number = city.accepted("ZMD-07-0002", kind="citizenNumber")
    chrome.requested()
    for part in (number[:10], number[:-1] + ("1" if number[-1] != "1" else "2")):
        chrome.open("/staff")
        chrome.fill("#number", part)
        chrome.press(chrome.one(".person #number"), Keys.ENTER)
        assert "/subjects/" not in chrome.path, f"“{part}” finds a person"
    chrome.open("/staff")
    chrome.fill("#number", number)
    chrome.press(chrome.one(".person #number"), Keys.ENTER)
    assert re.match(r"/staff/subjects/[0-9a-f]{32}", chrome.path), f"the whole number leads to {chrome.path}: {chrome.text()[:200]}"
    city.person = chrome.path
    assert f"{city.number(file)}-{row}" in chrome.text() or chrome.all(".records tbody tr"), "the person's file is empty"
    assert number not in chrome.driver.page_source, "the page shows the whole number"
    asked = chrome.requested()
    assert asked and not [url for url in asked if number in url], "the number is in an address"
    assert number not in city.printed(), "the number is in the server's log"

    status, _ = city.get(city.person.replace("/staff", "", 1))
    assert status == 404, f"the person's public page answers {status}"
    status, body = city.get("/search?q=" + number)
    page = body.decode()
    assert status == 200 and "/subjects/" not in page, "the public search finds a person"
    echo = next((line for line in page.split("\n") if number in line), "")
    assert not echo, f"the public search gives a number back, so that it reaches another address: {echo}"
    chrome.open("/search?q=" + urllib.parse.quote("演示"))
    assert chrome.all("tbody tr") and not re.search(r"\d{6}(19|20)\d{9}[\dX]", chrome.text()), "a citizen number in public results"


def test_closed_record_is_not_public(city, _):
    """a record of a resource that is not 公开 has no public page"""
    resource = "ZMD-10-0001"
    status, body = city.get("/catalogue/" + resource)
    assert status == 200 and "共享</span>" in body.decode(), f"{resource} is not classed 共享"
    file, row, _code = city.accepted(resource)
    record = f"{city.number(file)}-{row}"
    assert city.get("/staff/records/" + record)[0] == 200, f"staff cannot see record {record}"
    status, body = city.get("/records/" + record)
    assert status == 404, f"record {record} of {resource} answers {status} to the public"
    assert resource not in body.decode(), "the refusal says what it hides"
    assert city.get("/records/999999-1")[0] == 404, "an unknown record is found"


def test_two_clocks(city, chrome):
    """asOf and knownAt change the view and stay in the address"""
    _file, _row, code = city.accepted(RESOURCE, "csv(utf8")
    chrome.open("/search?q=" + code)
    subject = chrome.path
    assert subject.startswith("/subjects/"), f"a whole code leads to {subject}"

    def count():
        return number_of(chrome.one(".tabs a[aria-current] .tab-count").text)

    now = count()
    chrome.fill("#asOf", "2023-12-31")
    chrome.press(chrome.one(".clocks button"))
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(chrome.path).query)
    assert query.get("asOf") == ["2023-12-31"], f"asOf is not in the address: {chrome.path}"
    assert chrome.one("#asOf").get_attribute("value") == "2023-12-31", "the form forgot asOf"
    assert "2023-12-31" in chrome.text(".clocks-said"), "the page does not say asOf"
    then = count()
    assert then < now, f"{then} records as of 2023, {now} now"
    dates = [cell.text for cell in chrome.all("td[data-label=决定日期]")]
    assert all(date <= "2023-12-31" for date in dates if date[:1].isdigit()), f"a later record is shown: {dates}"
    chrome.press(chrome.link("行政管理", ".tabs"))
    assert "asOf=2023-12-31" in chrome.path, f"the tab's address loses asOf: {chrome.path}"
    chrome.press(chrome.link("回到现在"))
    assert "asOf" not in chrome.path, f"back to now keeps {chrome.path}"

    chrome.open(subject)
    chrome.fill("#knownAt", "2020-01-01 08:00:00")
    chrome.press(chrome.one(".clocks button"))
    assert "knownAt=2020-01-01" in chrome.path, f"knownAt is not in the address: {chrome.path}"
    text = chrome.text()
    assert "没有" in text or "无相关信息" in text, f"before the city there should be nothing: {text[:300]}"
    assert not chrome.all(".records tbody tr"), "before the city there are records"
    chrome.complaints()
    chrome.open(subject + "?asOf=" + urllib.parse.quote("去年"))
    assert "2026-01-31" in chrome.text(), f"a date that is none gets no cure: {chrome.text()[:300]}"
    chrome.complaints()


def test_login_to_who_looked(city, _):
    """login with one-time code → purpose → a person's file → the person sees who looked, consents, revokes → logout"""
    _file, _row, number = city.accepted("ZMD-07-0002", kind="citizenNumber")
    with Chrome(city.address) as chrome:
        chrome.width(1280)
        chrome.open("/staff/persons")
        assert chrome.path.startswith("/login?back="), f"a page behind the login opens without it: {chrome.path}"
        chrome.fill("#login", "shenhe")
        chrome.fill("#password", "wrong-password")
        chrome.press(chrome.one(".delivery-form button"))
        assert "账号或口令不对" in chrome.text(".notice-bad"), "a wrong password gets no word"
        sign_in(chrome, "shenhe")
        chrome.open("/staff/persons")
        chrome.fill("#number", number)
        chrome.press(chrome.one(".person button"))
        assert "查询事由" in chrome.text() + chrome.text("h1"), f"a person is looked up without a purpose: {chrome.path}"
        chrome.open("/staff/purpose?back=/staff/persons")
        chrome.choose("#purpose", "CF")
        chrome.fill("#case", "驻市监立〔2026〕1号")
        chrome.press(chrome.one("main .delivery-form button"))
        assert "驻市监立〔2026〕1号" in chrome.text(".local"), "the purpose does not stay in sight"
        chrome.press(chrome.one(".bar-side form[action='/logout'] button"))
        assert chrome.path == "/", f"logging out leads to {chrome.path}"
        chrome.open("/staff")
        assert chrome.path.startswith("/login"), "the session goes on after the logout"
    with Chrome(city.address) as chrome:
        chrome.width(390)
        sign_in(chrome, "geren")
        assert chrome.path == "/me", f"a citizen begins at {chrome.path}"
        for name, path in (("me", "/me"), ("looks", "/me/looks"), ("consents", "/me/consents")):
            chrome.open(path)
            chrome.picture(f"{name}-390")
        assert "本人" in city_text(chrome, "/me/looks"), "one's own look is not in the list"
        chrome.open("/me/consents")
        chrome.choose("#purpose", "RZ")
        chrome.fill("#agree", "同意")
        chrome.press(chrome.all("main .delivery-form button")[-1])
        assert "有效" in chrome.text(), "the consent is not in force"
        chrome.press(chrome.one(".row-form button"))
        assert "已撤回" in chrome.text(), "the consent cannot be revoked"


def city_text(chrome, path):
    chrome.open(path)
    return chrome.text()


def sign_in(chrome, account):
    """The two steps of the login."""
    chrome.open("/login")
    chrome.fill("#login", account)
    chrome.fill("#password", PASSWORD)
    chrome.press(chrome.one(".delivery-form button"))
    chrome.fill("#code", one_time_code())
    chrome.press(chrome.one(".delivery-form button"))
