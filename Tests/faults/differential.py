#!/usr/bin/python3
"""Ships 200,000 generated lines through 40 pipelines in four ways, which must all give the same entries.

The ways: `sluice replay`; the agent on whole files; the agent on files that grow by random pieces while it reads; the
agent on files that are rotated in between. Streams, lines, structured metadata and, where a stage sets them, times are
compared, in the order of each stream.

Needs nothing but Python's standard library.
"""

import argparse
import collections
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

LINES = 5_000

JSON = "json: {expressions: {level: , msg: , id: , user: ctx.user, size: }}"
ACCESS = "regex: {expression: '^(?P<ip>\\S+) \\S+ (?P<user>\\S+) \\[(?P<time>[^\\]]+)\\] \"(?P<method>\\w+) (?P<path>\\S+)'}"
MULTILINE = "multiline: {firstline: '^\\d{4}-', max_wait_time: 1h, max_lines: 50}"

# The kind of lines, and the stages.
PIPELINES = [
    ("json", []),
    ("json", [JSON, "labels: {level: }"]),
    ("json", [JSON, "labels: {level: }", "output: {source: msg}"]),
    ("json", [JSON, "structured_metadata: {id: , user: }"]),
    ("json", ["json: {expressions: {msg: }, drop_malformed: true}"]),
    ("json", [JSON, "drop: {source: level, value: debug}"]),
    ("json", [JSON, "labels: {level: }", "match: {selector: '{level=\"error\"}', stages: [{static_labels: {bad: 'yes'}}]}"]),
    ("json", [JSON, "labels: {level: }", "match: {selector: '{level=~\"debug|info\"} |= \"7\"', action: drop}"]),
    ("json", [JSON, "template: {source: msg, template: '{{ ToUpper .Value }} {{ .level }}'}", "output: {source: msg}"]),
    ("json", [JSON, "labels: {level: }", "pack: {labels: [level], ingest_timestamp: false}"]),
    ("json", ["redact: {}"]),
    ("json", [JSON, "redact: {keys: [user, msg], mode: mask}"]),
    ("json", [JSON.replace("}}", "}, drop_malformed: true}"), "sampling: {rate: 0.3, by: id}"]),
    ("json", ["json: {expressions: {t: time}}", "timestamp: {source: t, format: RFC3339Nano}"]),
    ("json", [JSON, "tenant: {source: user}"]),
    ("json", [JSON, "labels: {level: , user: }", "labeldrop: [user]"]),
    ("json", [JSON, "labels: {level: , user: }", "labelallow: [job, user]"]),
    ("json", ["replace: {expression: '\"(\\d+)\"', replace: '#{{ .Value }}#'}"]),
    ("json", ["limit: {rate: 1000000, burst: 1000000}"]),
    ("json", ["drop: {longer_than: 300b}"]),
    ("json", ["drop: {expression: '(?i)timeout'}", JSON, "static_labels: {site: a}"]),
    ("logfmt", ["logfmt: {mapping: {level: , msg: , dur: duration}}", "labels: {level: }"]),
    ("logfmt", ["redact: {}"]),
    ("logfmt", ["logfmt: {mapping: {msg: }}", "output: {source: msg}", "decolorize:"]),
    ("logfmt", ["regex: {expression: 'level=(?P<level>\\w+)'}", "labels: {level: }", "drop: {source: level, expression: 'd.*'}"]),
    ("access", [ACCESS, "labels: {method: }"]),
    ("access", [ACCESS, "timestamp: {source: time, format: '02/Jan/2006:15:04:05 -0700'}"]),
    ("access", [ACCESS, "replace: {expression: '(\\d+\\.\\d+\\.\\d+)\\.', replace: x}", "structured_metadata: {path: }"]),
    ("access", ["redact: {}", ACCESS]),
    ("cri", ["cri: {}"]),
    ("cri", ["cri: {}", JSON, "labels: {level: }"]),
    ("cri", ["cri: {max_partial_lines: 2}", "redact: {}"]),
    ("docker", ["docker: {}"]),
    ("docker", ["docker: {}", JSON, "labels: {level: }", "redact: {}"]),
    ("trace", [MULTILINE]),
    ("trace", [MULTILINE, "regex: {expression: '^(?P<time>\\S+ \\S+) (?P<level>\\w+)'}", "labels: {level: }"]),
    ("trace", ["drop: {expression: '^\\s+at '}"]),
    ("bytes", []),
    ("bytes", ["regex: {expression: '(?P<word>[a-z]{3})'}", "labels: {word: }"]),
    ("bytes", ["redact: {}", "decolorize:"]),
]


class Lines:
    """Lines of every kind, the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.number = 0

    def words(self):
        words = ["timeout", "request", "café", "user", "token=abc123def", "\u001b[31mred\u001b[0m", "日本", "a\\b", "7", "x" * 60]
        return " ".join(self.random.choice(words) for _ in range(self.random.randrange(1, 9)))

    def stamp(self):
        self.number += 1
        return f"2026-03-01T10:{self.number // 60 % 60:02d}:{self.number % 60:02d}.{self.number:09d}Z"

    def document(self):
        level = self.random.choice(["debug", "info", "warn", "error"])
        value = {
            "time": self.stamp(), "level": level, "msg": self.words(), "id": f"{self.random.randrange(500)}",
            "ctx": {"user": f"u{self.random.randrange(8)}", "password": "hunter2"}, "size": self.random.random() * 1e6}
        # The id stays: without it sampling leaves the decision to chance.
        for name in self.random.sample(sorted(set(value) - {"id"}), self.random.randrange(3)):
            value.pop(name)
        return json.dumps(value, ensure_ascii=self.random.random() < 0.5)

    def json(self):
        text = self.document()
        return text[: self.random.randrange(len(text))] if self.random.random() < 0.05 else text

    def logfmt(self):
        return f'level={self.random.choice(["debug", "info"])} msg="{self.words()}" duration={self.random.random():.3f} token=t{self.number}'

    def access(self):
        self.number += 1
        return (
            f'10.0.{self.number % 250}.{self.random.randrange(250)} - ann [01/Mar/2026:10:{self.number // 60 % 60:02d}:{self.number % 60:02d} +0100] '
            f'"{self.random.choice(["GET", "POST"])} /a?id={self.number}&token=secret{self.number} HTTP/1.1" 200 {self.random.randrange(9999)}')

    def cri(self):
        flag = "P" if self.random.random() < 0.2 else "F"
        return f"{self.stamp()} {self.random.choice(['stdout', 'stderr'])} {flag} {self.json()}"

    def docker(self):
        return json.dumps({"log": self.json() + "\n", "stream": self.random.choice(["stdout", "stderr"]), "time": self.stamp()})

    def trace(self):
        if self.random.random() < 0.4:
            return f"2026-03-01 10:00:{self.random.randrange(60):02d} {self.random.choice(['INFO', 'ERROR'])} {self.words()}"
        return f"    at com.example.{self.random.choice('abc')}({self.random.randrange(99)})" if self.random.random() < 0.9 else ""


    def make(self, kind):
        if kind == "bytes":
            size = self.random.choice([0, 1, 10, 80, 400])
            return bytes(b for b in self.random.randbytes(size) if b != 10)
        return getattr(self, kind)().encode().replace(b"\n", b" ")


def content(kind, seed):
    lines = Lines(seed)
    return b"".join(lines.make(kind) + b"\n" for _ in range(LINES))


def configuration(folder, port):
    jobs = []
    for number, (_, stages) in enumerate(PIPELINES):
        pipeline = "".join(f"\n      - {stage}" for stage in stages) or " []"
        jobs.append(
            f"  - job_name: p{number}\n    static_configs: [{{labels: {{job: p{number}, __path__: '{folder}/p{number}.log'}}}}]\n"
            f"    pipeline_stages:{pipeline}\n")
    return (
        f"server: {{disable: true, log_level: error}}\npositions: {{filename: '{folder}/positions.yaml'}}\n"
        f"target_config: {{sync_period: 500ms}}\nclients: [{{url: 'http://127.0.0.1:{port}/loki/api/v1/push', batchwait: 100ms}}]\n"
        f"scrape_configs:\n" + "".join(jobs))


def has_time(stages):
    return any(stage.split(":")[0] in ("timestamp", "cri", "docker") for stage in stages)


def labels_of(entry):
    """Its labels but for the file's name; a receiver stores them as Loki's text, a replay as a mapping."""
    labels = entry["labels"]
    if isinstance(labels, str):
        labels = {name: json.loads(value) for name, value in re.findall(r'(\w+)=("(?:[^"\\]|\\.)*")', labels)}
    return {name: value for name, value in labels.items() if name != "filename"}


def streams(entries):
    """Entries by job and stream, each with what must be the same however they came."""
    found = collections.defaultdict(list)
    for entry in entries:
        labels = labels_of(entry)
        job = int(labels["job"][1:])
        key = (job, entry.get("tenant", ""), json.dumps(labels, sort_keys=True))
        time_of_line = entry["ts"] if has_time(PIPELINES[job][1]) else None
        found[key].append((time_of_line, entry["line"], json.dumps(entry.get("metadata", {}), sort_keys=True)))
    return found


class Agent:
    """The agent with a receiver that stores what arrives."""

    def __init__(self, command, folder):
        self.command, self.folder = command, folder
        self.stored = folder / "entries"
        self.receiver = subprocess.Popen(
            [command, "receive", "--listen", "127.0.0.1:0", "--store", self.stored],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.port = int(self.receiver.stdout.readline().split(":")[-1])
        (folder / "agent.yaml").write_text(configuration(folder, self.port))

    def start(self, *arguments):
        self.agent = subprocess.Popen([self.command, f"-config.file={self.folder}/agent.yaml", *arguments])

    def wait(self):
        if self.agent.wait(timeout=180) != 0:
            sys.exit("the agent has failed")

    def wait_for_quiet(self):
        """Until nothing has arrived for two seconds."""
        count, changed = -1, time.monotonic()
        while time.monotonic() - changed < 2:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/stats") as answer:
                now = json.load(answer)["entries"]
            if now != count:
                count, changed = now, time.monotonic()
            time.sleep(0.1)

    def entries(self):
        self.receiver.send_signal(signal.SIGTERM)
        self.receiver.wait(timeout=30)
        with self.stored.open() as file:
            return streams(json.loads(line) for line in file)


def whole(command, folder, contents, _):
    agent = Agent(command, folder)
    for number, text in enumerate(contents):
        (folder / f"p{number}.log").write_bytes(text)
    agent.start("-once")
    agent.wait()
    return agent.entries()


def grow(command, folder, contents, chance, rotates=False):
    """Files grow by random pieces; with `rotates` they are renamed now and then, at a line's end as loggers do."""
    agent = Agent(command, folder)
    rest = {number: text for number, text in enumerate(contents)}
    files = {number: (folder / f"p{number}.log").open("ab", buffering=0) for number in rest}
    agent.start()
    # What is rotated away before anybody has seen it is nobody's loss.
    time.sleep(2)
    rotations = 0
    while rest:
        for number in list(rest):
            size = chance.choice([1, 100, 5_000, 70_000])
            piece = rest[number][:size]
            if rotates and chance.random() < 0.1:
                end = rest[number].find(b"\n", len(piece))
                piece = rest[number][: end + 1] if end >= 0 else rest[number]
            files[number].write(piece)
            rest[number] = rest[number][len(piece):]
            if rotates and piece.endswith(b"\n") and chance.random() < 0.2:
                rotations += 1
                (folder / f"p{number}.log").rename(folder / f"p{number}.log-20260301{rotations:06d}")
                files[number].close()
                files[number] = (folder / f"p{number}.log").open("ab", buffering=0)
            if not rest[number]:
                del rest[number]
        time.sleep(0.005)
    agent.wait_for_quiet()
    agent.agent.send_signal(signal.SIGTERM)
    agent.wait()
    return agent.entries()


def replay(command, folder, contents, _):
    entries = []
    for number, text in enumerate(contents):
        log = folder / f"p{number}.log"
        log.write_bytes(text)
    (folder / "replay.yaml").write_text(configuration(folder, 1))
    for number in range(len(contents)):
        result = subprocess.run(
            [command, "replay", folder / "replay.yaml", "--job", f"p{number}", "--input", folder / f"p{number}.log",
             "--format", "ndjson", "--timestamps"], capture_output=True, check=True)
        for line in result.stdout.splitlines():
            entries.append(json.loads(line))
    return streams(entries)


def differences(name, expected, found):
    count = 0
    for key in sorted(set(expected) | set(found), key=str):
        if expected.get(key) != found.get(key):
            count += 1
            if count <= 5:
                left, right = expected.get(key, []), found.get(key, [])
                place = next((i for i, pair in enumerate(zip(left, right)) if pair[0] != pair[1]), min(len(left), len(right)))
                print(f"{name}: {key}: {len(left)} and {len(right)} entries, the first difference is at {place}: "
                      f"{left[place:place + 1]} and {right[place:place + 1]}"[:600])
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--command", required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    command = os.path.realpath(options.command)
    contents = [content(kind, options.seed * 1_000 + number) for number, (kind, _) in enumerate(PIPELINES)]
    ways = [
        ("replay", replay), ("whole files", whole), ("growing files", grow),
        ("rotated files", lambda *arguments: grow(*arguments, rotates=True))]
    results = []
    for name, way in ways:
        with tempfile.TemporaryDirectory() as folder:
            results.append((name, way(command, Path(folder), contents, random.Random(options.seed))))
    expected = results[1][1]
    entries = sum(map(len, expected.values()))
    wrong = sum(differences(name, expected, found) for name, found in results)
    print(f"differential: {LINES * len(PIPELINES)} lines through {len(PIPELINES)} pipelines in {len(ways)} ways, "
          f"{entries} entries in {len(expected)} streams, {wrong} streams differ (seed {options.seed})")
    sys.exit(1 if wrong or entries < LINES * len(PIPELINES) // 2 else 0)


if __name__ == "__main__":
    main()
