#!/usr/bin/python3
"""Kills the agent again and again while it ships rotating logs to a failing receiver, and counts what arrives.

Writers append numbered lines to three logs, one rotated by rename and create, one by copytruncate, one by both in
turn. Meanwhile the agent is killed with SIGKILL at random moments and started again, and the receiver answers 500 or
429 to a third of the pushes. At the end every line must have arrived at least once: prints lines written, missing and
repeated, and ends with status 1 if one is missing or the receiver has died.

Needs nothing but Python's standard library. The seed decides moments, sizes and faults; threads still interleave
differently from run to run.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

CONFIGURATION = """
server: {{disable: true, log_level: info}}
positions: {{filename: "{folder}/positions.yaml", sync_period: 500ms}}
target_config: {{sync_period: 1s}}
clients:
  - url: http://127.0.0.1:{port}/loki/api/v1/push
    batchwait: 50ms
    batchsize: 65536
    backoff_config: {{min_period: 10ms, max_period: 100ms}}
scrape_configs:
  - job_name: faults
    static_configs:
      - labels: {{job: renamed, __path__: "{folder}/logs/renamed.log"}}
      - labels: {{job: copied, __path__: "{folder}/logs/copied.log"}}
      - labels: {{job: both, __path__: "{folder}/logs/both.log"}}
"""


class Writer(threading.Thread):
    """Appends numbered lines to one log at a steady rate and rotates it as logrotate does, keeping every file."""

    def __init__(self, name, path, size, seconds, seed, ways):
        super().__init__(daemon=True)
        self.log_name, self.path, self.size, self.seconds, self.ways = name, path, size, seconds, ways
        self.random = random.Random(seed)
        self.lines = 0
        self.rotations = 0

    def line(self):
        self.lines += 1
        padding = "x" * self.random.choice((20, 60, 120, 200, 700))
        return f"{self.log_name} {self.lines:08d} {padding}\n".encode()

    def rotate_names(self):
        for number in range(self.rotations, 0, -1):
            os.rename(f"{self.path}.{number}", f"{self.path}.{number + 1}")
        self.rotations += 1

    def rotate(self, log):
        way = self.ways[self.rotations % len(self.ways)]
        self.rotate_names()
        if way == "copy":
            # Nothing is written between copy and cut, so that what is lost is lost by the agent.
            shutil.copyfile(self.path, f"{self.path}.1")
            os.ftruncate(log, 0)
            return log
        os.rename(self.path, f"{self.path}.1")
        # A program goes on writing to the renamed file until it is told.
        for _ in range(self.random.randrange(0, 200)):
            os.write(log, self.line())
        os.close(log)
        return self.open()

    def open(self):
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def run(self):
        log = self.open()
        start, written, in_file = time.monotonic(), 0, 0
        while written < self.size:
            lines = b"".join(self.line() for _ in range(self.random.randrange(1, 400)))
            # A line may reach the file in two pieces.
            cut = self.random.randrange(len(lines))
            os.write(log, lines[:cut])
            if self.random.random() < 0.1:
                time.sleep(0.01)
            os.write(log, lines[cut:])
            written += len(lines)
            in_file += len(lines)
            if in_file > self.random.randrange(1_000_000, 5_000_000):
                log = self.rotate(log)
                in_file = 0
            ahead = written / self.size * self.seconds - (time.monotonic() - start)
            if ahead > 0:
                time.sleep(ahead)
        os.close(log)


def start_receiver(command, folder, seed):
    receiver = subprocess.Popen(
        [*command, "receive", "--listen", "127.0.0.1:0", "--store", f"{folder}/store",
         "--script", f"random:500=0.2,429=0.13,seed={seed}"],
        stderr=subprocess.PIPE, text=True)
    said = receiver.stderr.readline()
    match = re.search(r"listening on 127\.0\.0\.1:(\d+)", said)
    if not match:
        sys.exit(f"the receiver did not start: {said}")
    # What it says later must not fill the pipe.
    threading.Thread(target=receiver.stderr.read, daemon=True).start()
    return receiver, int(match.group(1))


class Agent:
    def __init__(self, command, folder):
        self.command, self.folder = command, folder
        self.log = open(f"{folder}/agent.log", "ab")
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [*self.command, f"-config.file={self.folder}/agent.yaml"], stdout=self.log, stderr=self.log)

    def kill(self):
        self.check()
        self.process.kill()
        self.process.wait()

    def check(self):
        if self.process.poll() is not None:
            sys.exit(f"the agent ended by itself with {self.process.returncode}; see {self.folder}/agent.log")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def arrived(path, writers, seen, offset):
    """Adds what the store holds from `offset` on to `seen`; gives the offset behind the last whole line."""
    pattern = re.compile(rb'"line":"(\w+) (\d{8}) x')
    with open(path, "rb") as store:
        store.seek(offset)
        data = store.read()
    end = data.rfind(b"\n") + 1
    for name, number in pattern.findall(data[:end]):
        seen[name.decode()][int(number)] = seen[name.decode()].get(int(number), 0) + 1
    return offset + end


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", required=True, help="the program, with arguments if need be")
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", action="store_true", help="keeps the folder")
    options = parser.parse_args()
    command = options.command.split()
    command[0] = os.path.abspath(command[0])
    chance = random.Random(options.seed)
    folder = tempfile.mkdtemp(prefix="sluice-kill-")
    os.mkdir(f"{folder}/logs")
    receiver, port = start_receiver(command, folder, options.seed)
    with open(f"{folder}/agent.yaml", "w") as file:
        file.write(CONFIGURATION.format(folder=folder, port=port))

    lives = [chance.uniform(0.1, 3.0) for _ in range(options.kills)]
    pauses = [chance.choice((0, 0, 0.05, 0.2, 0.8)) for _ in range(options.kills)]
    size = options.megabytes * 1_000_000 // 3
    seconds = sum(lives) + sum(pauses)
    writers = [
        Writer("renamed", f"{folder}/logs/renamed.log", size, seconds, options.seed + 1, ["rename"]),
        Writer("copied", f"{folder}/logs/copied.log", size, seconds, options.seed + 2, ["copy"]),
        Writer("both", f"{folder}/logs/both.log", size, seconds, options.seed + 3, ["rename", "copy"]),
    ]
    start = time.monotonic()
    agent = Agent(command, folder)
    for writer in writers:
        writer.start()
    for life, pause in zip(lives, pauses):
        agent.start()
        time.sleep(life)
        agent.kill()
        time.sleep(pause)
    agent.start()
    for writer in writers:
        writer.join()

    seen = {writer.log_name: {} for writer in writers}
    written = sum(writer.lines for writer in writers)
    offset, last_change, count = 0, time.monotonic(), -1
    while count < written and time.monotonic() - last_change < 30:
        time.sleep(0.3)
        agent.check()
        offset = arrived(f"{folder}/store", writers, seen, offset)
        if count != (count := sum(len(numbers) for numbers in seen.values())):
            last_change = time.monotonic()
    code = agent.stop()
    arrived(f"{folder}/store", writers, seen, offset)
    is_alive = receiver.poll() is None
    receiver.terminate()
    receiver.wait()

    missing = sum(writer.lines - len(seen[writer.log_name]) for writer in writers)
    repeats = sum(sum(numbers.values()) - len(numbers) for numbers in seen.values())
    print(
        f"kill: {written} lines written, {missing} missing, {repeats} repeated; {options.kills} kills, "
        f"{sum(writer.rotations for writer in writers)} rotations, {time.monotonic() - start:.0f} s, "
        f"seed {options.seed}")
    for writer in writers:
        lost = [number for number in range(1, writer.lines + 1) if number not in seen[writer.log_name]]
        if lost:
            print(f"kill: {writer.log_name}: missing {len(lost)} from {lost[0]} to {lost[-1]}")
    if not is_alive:
        print("kill: the receiver has died")
    if code != 0:
        print(f"kill: the agent ended with {code}")
    is_fine = missing == 0 and is_alive and code == 0
    if is_fine and not options.keep:
        shutil.rmtree(folder)
    else:
        print(f"kill: everything is in {folder}")
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
