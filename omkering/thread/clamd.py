"""Have a file looked through by ClamAV's daemon, over its INSTREAM command (clamd(8)).

The file goes to the daemon in chunks, each after its length as four bytes, and ends with a length of zero; the
daemon answers one line. Nothing is written to disk, and the daemon may run on another machine.
"""

import socket
import struct
from typing import IO

TIMEOUT = 30.0  # seconds for each step; ten megabytes take well under one
CHUNK = 64 * 1024
LONGEST_REPLY = 4096


class ScanError(Exception):
    """The daemon could not be asked, or did not give a verdict; the file counts as not looked through."""


def connect(address: str) -> socket.socket:
    """A connection to `host:port`, `[ipv6]:port` or the path of a Unix socket; ScanError when there is none."""
    try:
        if "/" in address:
            local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                local.settimeout(TIMEOUT)
                local.connect(address)
            except OSError:
                local.close()
                raise
            return local
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT)
    except (OSError, ValueError) as problem:
        raise ScanError(f"the scanner at {address} cannot be reached: {problem}") from problem


def scan(file: IO[bytes], address: str) -> str:
    """What the daemon at `address` found in the file (read from where it stands), or "" when it is clean.

    Raises ScanError for anything but a clear verdict.
    """
    try:
        with connect(address) as daemon:
            daemon.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                daemon.sendall(struct.pack("!L", len(chunk)) + chunk)
            daemon.sendall(struct.pack("!L", 0))
            reply = _reply(daemon)
    except OSError as problem:
        raise ScanError(f"the scanner at {address} broke off: {problem}") from problem
    if reply == "stream: OK":
        return ""
    if reply.startswith("stream: ") and reply.endswith(" FOUND"):
        return reply.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScanError(f"the scanner at {address} gave no verdict: {reply!r}")


def _reply(daemon: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_REPLY:
        part = daemon.recv(LONGEST_REPLY)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()
