"""Uploads go through ClamAV's daemon: here one on loopback that speaks its protocol and knows the EICAR test file."""

import io
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from omkering.listen.commands.signals import add_evidence, save_draft
from omkering.listen.models import Evidence
from omkering.thread import clamd
from omkering.thread.uploads import check_upload
from tests.people import make_member, make_person
from tests.world import PNG

# The harmless text every scanner reports, in two parts so that no scanner reports this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """A daemon that answers one INSTREAM a connection; `got` holds what it was sent."""

    def __init__(self, listener: socket.socket, say: bytes = b"") -> None:
        self.listener, self.say, self.got = listener, say, b""
        self.faults: list[str] = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                if stream.read(10) != b"zINSTREAM\0":
                    self.faults.append("not the command")
                    continue
                self.got = b""
                while length := struct.unpack("!L", stream.read(4))[0]:
                    chunk = stream.read(length)
                    if len(chunk) != length:
                        self.faults.append("a chunk was cut off")
                    self.got += chunk
                verdict = b"stream: Eicar-Signature FOUND\0" if EICAR in self.got else b"stream: OK\0"
                stream.write(self.say or verdict)

    def close(self) -> None:
        self.listener.close()


@pytest.fixture(params=["port", "socket"])
def daemon(request, tmp_path: Path, settings) -> Iterator[Clamd]:
    if request.param == "port":
        listener = socket.create_server(("127.0.0.1", 0))
        settings.UPLOAD_SCANNER = f"127.0.0.1:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "clamd.ctl"))
        listener.listen()
        settings.UPLOAD_SCANNER = str(tmp_path / "clamd.ctl")
    server = Clamd(listener)
    yield server
    server.close()
    assert server.faults == []


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("foto.png", content, "image/png")


def test_a_clean_file_is_sent_whole_and_taken(daemon):
    content = PNG + bytes(300_000)
    sound = check_upload(upload(content))
    assert daemon.got == content and sound.size == len(content)


def test_the_test_file_of_the_scanners_is_refused(daemon, caplog):
    with pytest.raises(ValidationError) as refused:
        check_upload(upload(PNG + EICAR))
    assert "houdt dit bestand tegen" in str(refused.value)
    assert "Eicar-Signature" in caplog.text


@pytest.mark.django_db
def test_a_refused_file_is_not_stored(daemon):
    person = make_person("official", member=make_member())
    draft = save_draft(actor=person, draft=None, step=1, values={"title": "Concept"})
    with pytest.raises(ValidationError):
        add_evidence(actor=person, draft=draft, upload=upload(PNG + EICAR))
    assert not Evidence.objects.exists()
    add_evidence(actor=person, draft=draft, upload=upload(PNG))
    assert Evidence.objects.get().size == len(PNG)


@pytest.mark.parametrize(
    "say",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"\0",
        b"OK\0",
        b"x" * 9000,
    ],
)
def test_no_clear_verdict_is_no(daemon, say):
    daemon.say = say
    with pytest.raises(ValidationError) as refused:
        check_upload(upload(PNG))
    assert "kon nu niet" in str(refused.value)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl", "localhost:", "[::1]:1"])
def test_a_scanner_that_is_away_refuses_every_file(settings, address):
    settings.UPLOAD_SCANNER = address
    with pytest.raises(ValidationError) as refused:
        check_upload(upload(PNG))
    assert "kon nu niet" in str(refused.value)
    with pytest.raises(clamd.ScanError, match="cannot be reached"):
        clamd.scan(io.BytesIO(PNG), address)


def test_without_a_scanner_files_are_taken(settings):
    settings.UPLOAD_SCANNER = ""
    assert check_upload(upload(PNG + EICAR)).content_type == "image/png"
