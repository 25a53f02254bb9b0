"""Child processes that cannot outlive us, and small checks on the machine they run on."""

import ctypes
import os
import shutil
import signal
import socket
from pathlib import Path

PR_SET_PDEATHSIG = 1


class StartError(Exception):
    """Something on this machine stands in the way of starting; the text is one clear sentence."""


_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sig: int = signal.SIGTERM) -> None:
    """Ask the kernel to send us `sig` when our parent ends, also when it is killed (Linux only)."""
    _libc.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)


def follow_parent(sig: int = signal.SIGTERM):
    """A `preexec_fn` for subprocess: the child gets `sig` when this process ends."""
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(sig)
        if os.getppid() != parent:  # it ended between fork and prctl
            os._exit(1)

    return prepare


def require_free_port(host: str, port: int) -> None:
    """Raise StartError when `port` cannot be bound."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"Port {port} is in use on {host} ({error.strerror}). "
                f"Stop what runs there, or choose another: make demo PORT={port + 1}"
            ) from error


def require_disk(folder: Path, megabytes: int) -> None:
    """Raise StartError when the disk under `folder` has less than `megabytes` free."""
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise StartError(
            f"The disk is (nearly) full: {free} MB free under {folder}, and at least {megabytes} MB is needed."
        )
