"""A proxy on this machine that delays every byte, to stand in for a slow link, or loses them, for a broken one."""

import asyncio
import contextlib
import threading


class DelayingProxy:
    """Forward connections to a local port, each direction late by `delay` seconds. Use it with `with`.

    Between `cut()` and `mend()` it swallows what comes, as a network does that is gone: nobody is told.
    `swallowed` keeps those bytes, in the pieces in which they came.
    """

    def __init__(self, target, delay=0.0):
        self.target, self.delay = target, delay
        self.swallowed, self._is_cut, self._writers = [], False, set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        starting = asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def cut(self):
        """Let nothing through from now on."""
        self._is_cut = True

    def mend(self):
        """Let everything through again, on new connections: those from before are ended, and what they held is lost."""
        self._is_cut = False
        self._loop.call_soon_threadsafe(lambda: [writer.transport.abort() for writer in self._writers])

    async def _end(self):
        self._server.close()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _accept(self, reader, writer):
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await self._forward(reader, writer)

    async def _forward(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._writers -= {writer, far_writer}

    async def _pump(self, reader, writer):
        """Copy bytes in order, each `delay` after it came; what is on its way does not hold up what follows."""
        queue = asyncio.Queue()

        async def deliver():
            while (item := await queue.get()) is not None:
                due, data = item
                await asyncio.sleep(max(0, due - self._loop.time()))
                if self._is_cut:
                    self.swallowed.append(data)
                else:
                    writer.write(data)
            writer.close()

        sending = asyncio.ensure_future(deliver())
        try:
            while data := await reader.read(65536):
                queue.put_nowait((self._loop.time() + self.delay, data))
        except OSError:
            pass
        queue.put_nowait(None)
        await asyncio.gather(sending, return_exceptions=True)
