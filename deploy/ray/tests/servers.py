"""Servers of the tests with Ray, in processes of their own. Needs `ps`, which Linux and macOS have."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import requests

RAY = Path(__file__).resolve().parents[1]
TOKEN = "a-token-for-this-test"
# Sums of floating-point numbers depend on how threads share them.
THREADS = "1"


def wait_until(what: str, holds: Callable[[], bool], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    command: str


def descendants(root: int) -> list[Process]:
    """The processes below one."""
    rows = subprocess.check_output(["ps", "-eo", "pid=,ppid=,args="], text=True).splitlines()
    fields = [row.split(maxsplit=2) for row in rows]
    known = [Process(int(one[0]), int(one[1]), one[2] if len(one) > 2 else "") for one in fields]
    below = {root}
    while more := {one.pid for one in known if one.parent in below} - below:
        below |= more
    return [one for one in known if one.pid in below - {root}]


def is_alive(process: Process) -> bool:
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process.pid)], capture_output=True, text=True)
    return not state.stdout.startswith("Z") and state.stdout != ""


@dataclass
class Server:
    """A server in a process of its own."""

    process: subprocess.Popen
    address: str
    token: str | None = TOKEN
    seen: dict[int, Process] = field(default_factory=dict)

    def call(self, path: str, body: object = None, **options: object) -> requests.Response:
        """Sends JSON, or nothing."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        settings = {"headers": headers, "timeout": 300, **options}
        method = "GET" if body is None and not {"data", "files"} & options.keys() else "POST"
        return requests.request(method, f"{self.address}{path}", json=body, **settings)

    def processes(self, command: str) -> list[Process]:
        """Those below the server whose command matches."""
        found = descendants(self.process.pid)
        self.seen.update({one.pid: one for one in found})
        return [one for one in found if re.search(command, one.command)]

    def replicas(self) -> list[Process]:
        return self.processes(r"^ray::ServeReplica:easel:engine")

    def children(self) -> list[Process]:
        """The `easel serve` of each replica that draws."""
        replicas = {one.pid for one in self.replicas()}
        return [one for one in self.processes(r"serve --port 0") if one.parent in replicas]

    def running(self) -> int:
        return self.call("/health").json()["replicas"].get("RUNNING", 0)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


def start(command: list[str], token: str | None) -> Server:
    environment = {**os.environ, "EASEL_SERVE_TOKEN": token or "", "RAY_DEDUP_LOGS": "0"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    address = process.stdout.readline().strip()
    assert address, f"it ended with {process.wait()}"
    return Server(process, address, token)


def start_ray(*options: str, token: str | None = TOKEN) -> Server:
    always = ["--port", str(free_port()), "--threads", THREADS]
    command = [sys.executable, str(RAY / "serve.py"), *always, *options]
    return start(command, token)
