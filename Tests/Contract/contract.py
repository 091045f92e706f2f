#!/usr/bin/python3
"""The API against its OpenAPI document: contract.py BINARY SCHEMATHESIS [EXAMPLES].

Serves a small city and asks every operation of the document with generated questions, as nobody, as a program of the machine and as a
citizen. An answer that the document does not allow, a 5xx, or a server that has ended fails.
"""

import os
import signal
import subprocess
import sys

sys.dont_write_bytecode = True  # nothing is left in the checkout
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Browser"))

from city import SESSION, City

# That what the document allows is also accepted cannot be asked: a code may be well written and unknown.
# With a cookie beside it a missing token is no missing login.
EXCLUDED = {"nobody": [], "a program of the machine": [], "a citizen": ["ignored_auth"]}


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    examples = sys.argv[3] if len(sys.argv) > 3 else "10"
    schemathesis = os.path.abspath(sys.argv[2])  # it runs in the city's folder
    failed = 0
    with City(sys.argv[1]) as city:
        token = city.run("account", "token").stdout.strip()
        audiences = [
            ("nobody", []), ("a program of the machine", ["-H", f"Authorization: Bearer {token}"]),
            ("a citizen", ["-H", f"Cookie: {SESSION}={city.login('geren')}"])]
        for name, headers in audiences:
            done = subprocess.run(
                [schemathesis, "run", city.address + "/api/v1/openapi.json", *headers, "-n", examples, "--seed", "20190718", "--no-shrink",
                 "--exclude-checks", ",".join(["positive_data_acceptance", *EXCLUDED[name]]), "--warnings", "off"],
                cwd=city.folder, capture_output=True, text=True, timeout=600, check=False)
            if done.returncode != 0 or city.server.poll() is not None:
                failed += 1
                print(f"FAILED contract as {name}\n{done.stdout[-6000:]}{done.stderr[-2000:]}\n{city.printed()[-3000:]}", flush=True)
            else:
                line = next((line for line in reversed(done.stdout.splitlines()) if "generated" in line), "")
                print(f"passed contract as {name}: {line.strip()}", flush=True)
            if city.server.poll() is not None:
                break
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
