#!/usr/bin/python3
"""Ten thousand containers on one engine: every line arrives, once, and memory stays small.

The engine is a double, as no machine has room for so many containers: it lists them, and each log gives some lines and
stays open, as those of real engines do. Prints lines and memory; ends with 1 when a line is missing or repeated, or the
agent takes more than its bound.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse

CONFIGURATION = """
server: {{disable: true, log_level: warn}}
positions: {{filename: "{folder}/positions.yaml", sync_period: 1s}}
clients: [{{url: "http://127.0.0.1:{port}/loki/api/v1/push", batchwait: 50ms}}]
scrape_configs:
  - job_name: many
    docker_sd_configs: [{{host: "unix://{folder}/engine.sock"}}]
    relabel_configs:
      - {{source_labels: [__meta_docker_container_network_mode], target_label: mode}}
"""
LINES = 3
# Kibibytes that no file backs.
MEMORY = 300_000


def identity(number):
    return f"{number:064x}"


class Engine:
    def __init__(self, containers):
        self.containers = containers
        self.open = 0

    def listing(self):
        return json.dumps([
            {"Id": identity(number), "Names": [f"/c{number}"], "State": "running", "Labels": {"app": f"a{number % 50}"},
             "HostConfig": {"NetworkMode": "none"}, "Ports": [],
             "NetworkSettings": {"Networks": {"none": {"NetworkID": "0", "IPAddress": ""}}}}
            for number in range(self.containers)]).encode()

    async def serve(self, reader, writer):
        try:
            await self.answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def answer(self, reader, writer):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            target = urllib.parse.urlsplit(head.split(" ")[1])
            match = re.fullmatch(r"/containers/([0-9a-f]{64})/logs", target.path)
            if match or target.path == "/events":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n")
                for line in range(LINES if match else 0):
                    text = f"2026-01-01T00:00:0{line}.5Z {int(match[1], 16)} {line}\n".encode()
                    writer.write(struct.pack(">BxxxL", 1, len(text)) + text)
                await writer.drain()
                self.open += 1
                await reader.read()
                return
            body = self.listing() if target.path == "/containers/json" else b"[]"
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()


def memory(pid):
    text = open(f"/proc/{pid}/status").read()
    return int(re.search(r"RssAnon:\s+(\d+)", text)[1])


async def run(options, folder):
    engine = Engine(options.containers)
    server = await asyncio.start_unix_server(engine.serve, f"{folder}/engine.sock", backlog=4096)
    command = os.path.abspath(options.command)
    receiver = subprocess.Popen(
        [command, "receive", "--listen", "127.0.0.1:0", "--store", f"{folder}/store"], stderr=subprocess.PIPE, text=True)
    port = int(re.search(r":(\d+)$", receiver.stderr.readline())[1])
    with open(f"{folder}/agent.yaml", "w") as file:
        file.write(CONFIGURATION.format(folder=folder, port=port))
    agent = subprocess.Popen([command, f"-config.file={folder}/agent.yaml"])
    expected, start, peak, arrived = options.containers * LINES, time.monotonic(), 0, []
    while len(arrived) < expected and time.monotonic() - start < options.seconds and agent.poll() is None:
        await asyncio.sleep(0.5)
        peak = max(peak, memory(agent.pid))
        with open(f"{folder}/store") as store:
            arrived = re.findall(r'"line":"(\d+ \d)"', store.read())
    seconds = time.monotonic() - start
    agent.send_signal(signal.SIGTERM)
    code = await asyncio.to_thread(agent.wait, 60)
    receiver.terminate()
    receiver.wait()
    server.close()
    with open(f"{folder}/store") as store:
        arrived = re.findall(r'"line":"(\d+ \d)"', store.read())
    missing, repeated = expected - len(set(arrived)), len(arrived) - len(set(arrived))
    print(
        f"containers: {options.containers} at a time, {len(arrived)} lines, {missing} missing, {repeated} repeated, "
        f"{peak // 1024} MB anonymous at the peak, {seconds:.0f} s")
    return 0 if missing == repeated == code == 0 and peak < MEMORY else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", required=True)
    parser.add_argument("--containers", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=120)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sluice-containers-") as folder:
        return asyncio.run(run(options, folder))


if __name__ == "__main__":
    sys.exit(main())
