"""A notebook that is run through a server's API: what the kernel says too early, and what never ends."""

import asyncio
import json

import pytest

from workshop import served

IDLE, BUSY = ("status", {"execution_state": "idle"}), ("status", {"execution_state": "busy"})
REPLY = ("execute_reply", {"status": "ok"})
SOON = 0.3  # seconds, where something is never heard


class Channels:
    """A kernel's websocket; of the kernel's first answers, `deaf` are lost.

    cell : what it says to a cell; asleep : it reads a cell only when something else comes after it
    """

    def __init__(self, deaf=0, cell=(BUSY, REPLY, IDLE), asleep=False):
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

    def end(self):
        self._said.put_nowait(None)

    def close(self):
        self.open = False


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs one cell over such websockets, one after the other; it returns what went wrong."""
    monkeypatch.setattr(served, "AGAIN", 0.1)

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


def test_a_kernel_is_asked_again_until_it_is_heard_and_then_runs_the_cell(run):
    channels = Channels(deaf=1)
    assert run(channels) == []
    assert channels.asked[:2] == ["kernel_info_request"] * 2 and "execute_request" in channels.asked


def test_a_kernel_that_is_never_heard_is_told(run, monkeypatch):
    monkeypatch.setattr(served, "PATIENCE", SOON)
    assert run(Channels(deaf=99)) == [f"the kernel said nothing within {SOON} s"]


def test_a_connection_that_stays_mute_is_made_anew(run, monkeypatch):
    monkeypatch.setattr(served, "MUTE", SOON)
    mute, heard = Channels(deaf=99), Channels()
    assert run(mute, heard) == []
    assert "execute_request" not in mute.asked and "execute_request" in heard.asked


def test_a_connection_that_is_closed_is_told_and_gets_no_cell(run):
    closed = Channels(deaf=99)
    closed.end()
    assert run(closed) == ["the kernel's connection was closed"]
    assert "execute_request" not in closed.asked


def test_a_cell_that_lies_unread_is_woken(run):
    channels = Channels(asleep=True)
    assert run(channels) == []
    assert channels.asked[-1] == "kernel_info_request"


@pytest.mark.parametrize("said", [[BUSY, IDLE, IDLE], [BUSY, REPLY]])
def test_a_cell_has_ended_once_its_reply_has_come_and_the_kernel_is_idle(run, monkeypatch, said):
    monkeypatch.setattr(served, "PATIENCE", SOON)
    assert run(Channels(cell=said)) == [f"code cell 1 did not end within {SOON} s"]


def test_errors_and_what_was_written_to_stderr_are_told(run):
    said = [
        ("stream", {"name": "stdout", "text": "fine"}),
        ("stream", {"name": "stderr", "text": "a warning\n"}),
        ("error", {"ename": "ValueError", "evalue": "no"}),
        ("execute_reply", {"status": "error"}),
        IDLE,
    ]
    assert run(Channels(cell=said)) == ["a warning", "ValueError: no"]
