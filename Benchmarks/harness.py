"""What the benchmarks share: the programs, the corpora, a receiver, and one run of the agent with its measurements."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent
ROOT = BENCHMARKS.parent
DATA = ROOT / "bench-data"

# Every planted secret contains it (corpus.c).
MARKER = b"hunter2"

# Scenario: the kind of corpus it reads.
SCENARIOS = {"plain": "plain", "json": "json", "full": "cri", "regex": "access"}


class Failure(Exception):
    """A measurement that cannot be trusted, or a limit that does not hold."""


def compile_c(name, *libraries, shared=False):
    """Builds Benchmarks/NAME.c into the data folder unless it is there and newer."""
    DATA.mkdir(exist_ok=True)
    source, program = BENCHMARKS / f"{name}.c", DATA / (f"{name}.so" if shared else name)
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        flags = ["-shared", "-fPIC"] if shared else []
        subprocess.run(
            ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", *flags, "-o", program, source, *libraries], check=True)
    return program


@dataclass
class Corpus:
    path: Path
    bytes: int
    lines: int
    # Lines with a secret.
    secrets: int


def corpus(kind, megabytes):
    """The log file of that kind and size; made once, since the same arguments give the same bytes."""
    program = compile_c("corpus")
    path = DATA / f"{kind}-{megabytes:g}.log"
    facts = path.with_suffix(".json")
    if not facts.exists() or facts.stat().st_mtime < program.stat().st_mtime:
        with path.open("wb") as output:
            made = subprocess.run(
                [program, kind, str(megabytes)], stdout=output, stderr=subprocess.PIPE, check=True)
        facts.write_bytes(made.stderr)
    with path.open("rb") as file:
        while file.read(1 << 20):  # so that every run finds it in the page cache
            pass
    return Corpus(path, **json.loads(facts.read_text()))


def floor(log):
    """CPU seconds per GB of reading, finding lines and compressing."""
    done = subprocess.run([compile_c("floor", "-lsnappy"), log.path], stdout=subprocess.PIPE, check=True)
    facts = json.loads(done.stdout)
    if facts["lines"] != log.lines:
        raise Failure(f"the floor found {facts['lines']} lines of {log.lines} in {log.path}")
    return facts["cpu_seconds_per_gb"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Receiver:
    """A program on a free port of this machine that takes pushes and tells what it got."""

    def __init__(self, url, process, progress):
        self.url, self.process = url, process
        # Where it tells how many requests it has had without counting what is in them.
        self.progress = progress

    def ask(self, path):
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return json.load(answer)

    def stats(self):
        return self.ask("/stats")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def discarding():
    """receiver.c, which counts only when asked for the statistics."""
    program = compile_c("receiver", "-lsnappy", "-lpthread")
    process = subprocess.Popen([program], stdout=subprocess.PIPE)
    port = int(process.stdout.readline())
    return Receiver(f"http://127.0.0.1:{port}", process, "/progress")


def storing(sluice, path):
    """`sluice receive`, which keeps every entry in a file."""
    port = free_port()
    process = subprocess.Popen(
        [sluice, "receive", "--listen", f"127.0.0.1:{port}", "--store", path], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    receiver = Receiver(f"http://127.0.0.1:{port}", process, "/stats")
    deadline = time.monotonic() + 10
    while True:
        try:
            receiver.stats()
            return receiver
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failure("the receiver did not start") from None
            time.sleep(0.01)


@contextlib.contextmanager
def receiving(receiver):
    try:
        yield receiver
    finally:
        receiver.stop()


@dataclass
class Run:
    """What one run of the agent took."""

    lines: int
    bytes: int
    # From the start of the process until the receiver had counted every line.
    seconds: float
    # User and system time of the agent, start and stop included.
    cpu_seconds: float
    # Kibibytes at the highest point: everything in memory, and the part that no file backs.
    peak: int
    peak_anonymous: int
    wire_bytes: int
    requests: int

    @property
    def cpu_per_gb(self):
        return self.cpu_seconds / (self.bytes / 1e9)


def memory(pid):
    """Kibibytes of VmHWM, VmRSS and RssAnon; None once the process is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = dict(re.findall(r"^(VmHWM|VmRSS|RssAnon):\s+(\d+) kB$", text, re.M))
    return {name: int(value) for name, value in found.items()} if len(found) == 3 else None


@dataclass
class Watch:
    """Looks at the memory of a process every few milliseconds: the kernel keeps no peak of the anonymous part."""

    pid: int
    anonymous: int = 0
    total: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def __enter__(self):
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def look(self):
        while not self.done.wait(0.02) and (now := memory(self.pid)):
            self.anonymous = max(self.anonymous, now["RssAnon"])
            self.total = max(self.total, now["VmHWM"])

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


class Agent:
    """The agent at work on one scenario; ended by SIGTERM, as a service is."""

    def __init__(self, sluice, configuration, log, url, *, wrapper=(), environment=None, cpus=None):
        self.state = Path(tempfile.mkdtemp(prefix="sluice-bench-"))
        variables = {"BENCH_STATE": self.state, "BENCH_URL": url, "BENCH_LOG": log, **(environment or {})}
        self.errors = (self.state / "errors").open("wb+")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [*wrapper, sluice, "-config.expand-env=true", f"-config.file={configuration}"],
            env={**os.environ, **{name: str(value) for name, value in variables.items()}}, stdout=subprocess.DEVNULL,
            stderr=self.errors, preexec_fn=(lambda: os.sched_setaffinity(0, cpus)) if cpus else None)

    def stop(self):
        """Ends it; gives its CPU seconds. What it complained about is an error here."""
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.errors.seek(0)
        complaints = self.errors.read().decode()
        self.errors.close()
        shutil.rmtree(self.state)
        if self.process.returncode != 0:
            raise Failure(f"the agent ended with {self.process.returncode}: {complaints}")
        return usage.ru_utime + usage.ru_stime

    def kill(self):
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()
            shutil.rmtree(self.state)


@contextlib.contextmanager
def shipping(*arguments, **options):
    agent = Agent(*arguments, **options)
    try:
        yield agent
    finally:
        agent.kill()


def wait_for(receiver, lines, timeout):
    """Waits until that many lines have arrived; gives when the last push did.

    Counting takes time on the processors that the agent works on, so it is left until no push has come for a while.
    """
    deadline = time.monotonic() + timeout
    progress, changed = None, time.monotonic()
    while True:
        now = time.monotonic()
        requests = receiver.ask(receiver.progress)["requests"]
        if requests != progress:
            progress, changed = requests, now
        elif now - changed > 0.25:
            entries = receiver.stats()["entries"]
            if entries >= lines:
                return changed
            if now > deadline:
                raise Failure(f"{lines - entries} of {lines} lines were lost or took over {timeout} s")
        time.sleep(0.02)


def configuration(scenario):
    """The file of a scenario that is named; a path is one already."""
    return scenario if isinstance(scenario, Path) else BENCHMARKS / "scenarios" / f"{scenario}.yaml"


def ship(sluice, scenario, log, *, receiver=None, timeout=120, **options):
    """Ships a corpus through a scenario to a receiver of its own; fails unless exactly every line arrives."""
    with receiving(receiver or discarding()) as receiver:
        with shipping(sluice, configuration(scenario), log.path, receiver.url, **options) as agent:
            with Watch(agent.process.pid) as watch:
                seconds = wait_for(receiver, log.lines, timeout) - agent.started
            cpu = agent.stop()
        stats = receiver.stats()
    if stats["entries"] != log.lines or stats["rejected"] > 0:
        raise Failure(f"{scenario}: {stats['entries']} entries arrived for {log.lines} lines")
    return Run(
        lines=log.lines, bytes=log.bytes, seconds=seconds, cpu_seconds=cpu, peak=watch.total,
        peak_anonymous=watch.anonymous, wire_bytes=stats["wire_bytes"], requests=stats["requests"])
