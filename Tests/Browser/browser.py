#!/usr/bin/python3
"""Tests of the portal in headless Chromium: browser.py BINARY [PART-OF-A-TEST-NAME].

Needs Debian's chromium, chromium-driver, fonts-noto-cjk, openssl and python3-selenium. SCREENSHOTS=DIR keeps a picture of every page at 1280 and 390 px.
"""

import signal
import sys
import time
import traceback

sys.dont_write_bytecode = True  # nothing is left in the checkout

import embedding
import flows
import hall
import listings
import pages
from chrome import Chrome
from city import City

# In this order: pages are looked at when the flows have filled the city.
TESTS = [
    flows.test_search_to_source_row, flows.test_upload, flows.test_upload_without_scripts, flows.test_upload_refusals,
    flows.test_person_by_whole_number_only, flows.test_closed_record_is_not_public, flows.test_two_clocks, flows.test_login_to_who_looked,
    listings.test_court_file_to_clear, listings.test_window_faults, embedding.test_embedded, embedding.test_sheet, hall.test_hall_without_network, pages.test_keyboard,
    pages.test_every_page, pages.test_large_text]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    # A stopped run leaves neither server nor folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = [test for test in TESTS if len(sys.argv) < 3 or sys.argv[2] in test.__name__]
    passed = failed = 0
    with City(sys.argv[1]) as city:
        for test in chosen:
            began = time.monotonic()
            try:
                # A browser of its own, so that a failure does not reach the next test.
                with Chrome(city.address) as chrome:
                    chrome.width(1280)
                    chrome.wear(city.session)
                    test(city, chrome)
            except Exception as fault:  # whatever went wrong, the other tests still run
                failed += 1
                print(f"FAILED {test.__name__}: {test.__doc__}\n  {fault}", flush=True)
                if not isinstance(fault, AssertionError):
                    traceback.print_exc()
            else:
                passed += 1
                print(f"passed {test.__name__}: {test.__doc__} ({time.monotonic() - began:.1f} s)", flush=True)
            if city.server.poll() is not None:
                print(f"The server has ended with {city.server.returncode}:\n{city.printed()[-2000:]}", flush=True)
                failed += len(chosen) - passed - failed
                break
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
