"""A student without a screen: the page's half of a figure, spoken to a real kernel through hub and proxy.

It sends what JupyterLab and the widgets in its page send, and does with the answers what they do, but paints
nothing: a student's own computer paints, and what a class shares is the server.
"""

import asyncio
import json
import shutil
import subprocess
import time
from collections import deque
from datetime import datetime, timezone
from functools import cache
from itertools import count
from uuid import uuid4

from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from lesson_utils.stage.stage import PAGE
from workshop.benchmarks.hub import PATIENCE

MUTE, AGAIN = (
    30,
    5,
)  # seconds without a word: until a new connection is tried, until the kernel is asked again
PROTOCOL = "v1.kernel.websocket.jupyter.org"
MOVES = 30  # slider positions a second, as a hand drags
clock = time.perf_counter


class Watch:
    """The rule for both ways: a position has waited until its picture, or that of a newer one, has come."""

    def __init__(self):
        self._waiting = deque()
        self.waits, self.pictures = [], 0

    def moved(self, number):
        """Note that the slider has come to its `number`-th position."""
        self._waiting.append((number, clock()))

    def shown(self, number):
        """Note that the picture of the `number`-th position has come."""
        self.pictures += 1
        while self._waiting and self._waiting[0][0] <= number:
            self.waits.append(clock() - self._waiting.popleft()[1])

    def give_up(self):
        """Count what has waited in vain with the time that it has waited; return how many those are."""
        lost, self._waiting = self._waiting, deque()
        self.waits += [clock() - since for _, since in lost]
        return len(lost)

    @property
    def settled(self):
        return not self._waiting


class Wire:
    """The websocket to one kernel, and the session on it; `hear(type, parent id, message)` gets what comes."""

    def __init__(self, hear):
        self._hear = hear
        self._session = uuid4().hex
        self._subshell = None
        self._replies = {}  # id of a request -> future of its reply

    async def open(self, hub, name, kernel):
        """Connect as JupyterLab does: ask what the kernel is, and for a subshell for the widgets' messages."""
        path = f"/user/{name}/api/kernels/{kernel}/channels?session_id={self._session}"
        # Both times: tornado gives up after twenty seconds of either, and twenty kernels that start take longer.
        both = {"connect_timeout": PATIENCE, "request_timeout": PATIENCE}
        request = HTTPRequest(hub.base.replace("http", "ws") + path, headers=hub.headers, **both)
        for patience in (MUTE, PATIENCE):
            self._socket = await websocket_connect(request, subprotocols=[PROTOCOL], max_message_size=2**28)
            self._listening = asyncio.ensure_future(self._listen())
            try:
                await self.reply(self.send("shell", "kernel_info_request", {}), patience)
                break
            except asyncio.TimeoutError:  # some connections stay mute: see workshop/served.py
                await self.close()
        else:
            raise RuntimeError(f"the kernel of {name} said nothing within {PATIENCE} s")
        made = await self.reply(self.send("control", "create_subshell_request", {}))
        self._subshell = made["subshell_id"]

    def send(self, channel, kind, content):
        """Send a message; return its id."""
        name = uuid4().hex
        header = {
            "msg_id": name,
            "session": self._session,
            "username": "",
            "msg_type": kind,
            "version": "5.3",
        }
        header["date"] = datetime.now(timezone.utc).isoformat()
        if kind == "comm_msg":
            header["subshell_id"] = self._subshell  # one for each kind of comm is JupyterLab's way
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        self._socket.write_message(serialize_msg_to_ws_v1(parts, channel), binary=True)
        return name

    async def reply(self, name, seconds=PATIENCE):
        """Return the content of the reply to a request."""
        future = self._replies[name] = asyncio.get_running_loop().create_future()
        end = clock() + seconds
        while not (await asyncio.wait({future}, timeout=min(AGAIN, seconds)))[0]:
            if clock() > end:
                raise asyncio.TimeoutError
            self.send("shell", "kernel_info_request", {})  # a request that lies unread is woken by the next
        return future.result()

    async def _listen(self):
        while (data := await self._socket.read_message()) is not None:
            _, (header, parent, _, content, *_) = deserialize_msg_from_ws_v1(data)
            kind, about = json.loads(header)["msg_type"], json.loads(parent).get("msg_id")
            if kind.endswith("_reply"):
                if about in self._replies:
                    self._replies.pop(about).set_result(json.loads(content))
            else:
                self._hear(kind, about, json.loads(content))

    async def close(self):
        """Hang up."""
        self._socket.close()
        await asyncio.wait([self._listening], timeout=5)
        self._listening.cancel()


class Widget:
    """A widget in the page: one message with its state is on its way at a time, the newest state follows it."""

    def __init__(self, wire, comm, state):
        self._wire, self._comm, self.state = wire, comm, state
        self._on_its_way = self._next = None

    def set(self, **state):
        """Change the state, and tell the kernel when its turn comes."""
        self.state.update(state)
        if self._on_its_way:
            self._next = state
        else:
            self._tell(state)

    def _tell(self, state):
        data = {"method": "update", "state": state, "buffer_paths": []}
        self._on_its_way = self._wire.send("shell", "comm_msg", {"comm_id": self._comm, "data": data})

    def idle(self, about):
        """The kernel has dealt with the message `about`; was it ours, the next may go."""
        if about == self._on_its_way:
            self._on_its_way, state, self._next = None, self._next, None
            if state is not None:
                self._tell(state)

    @property
    def asked(self):
        """The id of the message that is on its way, or None."""
        return self._on_its_way


class Student:
    """One student with a server, a kernel and a figure; a subclass says how the page shows it."""

    code = ""

    def __init__(self, hub, name, phase):
        self.hub, self.name, self._phase = hub, name, phase
        self.watch = Watch()
        self.widgets = {}  # comm id -> Widget
        self.first = None  # seconds from asking for a kernel to the first figure
        self._number = 0
        self.wire = Wire(self._hear)
        self._figure = asyncio.Event()

    async def begin(self):
        """Ask for a kernel, run the cell, and wait for the first figure."""
        start = clock()
        kernels = f"/user/{self.name}/api/kernels"
        self.kernel = (await self.hub.ask(kernels, "POST", {"name": "python3"}))["id"]
        await self.wire.open(self.hub, self.name, self.kernel)
        content = {"code": self.code, "silent": False, "store_history": True, "allow_stdin": False}
        self._run = self.wire.send("shell", "execute_request", content)
        done = await self.wire.reply(self._run)
        if done["status"] != "ok":
            raise RuntimeError("\n".join(done["traceback"]))
        await asyncio.wait_for(self._figure.wait(), 60)
        self.first = self._seen - start

    def _appeared(self):
        if not self._figure.is_set():
            self._seen = clock()
            self._figure.set()

    async def drag(self, seconds, patience):
        """Drag the slider to and fro for some seconds; then wait until the last position is shown."""
        start = clock()
        for i in range(round(seconds * MOVES)):
            await asyncio.sleep(max(0, start + i / MOVES - clock()))
            self._number += 1
            self.watch.moved(self._number)
            self.move(0.35 + 0.4 * abs((i + self._phase) % 120 / 60 - 1))
        self.dragged = clock() - start
        self.drawn = self.watch.pictures
        while not self.watch.settled and clock() - start < seconds + patience:
            await asyncio.sleep(0.02)

    async def end(self):
        """Hang up and end the kernel."""
        await self.wire.close()
        await self.hub.ask(f"/user/{self.name}/api/kernels/{self.kernel}", "DELETE")

    def _hear(self, kind, about, content):
        if kind == "comm_open":
            comm = content["comm_id"]
            self.widgets[comm] = Widget(self.wire, comm, content["data"]["state"])
        elif kind == "status" and content["execution_state"] == "idle":
            for widget in self.widgets.values():
                widget.idle(about)
        else:
            self.hear(kind, about, content)

    def _find(self, **wanted):
        """Return the (comm id, widget) whose state has these values."""
        for comm, widget in self.widgets.items():
            if all(widget.state.get(key) == value for key, value in wanted.items()):
                return comm, widget
        raise LookupError(f"no widget with {wanted}")

    def move(self, part):
        """Put the slider at a part of its way, 0 to 1."""
        raise NotImplementedError

    def hear(self, kind, about, content):
        """Take in what the kernel says."""
        raise NotImplementedError


class Usual(Student):
    """A figure under @interact: the slider's state goes to the kernel, and a picture comes."""

    code = """import ipywidgets
from workshop.benchmarks.usual_way import draw
ipywidgets.interact(draw, alpha=ipywidgets.FloatLogSlider(value=4, min=-2, max=2.7, step=0.01, description="α"),
    beta=ipywidgets.fixed(0.9), kappa=ipywidgets.fixed(100.0), steps=ipywidgets.fixed(120));"""

    def __init__(self, *given):
        super().__init__(*given)
        self._sent = {}  # id of the slider's message -> number of the position in it

    def move(self, part):
        _, self._slider = self._find(_model_name="FloatLogSliderModel")
        self._slider.set(value=10 ** round(-2 + 4.7 * part, 2))
        self._keep_number()

    def _keep_number(self):
        """Note which position the slider's message on its way holds: the newest, when it has only now left."""
        if self._slider.asked and self._slider.asked not in self._sent:
            self._sent[self._slider.asked] = self._number

    def _hear(self, kind, about, content):
        super()._hear(kind, about, content)
        if kind == "status" and self._sent:
            self._keep_number()

    def hear(self, kind, about, content):
        if kind != "display_data" or "image/png" not in content["data"]:
            return
        self._appeared()
        if about in self._sent:
            self.watch.shown(self._sent[about])
        # The output widget in the page gives the kernel back what it shows.
        _, output = self._find(_model_name="OutputModel")
        output.set(outputs=[{"output_type": "display_data", **content}])


ASKING = """
const all = {};
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [who, ms] = line.split(" ").map(Number);
  (all[who] ??= new Asking()).answered(ms);
  console.log(all[who].most);
});
"""


@cache
def node():
    """Return a node that runs the page's own rule for all students; it ends when its input does."""
    script = (PAGE / "asking.js").read_text(encoding="utf-8") + ASKING
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    return subprocess.Popen([shutil.which("node"), "-e", script], **pipes)


class Asking:
    """How many frames one student may ask for at once, as the page decides it."""

    _numbers = count()

    def __init__(self):
        self._number, self.most = next(self._numbers), 1

    def answered(self, seconds):
        """Take in how long an answer took."""
        node().stdin.write(f"{self._number} {1000 * seconds}\n")
        self.most = int(node().stdout.readline())


class Stage(Student):
    """A figure on the stage: as `Conversation` in lesson_utils/stage/page/conversation.js, which see for the reasons."""

    code = "from lesson_utils.explorers import MomentumExplorer\nexplorer = MomentumExplorer()\nexplorer"

    def __init__(self, *given):
        super().__init__(*given)
        self._page, self._seq, self._shown, self._base = uuid4().hex[:8], 0, 0, None
        self._waiting, self._wanted, self._asking = {}, False, Asking()

    def _ready(self):
        """Find the figure and its controls among the widgets, and ask for the first frame, as the page does."""
        stage = next(comm for comm, widget in self.widgets.items() if "first_frame" in widget.state)
        self._stage, self._controls = stage, self.widgets[stage].state["controls"]
        self._base = self.widgets[stage].state["first_frame"]["id"]
        self._appeared()
        self._ask()

    def move(self, part):
        comm, trait = self._controls["alpha"]
        slider = self.widgets[comm]
        slider.set(**{trait: round(part * (len(slider.state["_options_labels"]) - 1))})
        self._ask()

    def _ask(self):
        self._wanted = len(self._waiting) >= self._asking.most
        if self._wanted:
            return
        self._seq += 1
        self._waiting[self._seq] = (clock(), self._number)
        state = {name: self.widgets[comm].state[trait] for name, (comm, trait) in self._controls.items()}
        ask = {"kind": "ask", "page": self._page, "seq": self._seq, "base": self._base, "state": state}
        data = {"method": "custom", "content": ask}
        self.wire.send("shell", "comm_msg", {"comm_id": self._stage, "data": data})

    def hear(self, kind, about, content):
        if kind == "display_data" and "application/vnd.jupyter.widget-view+json" in content["data"]:
            return self._ready()
        said = content.get("data", {}).get("content", {}) if kind == "comm_msg" else {}
        if said.get("kind") != "frame" or said["page"] != self._page:
            return
        since, number = self._waiting.pop(said["seq"])
        self._asking.answered(clock() - since)
        if said["seq"] > self._shown:
            self._shown, self._base = said["seq"], said.get("id", self._base)
            self.watch.shown(number)
        if self._wanted:
            self._ask()
