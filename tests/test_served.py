"""A notebook that is run through a server's API: what the kernel says too early, and what never ends."""

import asyncio
import json

import pytest

from benchmarks import served


class Channels:
    """A kernel's websocket; of the kernel's first answers, `deaf` are lost.

    cell : what it says to a cell; asleep : it reads a cell only when something else comes after it
    """

    def __init__(self, deaf=0, cell=(), asleep=False):
        self.deaf, self.cell, self.asleep, self.asked, self.open = deaf, cell, asleep, [], True
        self._said, self._unread = asyncio.Queue(), []

    async def write_message(self, text):
        header = json.loads(text)["header"]
        self.asked.append(header["msg_type"])
        if len(self.asked) <= self.deaf:
            return
        self._unread.append(header)
        if self.asleep and header["msg_type"] == "execute_request":
            return
        for header in self._unread:
            answer = self.cell if header["msg_type"] == "execute_request" else [REPLY, IDLE]
            for kind, content in answer:
                said = {"parent_header": header, "msg_type": kind, "content": content}
                self._said.put_nowait(json.dumps(said))
        self._unread.clear()

    async def read_message(self):
        return await self._said.get()

    def close(self):
        self.open = False


IDLE, BUSY = ("status", {"execution_state": "idle"}), ("status", {"execution_state": "busy"})
REPLY = ("execute_reply", {"status": "ok"})


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs one cell over such a websocket, and says what went wrong."""
    monkeypatch.setattr(served, "PATIENCE", 1)
    monkeypatch.setattr(served, "AGAIN", 0.1)
    monkeypatch.setattr(served, "MUTE", 0.5)

    def once(*connections):
        waiting, made = list(connections), []

        async def connect(*args, **options):
            made.append(waiting.pop(0) if waiting else connections[-1])
            return made[-1]

        monkeypatch.setattr(served, "websocket_connect", connect)
        problems = asyncio.run(served.Served("http://x/", "")._in_kernel("k", ["1"]))
        assert not any(one.open for one in made)
        return problems

    return once


def test_a_kernel_is_asked_again_until_it_is_heard(run):
    channels = Channels(deaf=1, cell=[BUSY, REPLY, IDLE])
    assert run(channels) == []
    assert channels.asked == ["kernel_info_request", "kernel_info_request", "execute_request"]


def test_a_kernel_that_is_never_heard_is_told(run):
    assert run(Channels(deaf=99)) == ["the kernel said nothing within 1 s"]


def test_a_connection_that_stays_mute_is_made_anew(run):
    mute, heard = Channels(deaf=99), Channels(cell=[BUSY, REPLY, IDLE])
    assert run(mute, heard) == []
    assert "execute_request" not in mute.asked and heard.asked == ["kernel_info_request", "execute_request"]


def test_a_connection_that_is_closed_is_told(run):
    closed = Channels(deaf=99)
    closed._said.put_nowait(None)
    assert run(closed) == ["the kernel's connection was closed"]
    assert closed.asked == ["kernel_info_request"], "no cell is sent there"


def test_a_cell_that_lies_unread_is_woken(run):
    channels = Channels(cell=[BUSY, REPLY, IDLE], asleep=True)
    assert run(channels) == []
    assert channels.asked == ["kernel_info_request", "execute_request", "kernel_info_request"]


@pytest.mark.parametrize("said", [[BUSY], [BUSY, IDLE], [BUSY, REPLY], [BUSY, IDLE, IDLE]])
def test_a_cell_that_never_ends_is_told(run, said):
    """It has ended once its reply has come and the kernel is idle."""
    assert run(Channels(cell=said)) == ["code cell 1 did not end within 1 s"]


def test_errors_and_what_was_written_to_stderr_are_told(run):
    said = [
        ("stream", {"name": "stdout", "text": "fine"}),
        ("stream", {"name": "stderr", "text": "a warning\n"}),
        ("error", {"ename": "ValueError", "evalue": "no"}),
        ("execute_reply", {"status": "error"}),
        IDLE,
    ]
    assert run(Channels(cell=said)) == ["a warning", "ValueError: no"]
