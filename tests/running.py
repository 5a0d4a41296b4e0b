"""Run notebooks from top to bottom as a kernel does, but without its sockets and its client, which take as long again.

`python -m tests.running` reads lines with the paths of a notebook and of a file for it with its outputs, as JSON, and
answers each with the exit code of the run. Each run is a process of its own. Where a process can be forked safely, it
begins with what all notebooks import.
"""

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import comm
import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import json_packer
from traitlets.config import Config

from lesson_utils import checks, guard
from lesson_utils.checks import student
from lesson_utils.explorers import base

MOST = 240  # seconds that a notebook may take; only one that hangs does
OUTPUTS = []  # of the cell that is running


class Stream(io.TextIOBase):
    """What a cell prints, joined as a page joins it."""

    encoding = "utf-8"

    def __init__(self, name):
        self.name = name

    def write(self, text):
        """Add to the last output if that is of the same stream."""
        if text and OUTPUTS and OUTPUTS[-1].get("name") == self.name:
            OUTPUTS[-1]["text"] += text
        elif text:
            OUTPUTS.append(nbformat.v4.new_output("stream", name=self.name, text=text))
        return len(text)


class Publisher(DisplayPublisher):
    """What a cell displays."""

    def publish(self, data, metadata=None, **_):
        """Keep it."""
        OUTPUTS.append(nbformat.v4.new_output("display_data", data, metadata=metadata or {}))


class Result(DisplayHook):
    """The value of a cell's last line."""

    def write_output_prompt(self):
        """Write none: the count stands in the output."""

    def write_format_data(self, data, metadata=None):
        """Keep it."""
        count = self.prompt_count
        OUTPUTS.append(
            nbformat.v4.new_output("execute_result", data, metadata=metadata or {}, execution_count=count)
        )

    def finish_displayhook(self):
        """Leave out the line that a terminal ends with."""
        self._is_active = False


class Shell(InteractiveShell):
    """IPython as a kernel has it: outputs are kept, and a cell knows its id, as JupyterLab tells it."""

    displayhook_class = Result
    display_pub_class = Publisher
    cell_id = ""

    def get_parent(self):
        """Return what a kernel knows of the request that it answers."""
        return {"metadata": {"cellId": self.cell_id}, "header": {"msg_id": f"run-{self.cell_id}"}}

    def _showtraceback(self, etype, evalue, stb):
        OUTPUTS.append(
            nbformat.v4.new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)
        )


class Comm(comm.base_comm.BaseComm):
    """A widget's line to the page: nobody listens, but what is said must be fit to be sent."""

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        """Write the message as a kernel would."""
        json_packer({"data": data or {}, "metadata": metadata or {}, **keys})
        for buffer in buffers or ():
            memoryview(buffer)


@contextmanager
def _low_stderr():
    """Give a function that returns what was written past Python since it was last asked, as C code does."""
    before = os.dup(2)
    with tempfile.TemporaryFile() as file:

        def written():
            file.seek(0)
            text = file.read().decode()
            file.seek(0)
            file.truncate()
            return text

        os.dup2(file.fileno(), 2)
        try:
            yield written
        finally:
            os.dup2(before, 2)
            os.close(before)


def run(path):
    """Return the notebook with its outputs; like a page, go on after an error."""
    notebook = nbformat.read(path, as_version=4)
    os.chdir(path.parent)
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), 1
    )  # our own answers go there: no program that a cell starts may
    sys.path[0] = ""
    comm.create_comm = Comm
    # Nobody looks: no pause for a page to paint in, and one picture in a strip. The site's tests draw all of them.
    base.PAUSE, base.MOST_PICTURES = 0, 1
    # No function in a notebook is endless, and a busy machine must not make it look so.
    guard.run_path.__defaults__ = (60.0,)
    guard.call.__kwdefaults__["seconds"] = student.SECONDS = 60.0
    checks.apart.__defaults__ = (60.5,)
    shell = Shell.instance(config=Config(HistoryManager={"enabled": False}))
    with _low_stderr() as low, redirect_stdout(Stream("stdout")), redirect_stderr(Stream("stderr")):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                OUTPUTS.clear()
                shell.cell_id = cell.id
                shell.run_cell(cell.source, store_history=True)
                if written := low():
                    OUTPUTS.append(nbformat.v4.new_output("stream", name="stderr", text=written))
                cell.outputs, cell.execution_count = list(OUTPUTS), shell.execution_count - 1
    return notebook


def apart(path, out):
    """Run a notebook in a process of its own; return the exit code."""
    if sys.platform != "linux":
        line = [sys.executable, "-m", "tests.running", path, out]
        return subprocess.run(line, stdin=subprocess.DEVNULL, check=False).returncode
    child = os.fork()
    if child == 0:
        signal.alarm(MOST)
        try:
            nbformat.write(run(Path(path)), out)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    if sys.argv[1:]:
        nbformat.write(run(Path(sys.argv[1])), sys.argv[2])
    for line in [] if sys.argv[1:] else sys.stdin:
        print(apart(*json.loads(line)), flush=True)
