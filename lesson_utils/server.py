"""An extension of Jupyter's server that sends small messages at once.

Jupyter leaves Nagle's algorithm on: a message smaller than a packet waits until the browser has acknowledged
the one before, and a browser puts that off for up to 40 ms. A kernel says "busy" before each answer, so every
frame of a figure would wait; over a slow link it would wait for a whole round trip more. Figures work without
this extension, only later. The file lesson_utils/rolling_downhill.json switches it on wherever the package is
installed.
"""

SETTING = "kernel_websocket_connection_class"


def _jupyter_server_extension_points():
    return [{"module": __name__}]


def _load_jupyter_server_extension(app):
    settings = app.web_app.settings
    if SETTING in settings:
        settings[SETTING] = without_delay(settings[SETTING])


def without_delay(kind):
    """Return the connection class `kind`, changed to switch Nagle's algorithm off when a page connects."""

    class WithoutDelay(kind):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return WithoutDelay
