"""Small answers leave Jupyter's server at once, wherever the package is installed."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from lesson_utils import server
from workshop.files import ROOT

SWITCH = json.loads((ROOT / "lesson_utils" / "rolling_downhill.json").read_text(encoding="utf-8"))


class Connection:
    """What Jupyter's own connection does, as far as it matters here."""

    def __init__(self, calls):
        self.calls = calls
        self.websocket_handler = SimpleNamespace(set_nodelay=lambda on: calls.append(f"nodelay {on}"))

    def connect(self):
        self.calls.append("connect")
        return "nudged"


def test_a_page_that_connects_waits_for_no_packet():
    calls = []
    assert server.without_delay(Connection)(calls).connect() == "nudged"
    assert calls == ["nodelay True", "connect"]


def test_the_extension_changes_the_connection_that_the_server_uses():
    app = SimpleNamespace(web_app=SimpleNamespace(settings={server.SETTING: Connection}))
    server._load_jupyter_server_extension(app)
    assert issubclass(app.web_app.settings[server.SETTING], Connection)
    assert app.web_app.settings[server.SETTING] is not Connection


def test_a_server_without_such_connections_is_left_alone():
    app = SimpleNamespace(web_app=SimpleNamespace(settings={}))
    server._load_jupyter_server_extension(app)
    assert app.web_app.settings == {}


def test_installing_the_package_switches_it_on():
    """Read back as Jupyter does: from the folders of this very environment."""
    extension = pytest.importorskip("jupyter_server.extension.config")
    paths = pytest.importorskip("jupyter_core.paths")
    manager = extension.ExtensionConfigManager(read_config_path=paths.jupyter_config_path())
    assert manager.get_jpserver_extensions().get("lesson_utils.server") is True
    (named,) = server._jupyter_server_extension_points()
    assert SWITCH["ServerApp"]["jpserver_extensions"] == {named["module"]: True}


def test_jupyters_real_handler_knows_both():
    """A change of Jupyter's that made this silently useless fails here."""
    websocket = pytest.importorskip("jupyter_server.services.kernels.websocket")
    channels = pytest.importorskip("jupyter_server.services.kernels.connection.channels")
    assert callable(websocket.KernelWebsocketHandler.set_nodelay)
    assert not asyncio.iscoroutinefunction(channels.ZMQChannelsWebsocketConnection.connect)
    assert server.SETTING in vars(websocket.KernelWebsocketHandler)
