"""A notebook that is run through a server's API: what the kernel says too early, and what never ends."""

import asyncio
import json

import pytest

from benchmarks import served


class Channels:
    """A kernel's websocket whose kernel is not heard at first: `deaf` of its answers are lost."""

    def __init__(self, deaf, cell=()):
        self.deaf, self.cell, self.asked, self.open = deaf, cell, [], True
        self._said = asyncio.Queue()

    async def write_message(self, text):
        header = json.loads(text)["header"]
        self.asked.append(header["msg_type"])
        said = self.cell if header["msg_type"] == "execute_request" else [("status", IDLE)]
        if len(self.asked) > self.deaf:
            for kind, content in said:
                self._said.put_nowait(
                    json.dumps({"parent_header": header, "msg_type": kind, "content": content})
                )

    async def read_message(self):
        return await self._said.get()

    def close(self):
        self.open = False


IDLE = {"execution_state": "idle"}
BUSY = {"execution_state": "busy"}


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs one cell over such a websocket, and says what went wrong."""
    monkeypatch.setattr(served, "PATIENCE", 3)

    def once(channels):
        async def connect(*args, **options):
            return channels

        monkeypatch.setattr(served, "websocket_connect", connect)
        problems = asyncio.run(served.Served("http://x/", "")._in_kernel("k", ["1"]))
        assert not channels.open
        return problems

    return once


def test_a_kernel_is_asked_again_until_it_is_heard(run):
    channels = Channels(deaf=1, cell=[("status", BUSY), ("status", IDLE)])
    assert run(channels) == []
    assert channels.asked == ["kernel_info_request", "kernel_info_request", "execute_request"]


def test_a_kernel_that_is_never_heard_is_told(run):
    assert run(Channels(deaf=99)) == ["the kernel said nothing within 3 s"]


def test_a_cell_that_never_ends_is_told(run):
    assert run(Channels(deaf=0, cell=[("status", BUSY)])) == ["code cell 1 did not end within 3 s"]


def test_errors_and_what_was_written_to_stderr_are_told(run):
    said = [
        ("stream", {"name": "stdout", "text": "fine"}),
        ("stream", {"name": "stderr", "text": "a warning\n"}),
        ("error", {"ename": "ValueError", "evalue": "no"}),
        ("status", IDLE),
    ]
    assert run(Channels(deaf=0, cell=said)) == ["a warning", "ValueError: no"]
