#!/usr/bin/python3
"""Ships a million lines with as many values of one label: every line arrives, and the agent's memory stays bounded.

Prints lines, streams that arrived, and the highest RssAnon; ends with status 1 if a line is missing or memory went
beyond the bound.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

CONFIGURATION = """
server: {{disable: true}}
positions: {{filename: "{folder}/positions.yaml"}}
clients: [{{url: "http://127.0.0.1:{port}/loki/api/v1/push", batchwait: 100ms}}]
scrape_configs:
  - job_name: labels
    pipeline_stages: [{{json: {{expressions: {{id: }}}}}}, {{labels: {{id: }}}}]
    static_configs: [{{labels: {{job: labels, __path__: "{folder}/a.log"}}}}]
"""


def rss_anon(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"RssAnon:\s+(\d+) kB", status.read()).group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", required=True, help="the program")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--bound", type=int, default=40 * 1024, help="most RssAnon in KiB")
    options = parser.parse_args()
    command = os.path.abspath(options.command)
    folder = tempfile.mkdtemp(prefix="sluice-labels-")
    receiver = subprocess.Popen(
        [command, "receive", "--listen", "127.0.0.1:0", "--discard"], stderr=subprocess.PIPE, text=True)
    port = int(re.search(r":(\d+)$", receiver.stderr.readline().strip()).group(1))
    threading.Thread(target=receiver.stderr.read, daemon=True).start()
    with open(f"{folder}/agent.yaml", "w") as file:
        file.write(CONFIGURATION.format(folder=folder, port=port))
    with open(f"{folder}/a.log", "w") as file:
        file.writelines(f'{{"id":{number}}}\n' for number in range(options.lines))
    log = open(f"{folder}/agent.log", "wb")
    agent = subprocess.Popen([command, f"-config.file={folder}/agent.yaml"], stdout=log, stderr=log)
    peak, stats, start = 0, {"entries": 0, "streams": 0}, time.monotonic()
    while stats["entries"] < options.lines and time.monotonic() - start < 180 and agent.poll() is None:
        time.sleep(0.05)
        peak = max(peak, rss_anon(agent.pid))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats") as answer:
            stats = json.load(answer)
    agent.terminate()
    code = agent.wait()
    receiver.terminate()
    receiver.wait()
    with open(f"{folder}/agent.log") as file:
        warnings = file.read().count("labels have very many values")
    print(
        f"labels: {options.lines} lines, {stats['entries']} arrived in {stats['streams']} streams, RssAnon at most "
        f"{peak} KiB of {options.bound}, told {warnings} time(s)")
    shutil.rmtree(folder)
    is_fine = stats["entries"] == options.lines and peak <= options.bound and warnings == 1 and code == 0
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
