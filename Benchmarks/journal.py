"""A journal for the benchmark, and what a bare loop over it costs."""

import json
import random
import shutil
import subprocess

import harness

REMOTE = "/lib/systemd/systemd-journal-remote"
START = 1_767_225_600_000_000


def export(entries):
    """Entries of 21 fields, as journald stores them for a service, in the text form of systemd-journal-remote(8)."""
    chance = random.Random(21)
    units = [f"unit{number}.service" for number in range(20)]
    for number in range(entries):
        unit = chance.choice(units)
        pid = 1000 + units.index(unit)
        yield (
            f"__REALTIME_TIMESTAMP={START + number * 1000}\n__MONOTONIC_TIMESTAMP={1_000_000 + number * 1000}\n"
            "_BOOT_ID=0123456789abcdef0123456789abcdef\n"
            f"MESSAGE=request {number} took {chance.randrange(10_000)} us, {chance.randbytes(30).hex()}\n"
            f"PRIORITY={chance.choice((3, 4, 6, 6, 6))}\nSYSLOG_FACILITY=3\nSYSLOG_IDENTIFIER={unit[:-8]}\n"
            f"_TRANSPORT=stdout\n_STREAM_ID={pid:032x}\n_PID={pid}\n_UID=0\n_GID=0\n_COMM={unit[:-8]}\n"
            f"_EXE=/usr/bin/{unit[:-8]}\n_CMDLINE=/usr/bin/{unit[:-8]} --serve\n_CAP_EFFECTIVE=1ffffffffff\n"
            f"_SELINUX_CONTEXT=unconfined\n_SYSTEMD_CGROUP=/system.slice/{unit}\n_SYSTEMD_UNIT={unit}\n"
            f"_SYSTEMD_SLICE=system.slice\n_SYSTEMD_INVOCATION_ID={pid:032x}\n_HOSTNAME=host-1\n"
            f"_MACHINE_ID=fedcba9876543210fedcba9876543210\n\n"
        )


def folder(entries):
    """Journal files with so many entries; made once."""
    path = harness.DATA / f"journal-{entries}"
    if not path.exists():
        harness.DATA.mkdir(exist_ok=True)
        making = path.with_suffix(".new")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        remote = subprocess.Popen(
            [REMOTE, "-o", making / "system.journal", "-"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for entry in export(entries):
            remote.stdin.write(entry.encode())
        remote.stdin.close()
        if remote.wait() != 0:
            raise harness.Failure("systemd-journal-remote failed")
        making.rename(path)
    return harness.Corpus(path, bytes=sum(file.stat().st_size for file in path.iterdir()), lines=entries, secrets=0)


def floor(journal):
    """CPU seconds of going to each entry and looking at each field."""
    program = harness.compile_c("floor-journal", "-lsystemd")
    done = subprocess.run([program, journal.path], stdout=subprocess.PIPE, check=True)
    facts = json.loads(done.stdout)
    if facts["entries"] != journal.lines:
        raise harness.Failure(f"the floor found {facts['entries']} entries of {journal.lines}")
    return facts["cpu_seconds"]
