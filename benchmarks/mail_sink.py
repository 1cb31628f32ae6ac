"""A mail server that takes everything and is faster than what is measured: `python -m benchmarks.mail_sink PORT DIR`.

A process a connection, blocking reads, no parsing beyond the end of a message. When a connection ends, its process
writes what it took: Message-IDs, bytes, and when the first and the last message were complete.
"""

import json
import os
import re
import signal
import socket
import sys
import time
from pathlib import Path

MESSAGE_ID = re.compile(rb"(?im)^message-id: *<([^>]*)>")
END = b"\r\n.\r\n"


def serve(port: int, folder: Path) -> None:
    """Until killed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.create_server(("127.0.0.1", port), backlog=64) as listener:
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                take(connection, folder)
                os._exit(0)
            connection.close()


def take(connection: socket.socket, folder: Path) -> None:
    """One connection, to its end."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"220 sink\r\n")
    ids: list[str] = []
    size, first, last, buffer, in_data = 0, 0.0, 0.0, b"", False
    sample = b""
    while chunk := connection.recv(262144):
        buffer += chunk
        answer = b""
        while True:
            if in_data:
                end = buffer.find(END)
                if end < 0:
                    break
                found = MESSAGE_ID.search(buffer, 0, min(end, 2000))
                ids.append(found.group(1).decode() if found else "")
                sample = sample or buffer[:end]
                size, last = size + end, time.time()
                first = first or last
                buffer, in_data = buffer[end + len(END) :], False
                answer += b"250 ok\r\n"
                continue
            end = buffer.find(b"\r\n")
            if end < 0:
                break
            verb, buffer = buffer[:4].upper(), buffer[end + 2 :]
            in_data = verb == b"DATA"
            answer += (
                b"354 go\r\n" if in_data
                else b"250-sink\r\n250-PIPELINING\r\n250 SIZE 10000000\r\n" if verb == b"EHLO"
                else b"221 bye\r\n" if verb == b"QUIT"
                else b"250 ok\r\n"
            )  # fmt: skip
        if answer:
            connection.sendall(answer)
    if ids:
        took = {"ids": ids, "size": size, "first": first, "last": last, "sample": sample.hex()}
        path = folder / f"{os.getpid()}-{time.time_ns()}.json"
        path.with_suffix(".part").write_text(json.dumps(took))
        path.with_suffix(".part").rename(path)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
