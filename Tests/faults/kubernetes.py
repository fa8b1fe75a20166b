#!/usr/bin/python3
"""Pods of a Kubernetes API, found and lost, and the lines of their files.

The API server is a double that speaks list and watch over TLS, as none can be installed; the files are written as containerd
writes them. Pods come while the agent watches, while its watch is broken, and while its version is too old; the token
changes; answers are wrong for a while. Ends with 1 unless every line arrives once, with the labels of its pod.
"""

import argparse
import base64
import http.server
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

CONFIGURATION = """
server: {{http_listen_address: 127.0.0.1, http_listen_port: 0, log_level: info}}
positions: {{filename: "{folder}/{name}-positions.yaml", sync_period: 1s}}
target_config: {{sync_period: 1s}}
clients: [{{url: "http://127.0.0.1:{port}/loki/api/v1/push", batchwait: 50ms}}]
scrape_configs:
  - job_name: kubernetes-pods
    kubernetes_sd_configs:
      - role: pod
        {access}
    pipeline_stages: [cri: {{}}]
    relabel_configs:
      - {{source_labels: [__meta_kubernetes_pod_controller_name], regex: '([0-9a-z-.]+?)(-[0-9a-f]{{8,10}})?', target_label: app}}
      - {{source_labels: [__meta_kubernetes_namespace], target_label: namespace}}
      - {{source_labels: [__meta_kubernetes_pod_name], target_label: pod}}
      - {{source_labels: [__meta_kubernetes_pod_container_name], target_label: container}}
      - {{source_labels: [__meta_kubernetes_pod_label_tier], target_label: tier}}
      - source_labels: [__meta_kubernetes_pod_uid, __meta_kubernetes_pod_container_name]
        separator: /
        target_label: __path__
        replacement: {folder}/pods/*$1/*.log
"""
NODE = "node-1"


class API:
    """What an API server knows of pods, and how it misbehaves."""

    def __init__(self, token):
        self.lock = threading.Condition()
        self.token, self.version, self.oldest = token, 100, 0
        self.pods, self.events = {}, []
        self.fault = None
        self.epoch = 0
        self.refused = self.lists = 0

    def change(self, kind, pod):
        with self.lock:
            self.version += 1
            pod["metadata"]["resourceVersion"] = str(self.version)
            key = pod["metadata"]["name"]
            if kind == "DELETED":
                self.pods.pop(key, None)
            else:
                self.pods[key] = pod
            self.events.append((self.version, {"type": kind, "object": json.loads(json.dumps(pod))}))
            self.lock.notify_all()

    def compact(self):
        """Forgets all events and ends all watches."""
        with self.lock:
            self.version += 10
            self.oldest, self.events = self.version, []
            self.epoch += 1
            self.lock.notify_all()

    def break_watches(self):
        with self.lock:
            self.epoch += 1
            self.lock.notify_all()


def handler(api):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self, status, value):
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            query = dict(urllib.parse.parse_qsl(url.query))
            if self.headers.get("Authorization") != f"Bearer {api.token}":
                api.refused += 1
                return self.answer(401, {"kind": "Status", "code": 401})
            if url.path != "/api/v1/pods" or query.get("fieldSelector") != f"spec.nodeName={NODE}":
                return self.answer(404, {"kind": "Status", "code": 404})
            if api.fault:
                return self.answer(*api.fault)
            return self.watch(query) if query.get("watch") else self.list(query)

        def list(self, query):
            with api.lock:
                api.lists += 1
                names = sorted(api.pods)
                start = int(query.get("continue", 0))
                metadata = {"resourceVersion": str(api.version)}
                # Pages of one.
                if start + 1 < len(names):
                    metadata["continue"] = str(start + 1)
                items = [api.pods[name] for name in names[start:start + 1]]
            self.answer(200, {"kind": "PodList", "metadata": metadata, "items": items})

        def watch(self, query):
            version = int(query["resourceVersion"])
            with api.lock:
                if version < api.oldest:
                    return self.answer(410, {"kind": "Status", "code": 410})
                epoch = api.epoch
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            while True:
                with api.lock:
                    api.lock.wait_for(
                        lambda: api.epoch != epoch or any(number > version for number, _ in api.events), timeout=1)
                    if api.epoch != epoch:
                        # Without the last chunk: as a proxy that gives up.
                        self.close_connection = True
                        return None
                    new = [(number, event) for number, event in api.events if number > version]
                for number, event in new:
                    version = number
                    text = json.dumps(event).encode() + b"\n"
                    self.wfile.write(f"{len(text):x}\r\n".encode() + text + b"\r\n")
                self.wfile.flush()

    return Handler


def pod(name, containers, labels=None):
    return {
        "metadata": {
            "name": name, "namespace": "shop", "uid": f"uid-{name}", "labels": labels or {},
            "ownerReferences": [{"controller": True, "kind": "ReplicaSet", "name": f"{name}-0123456789"}]},
        "spec": {"nodeName": NODE, "containers": [
            {"name": container, "image": "busybox", "ports": [{"containerPort": 80 + number}] * (number % 2)}
            for number, container in enumerate(containers)]},
        "status": {"phase": "Running", "podIP": "10.0.0.1", "hostIP": "192.0.2.1", "conditions": [
            {"type": "Ready", "status": "True"}]}}


class Scene:
    def __init__(self, command, folder):
        self.command, self.folder = command, folder
        self.expected = []
        self.receiver = subprocess.Popen(
            [command, "receive", "--listen", "127.0.0.1:0", "--store", f"{folder}/store"], stderr=subprocess.PIPE,
            text=True)
        self.port = int(re.search(r":(\d+)$", self.receiver.stderr.readline())[1])
        self.agent = None

    def write(self, name, container, text):
        path = f"{self.folder}/pods/shop_{name}_uid-{name}/{container}"
        os.makedirs(path, exist_ok=True)
        with open(f"{path}/0.log", "a") as file:
            file.write(f"2026-01-01T00:00:00.5Z stdout F {text}\n")
        self.expected.append((name, container, text))

    def start(self, name, access):
        path = f"{self.folder}/{name}.yaml"
        with open(path, "w") as file:
            file.write(CONFIGURATION.format(folder=self.folder, port=self.port, access=access, name=name))
        self.log = f"{self.folder}/{name}.log"
        self.agent = subprocess.Popen(
            [self.command, f"-config.file={path}"], stderr=open(self.log, "w"), env={**os.environ, "HOSTNAME": NODE})

    def stop(self):
        self.agent.send_signal(signal.SIGTERM)
        if self.agent.wait(30) != 0:
            raise SystemExit(f"the agent ended with {self.agent.returncode}: {open(self.log).read()}")

    def arrived(self):
        if not os.path.exists(f"{self.folder}/store"):
            return []
        entries = [json.loads(line) for line in open(f"{self.folder}/store")]
        return [(entry["labels"], entry["line"]) for entry in entries]

    def check(self, step):
        """Waits until everything that was written has arrived, with its labels, and once."""
        deadline = time.monotonic() + 30
        wanted = sorted(self.expected)
        while time.monotonic() < deadline:
            found = sorted(
                (labels.get("pod"), labels.get("container"), line) for labels, line in map(parsed, self.arrived()))
            if found == wanted:
                return
            if self.agent.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(
            f"kubernetes: {step}: missing {[one for one in wanted if one not in found]}, "
            f"too many {len(found) - len(wanted)}\n{open(self.log).read()}")

    def page(self, path):
        port = re.search(r"http=127\.0\.0\.1:(\d+)", open(self.log).read())[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.read().decode()


def parsed(entry):
    labels, line = entry
    if isinstance(labels, str):
        labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))
    return labels, line


def certificates(folder):
    """A certificate authority and a server's certificate, by the real openssl."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
    with open(f"{folder}/extensions", "w") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test authority", "-keyout",
            f"{folder}/ca.key", "-out", f"{folder}/ca.crt")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=api", "-keyout", f"{folder}/server.key", "-out",
            f"{folder}/server.csr")
    openssl("x509", "-req", "-in", f"{folder}/server.csr", "-CA", f"{folder}/ca.crt", "-CAkey", f"{folder}/ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", f"{folder}/extensions", "-out", f"{folder}/server.crt")


def serve(api, folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(api))
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/server.crt", f"{folder}/server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def write(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
    os.rename(path + ".new", path)


def kubeconfig(folder, url, token):
    authority = base64.b64encode(open(f"{folder}/ca.crt", "rb").read()).decode()
    write(f"{folder}/kubeconfig", f"""
apiVersion: v1
kind: Config
current-context: main
contexts: [{{name: main, context: {{cluster: one, user: me}}}}]
clusters: [{{name: one, cluster: {{server: '{url}', certificate-authority-data: {authority}}}}}]
users: [{{name: me, user: {{token: {token}}}}}]
""")


def run(command, folder):
    certificates(folder)
    token = f"{folder}/token"
    write(token, "first\n")
    api = API("first")
    url = f"https://127.0.0.1:{serve(api, folder)}"
    scene = Scene(command, folder)
    for name in ("a", "b"):
        api.change("ADDED", pod(name, ["web", "sidecar"], {"tier": "front"}))
        scene.write(name, "web", f"{name} before the start")
    try:
        scene.start("agent", f"api_server: '{url}'\n        bearer_token_file: {token}\n"
                             f"        tls_config: {{ca_file: {folder}/ca.crt}}")
        scene.check("pods of the list")
        labels = [parsed(entry)[0] for entry in scene.arrived()]
        if any(one.get("tier") != "front" or one.get("app") not in ("a", "b") for one in labels):
            raise SystemExit(f"kubernetes: wrong labels: {labels}")
        api.change("ADDED", pod("c", ["main"]))
        scene.write("c", "main", "while it watches")
        scene.write("a", "sidecar", "another container")
        scene.check("a pod by the watch")
        api.break_watches()
        api.change("ADDED", pod("d", ["main"]))
        scene.write("d", "main", "while the watch is broken")
        scene.check("a pod after a broken watch")
        api.compact()
        api.change("ADDED", pod("e", ["main"]))
        scene.write("e", "main", "while the version is too old")
        scene.check("a pod after a version that is gone")
        for fault in ((500, b"no"), (200, b"null"), (200, b'{"items": 5}'), (200, b"[" * 100)):
            api.fault = fault
            api.break_watches()
            api.compact()
            time.sleep(1.2)
        api.fault = None
        api.change("ADDED", pod("f", ["main"]))
        scene.write("f", "main", "after wrong answers")
        scene.check("a pod after wrong answers")
        api.token = "second"
        write(token, "second\n")
        api.break_watches()
        api.change("ADDED", pod("g", ["main"]))
        scene.write("g", "main", "with a new token")
        scene.check("a pod with a new token")
        api.change("DELETED", api.pods["a"])
        deadline = time.monotonic() + 20
        while 'pod="a"' in scene.page("/targets").replace("&quot;", '"'):
            if time.monotonic() > deadline:
                raise SystemExit("kubernetes: the target of a deleted pod stays")
            time.sleep(0.2)
        scene.stop()
        if open(scene.log).read().count("cannot be asked") > 6:
            raise SystemExit(f"kubernetes: told too often\n{open(scene.log).read()}")
        kubeconfig(folder, url, "second")
        scene.write("g", "main", "by a kubeconfig")
        os.rename(f"{folder}/agent-positions.yaml", f"{folder}/other-positions.yaml")
        os.rename(f"{folder}/agent-positions.yaml.sluice", f"{folder}/other-positions.yaml.sluice") if os.path.exists(
            f"{folder}/agent-positions.yaml.sluice") else None
        scene.start("other", f"kubeconfig_file: {folder}/kubeconfig")
        scene.check("a kubeconfig")
        scene.stop()
    finally:
        if scene.agent and scene.agent.poll() is None:
            scene.agent.kill()
        scene.receiver.terminate()
        scene.receiver.wait()
    print(f"kubernetes: {len(scene.expected)} lines of 7 pods, each once; {api.lists} pages of lists, {api.refused} "
          "refused requests")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sluice-kubernetes-") as folder:
        run(os.path.abspath(options.command), folder)


if __name__ == "__main__":
    sys.exit(main())
