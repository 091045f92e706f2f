"""What holds on every page: it fits, it is quiet, it can be read and used without a mouse."""

import re
import urllib.parse

from city import RESOURCE
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

# Faults of the page shown, as sentences.
INSPECT = """
const faults = [];
const says = (e) => (e.outerHTML || "").slice(0, 120);
const root = document.documentElement;
if (root.scrollWidth > innerWidth) {
  const wide = [...document.body.querySelectorAll("*")].filter((e) => {
    if (e.closest(".table-box") && !e.matches(".table-box")) return false;
    return e.getBoundingClientRect().right > innerWidth + 1;
  });
  faults.push(`scrolls sideways: ${root.scrollWidth} > ${innerWidth}: ${wide.slice(0, 3).map(says).join(" ")}`);
}
const heads = document.querySelectorAll("h1");
if (heads.length !== 1 || !heads[0].textContent.trim()) faults.push(`${heads.length} h1`);
let level = 1;
for (const head of document.querySelectorAll("h1, h2, h3, h4")) {
  const here = Number(head.tagName[1]);
  if (here > level + 1) faults.push(`heading jumps: ${says(head)}`);
  level = here;
}
for (const image of document.images) {
  if (!image.hasAttribute("alt")) faults.push(`image without alt: ${says(image)}`);
  if (!image.complete || image.naturalWidth === 0) faults.push(`image does not load: ${says(image)}`);
}
for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
  const label = [...(field.labels || [])].map((l) => l.textContent).join("") || field.getAttribute("aria-label") || "";
  if (!label.trim()) faults.push(`field without label: ${says(field)}`);
}
for (const act of document.querySelectorAll("a[href], button")) {
  const box = act.getBoundingClientRect();
  if (!act.matches(".skip") && box.width > 0 && (box.width < 23.5 || box.height < 23.5)) {
    faults.push(`target smaller than 24 px: ${Math.round(box.width)}x${Math.round(box.height)} ${says(act)}`);
  }
  if (!(act.textContent.trim() || act.getAttribute("aria-label"))) faults.push(`link or button without words: ${says(act)}`);
}
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push(`id twice: ${id}`);
for (const e of document.querySelectorAll("[aria-labelledby]")) {
  if (!document.getElementById(e.getAttribute("aria-labelledby"))) faults.push(`labelled by nothing: ${says(e)}`);
}
if (!/^zh/.test(root.lang)) faults.push("no lang");
if (!document.title.trim()) faults.push("no title");
if (!document.querySelector("main")) faults.push("no main");
for (const e of document.querySelectorAll("[style], script:not([src]), [onclick]")) faults.push(`inline style or script: ${says(e)}`);
const text = document.body.innerText;
for (const trace of ["{{", "}}", "Optional(", "undefined", "NaN", "nil"]) if (text.includes(trace)) faults.push(`shows “${trace}”`);
return faults;
"""


def addresses(city):
    """Every page by name: public, then staff. Errors are pages too."""
    file, row, code = city.accepted(RESOURCE, "csv(utf8")
    record = f"{city.number(file)}-{row}"
    book, line, _code = city.accepted("ZMD-01-0001", "xlsx")
    registered = f"{city.number(book)}-{line}"
    _status, body = city.get("/search?q=" + code)
    key = re.search(rb"subjects/([0-9a-f]{32})", body).group(1).decode()
    name = urllib.parse.quote("演示")
    pages = {
        "home": "/", "about": "/about", "search-empty": "/search", "search": f"/search?q={name}",
        "search-none": "/search?q=" + urllib.parse.quote("没有这家单位"), "search-short": "/search?q=" + urllib.parse.quote("商"),
        "subject": f"/subjects/{key}", "subject-tab": f"/subjects/{key}?tab=administration", "subject-past": f"/subjects/{key}?asOf=2023-12-31",
        "record": f"/records/{record}", "catalogue": "/catalogue",
        "catalogue-filtered": "/catalogue?q=" + urllib.parse.quote("处罚"), "resource": f"/catalogue/{RESOURCE}",
        "error-404": "/records/999999-1", "error-before": f"/subjects/{key}?knownAt=2020-01-01", "error-clock": f"/subjects/{key}?asOf=x",
        "staff": "/staff", "coverage": "/staff/coverage", "deliveries": "/staff/deliveries",
        "deliveries-filtered": "/staff/deliveries?state=committed&provider=ZMD-SCJG", "delivery-new": "/staff/deliveries/new",
        "persons": "/staff/persons", "staff-subject": f"/staff/subjects/{key}", "staff-record": f"/staff/records/{record}",
        "source": f"/staff/records/{record}/source", "source-xlsx": f"/staff/records/{registered}/source",
        "purpose": "/staff/purpose", "grants": "/admin/grants", "received-consents": "/staff/consents", "ledger": "/ledger",
        "login-again": "/login/again", "sessions": "/sessions", "lists": "/lists", "list": "/lists/debtor", "verification": "/staff/verification", "sheets": "/staff/verification-sheets", "list-extracts": "/staff/list-extracts", "listings": "/staff/listings", "delivered-listings": f"/staff/listings/subjects/{key}", "login-password": "/login/password", "receipt-simulated": f"/staff/deliveries/{city.number(file)}"}
    # Left by the flows, where they came so far.
    if getattr(city, "receipt", None):
        pages.update({"receipt": city.receipt, "rejections": city.receipt + "/rejections", "receipt-repeat": city.receipt + "?repeat=1"})
    if getattr(city, "refused", None):
        pages["receipt-refused"] = city.refused
    if getattr(city, "person", None):
        pages["staff-person"] = city.person
    return pages


def test_every_page(city, chrome):
    """every page at 1280, 390 and 320 px: fits, quiet, one h1, alt, labels; all its links answer"""
    faults, links = [], {}
    chrome.complaints()
    for name, path in addresses(city).items():
        for width in (1280, 390, 320):
            chrome.width(width)
            chrome.open(path)
            faults += [f"{name} at {width}: {fault}" for fault in chrome.run(INSPECT)]
            for item in chrome.complaints():
                # The browser says that an error page is one; anything else is a fault.
                if not (name.startswith("error-") and "status of 4" in item["message"]):
                    faults.append(f"{name} at {width}: console: {item['message']}")
            if width != 320:
                chrome.picture(f"{name}-{width}")
        for href in chrome.run("return [...document.querySelectorAll('a[href], link[href]')].map((e) => e.href)"):
            href = href.split("#")[0]
            # A page of an error leads to itself, by its skip link.
            if href.startswith(city.address + "/") and href != chrome.driver.current_url:
                links.setdefault(href, name)
    chrome.width(1280)
    for href, name in links.items():
        status, _ = city.get(href)
        # Text size leads back to where one was, which may be a page of an error.
        if status >= 500 or (status >= 400 and "/preferences/text-size" not in href):
            faults.append(f"{name}: link {href} answers {status}")
    assert len(links) > 100, f"only {len(links)} links were found"
    assert not faults, f"{len(faults)} faults:\n  " + "\n  ".join(faults)


def test_large_text(city, chrome):
    """大字版: every page still fits a phone"""
    faults = []
    chrome.open("/")
    chrome.press(chrome.link("大字版"))
    assert chrome.run("return getComputedStyle(document.documentElement).fontSize") == "22px", "the text did not grow"
    for name, path in addresses(city).items():
        chrome.width(390)
        chrome.open(path)
        faults += [f"{name}: {fault}" for fault in chrome.run(INSPECT)]
        if name in ("home", "subject", "receipt", "source", "delivery-new", "coverage"):
            chrome.picture(f"{name}-large-390")
    chrome.width(1280)
    chrome.driver.delete_all_cookies()
    chrome.complaints()
    assert not faults, f"{len(faults)} faults:\n  " + "\n  ".join(faults)


def test_keyboard(city, chrome):
    """Tab reaches the search box and the skip link, Enter searches, the focus is seen"""
    for page, box in (("/", "q"), ("/catalogue", "top-q")):
        chrome.open(page)
        body = chrome.driver.find_element(By.TAG_NAME, "body")
        reached = []
        for _ in range(15):
            (body if not reached else chrome.driver.switch_to.active_element).send_keys(Keys.TAB)
            here = chrome.driver.switch_to.active_element
            reached.append(here.get_attribute("id") or here.text)
            if here.get_attribute("id") == box:
                break
        assert reached[0] == "跳到正文", f"{page}: the first Tab reaches “{reached[0]}”"
        assert reached[-1] == box, f"{page}: Tab does not reach the search box: {reached}"
        outline = chrome.run("return getComputedStyle(document.activeElement).outlineWidth")
        assert outline != "0px", f"{page}: the focused box has no outline"
        chrome.press(chrome.driver.switch_to.active_element, "演示", Keys.ENTER)
        assert chrome.path.startswith("/search?q="), f"{page}: Enter leads to {chrome.path}"
        assert chrome.all("tbody tr"), f"{page}: Enter finds nothing"
    chrome.driver.switch_to.active_element.send_keys(Keys.TAB)
    chrome.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert chrome.run("return document.activeElement.id") == "main", "the skip link does not lead to the text"
