"""The mail server of the fault suite: `python -m tests.faults.sink --port 2525 --control 2526 --dir DIR`.

It writes what it takes to disk before it answers 250, and misbehaves as it is told: the control port takes one JSON
object a line (`{"away": true}`, `{"delay": 0.05, "faults": {"cut_after": 0.1}, "refuses": "relay"}`, `{"holds": true}`)
and answers "ok". While it holds, each sender waits for the answer to its email, which is kept.
"""

import argparse
import contextlib
import json
import os
import random
import re
import socket
import threading
import time
from pathlib import Path

# Each is done to a message with the probability that is set.
FAULTS = ("connect_421", "rcpt_421", "rcpt_451", "rcpt_550", "dot_451", "dot_550", "cut_before", "cut_after", "stall")
STALL_SECONDS = 30.0
# What a fault answers, where that is more than its code.
ANSWERS = {"rcpt_550": "550 5.1.1 no such mailbox", "dot_550": "550 5.1.1 no such mailbox"}
# A server that refuses everyone, or each for the first time, as Postfix says it: command and answer.
REFUSALS = {
    "relay": ("RCPT", "554 5.7.1 <{to}>: Relay access denied"),
    "helo": ("RCPT", "504 5.5.2 <{to}>: Helo command rejected: need fully-qualified hostname"),
    "blocklist": ("RCPT", "550 5.7.1 Service unavailable; client host blocked using a blocklist, see {to}"),
    "bare": ("RCPT", "550 rejected"),
    "full": ("MAIL", "452 4.3.1 Insufficient system storage"),
    "greylist": ("RCPT", "450 4.2.0 <{to}>: Recipient address rejected: Greylisted"),
}
# Mailboxes that do not exist, whatever else is wrong; and those that do not exist where the email goes next.
UNKNOWN, BOUNCING = "unknown-", "bouncing-"
UNKNOWN_ANSWER = "550 5.1.1 <{to}>: Recipient address rejected: User unknown"
HEADER = re.compile(rb"(?im)^(message-id|date|subject|to): *([^\r\n]*)")


class Log:
    """A file of JSON lines; a line is written before the answer is sent."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, **line: object) -> None:
        """One line, whole."""
        os.write(self._file, json.dumps(line).encode() + b"\n")


class Sink:
    """Listens on two ports of this machine."""

    def __init__(self, host: str, port: int, control: int, folder: Path, seed: int) -> None:
        self.host, self.port, self.control = host, port, control
        self.received, self.misdeeds = Log(folder / "received.jsonl"), Log(folder / "faults.jsonl")
        self.random = random.Random(seed)
        self.delay = 0.0
        self.faults: dict[str, float] = {}
        self.refuses, self.unknown = "", UNKNOWN
        self.greylisted: set[str] = set()
        self.answers = threading.Event()
        self.answers.set()
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()

    def run(self) -> None:
        """Serve until killed."""
        self._listen()
        with socket.create_server(("127.0.0.1", self.control)) as control:
            while True:
                connection, _ = control.accept()
                with connection, connection.makefile("rwb") as stream:
                    for line in stream:
                        self._obey(json.loads(line))
                        stream.write(b"ok\n")
                        stream.flush()

    def _obey(self, order: dict) -> None:
        self.delay = order.get("delay", self.delay)
        self.faults = order.get("faults", self.faults)
        if "refuses" in order:
            self.refuses = order["refuses"]
            self.greylisted.clear()  # else a scenario before may have seen all of them
        self.unknown = order.get("unknown", self.unknown)
        if "holds" in order:
            (self.answers.clear if order["holds"] else self.answers.set)()
        if order.get("away") and self._listener:
            # close() alone does not wake a thread that waits in accept().
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
            for connection in list(self._open):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        elif order.get("away") is False and self._listener is None:
            self._listen()

    def _listen(self) -> None:
        self._listener = socket.create_server((self.host, self.port), backlog=100)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        with contextlib.suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._talk(connection)
        self._open.discard(connection)

    def _does(self, fault: str) -> bool:
        share = self.faults.get(fault, 0.0)
        return share > 0 and self.random.random() < share

    def _talk(self, connection: socket.socket) -> None:
        if self._does("connect_421"):
            self.misdeeds.write(t=time.time(), kind="connect_421")
            connection.sendall(b"421 too busy\r\n")
            return
        connection.sendall(b"220 sink\r\n")
        stream = connection.makefile("rb")
        recipient, is_open = "", True
        while line := stream.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                connection.sendall(b"250-sink\r\n250-PIPELINING\r\n250 SIZE 10000000\r\n")
            elif verb == b"MAIL":
                is_open = self._mail(connection)
            elif verb == b"RCPT" and not is_open:
                connection.sendall(b"503 no sender\r\n")
            elif verb == b"RCPT":
                recipient = line[line.index(b"<") + 1 : line.index(b">")].decode()
                code = self._rcpt(connection, recipient)
                if code == 421:
                    return
                recipient = recipient if code == 250 else ""
            elif verb == b"DATA":
                if not recipient:
                    connection.sendall(b"503 no recipient\r\n")
                elif not self._data(connection, stream, recipient):
                    return
                recipient = ""
            elif verb == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250 ok\r\n")

    def _mail(self, connection: socket.socket) -> bool:
        command, answer = REFUSALS.get(self.refuses, ("", ""))
        if command != "MAIL":
            answer = "250 ok"
        else:
            self.misdeeds.write(t=time.time(), kind=self.refuses)
        connection.sendall(f"{answer}\r\n".encode())
        return command != "MAIL"

    def _rcpt(self, connection: socket.socket, recipient: str) -> int:
        for fault in ("rcpt_421", "rcpt_451", "rcpt_550"):
            if self._does(fault):
                self.misdeeds.write(t=time.time(), kind=fault, to=recipient)
                connection.sendall(f"{ANSWERS.get(fault, f'{fault[-3:]} as told')}\r\n".encode())
                return int(fault[-3:])
        answer = self._refusal(recipient) or "250 ok"
        connection.sendall(f"{answer}\r\n".encode())
        return int(answer[:3])

    def _refusal(self, recipient: str) -> str:
        """The answer to a recipient who is refused; "" for all others."""
        kind, (command, answer) = self.refuses, REFUSALS.get(self.refuses, ("", ""))
        if kind == "greylist" and recipient in self.greylisted:
            answer = ""
        self.greylisted.add(recipient)
        if command != "RCPT" or not answer:
            kind, answer = "unknown", UNKNOWN_ANSWER if recipient.startswith(self.unknown) else ""
        if answer:
            self.misdeeds.write(t=time.time(), kind=kind, to=recipient)
        return answer.format(to=recipient)

    def _data(self, connection: socket.socket, stream: object, recipient: str) -> bool:
        connection.sendall(b"354 go on\r\n")
        if self._does("cut_before"):
            self.misdeeds.write(t=time.time(), kind="cut_before", to=recipient)
            stream.readline()
            return False
        lines = []
        while (line := stream.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line)
        message = b"".join(lines)
        facts = {name.lower().decode(): value.decode() for name, value in HEADER.findall(message.split(b"\r\n\r\n")[0])}
        fault = next((fault for fault in ("stall", "dot_451", "dot_550") if self._does(fault)), "")
        if fault:
            self.misdeeds.write(t=time.time(), kind=fault, to=recipient, id=facts.get("message-id"))
            if fault == "stall":
                time.sleep(STALL_SECONDS)
                return False
            connection.sendall(f"{ANSWERS.get(fault, f'{fault[-3:]} as told')}\r\n".encode())
            return True
        self.received.write(
            t=time.time(), peer=connection.getpeername()[0], rcpt=recipient, id=facts.get("message-id"),
            date=facts.get("date"),
            subject=facts.get("subject"), to=facts.get("to"), size=len(message),
        )  # fmt: skip
        if self._does("cut_after"):
            self.misdeeds.write(t=time.time(), kind="cut_after", to=recipient, id=facts.get("message-id"))
            return False
        if not self.answers.is_set():
            self.misdeeds.write(t=time.time(), kind="held", to=recipient)
            self.answers.wait()
        if self.delay:
            time.sleep(self.delay)
        connection.sendall(b"250 kept\r\n")
        return True


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1", help="where emails arrive; the control port is on this machine")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    Sink(options.host, options.port, options.control, options.dir, options.seed).run()


if __name__ == "__main__":
    main()
