"""A rota-node of our own, and a connection that speaks its protocol (protocol/PROTOCOL.md)."""

import base64
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import tempfile

EOT = b"\x04"
ANSWER_TIMEOUT_S = 300  # longer than any step's wall time


class NodeProblem(Exception):
    pass


@contextlib.contextmanager
def running_node(program):
    """Starts it on a free port of loopback and gives its address. However we end, nothing of it is left."""
    with tempfile.TemporaryDirectory(prefix="rota-languages.") as folder:
        log = pathlib.Path(folder, "log")
        ready, theirs = os.pipe()
        with log.open("wb") as output, open(ready, encoding="ascii") as ready_file:
            process = start(program, folder, theirs, output)
            try:
                yield address_of(ready_file.readline(), log)
            finally:
                stop(process)


def start(program, folder, ready, output):
    command = [program, "--listen", "127.0.0.1:0", "--name", "languages", "--state-dir", folder, "--ready-fd", str(ready)]
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, pass_fds=[ready])
    finally:
        os.close(ready)  # so that reading ends where the node does


def address_of(line, log):
    if not line:
        raise NodeProblem("the node did not start:\n" + log.read_text(encoding="utf-8", errors="replace"))
    host, _, port = line.strip().rpartition(":")
    return host, int(port)


def stop(process):
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Connection:
    def __init__(self, address):
        self._socket = socket.create_connection(address, timeout=ANSWER_TIMEOUT_S)
        self._received = bytearray()

    def send(self, packet):
        self._socket.sendall(json.dumps({"rota": 1, **packet}).encode() + EOT)

    def receive(self):
        while EOT not in self._received:
            data = self._socket.recv(1 << 16)
            if not data:
                raise NodeProblem("the node closed the connection")
            self._received += data
        packet, _, self._received = self._received.partition(EOT)
        return json.loads(packet)

    def hello(self):
        self.send({"type": "hello", "min_version": 1, "max_version": 1})
        answer = self.receive()
        if answer["type"] != "hello":
            raise NodeProblem(f"no hello but {answer}")
        return answer


def bytes_field(packet, name):
    """A field of bytes, which comes as text or as base64."""
    if name + "_base64" in packet:
        return base64.b64decode(packet[name + "_base64"])
    return packet.get(name, "").encode()
