"""A server in a thread of this process, for the demo: it answers while the story goes on."""

import socket
from threading import Thread
from types import TracebackType
from typing import Self

import uvicorn
from litestar import Litestar


class BackgroundServer:
    """Serves an application on a loopback port from entering to leaving the `with` block."""

    def __init__(self, app: Litestar, *, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))
        config = uvicorn.Config(app, log_level="warning", lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, name="server", daemon=True)

    @property
    def url(self) -> str:
        """The address it answers at."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Begin to serve; connections wait in the socket until it answers."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish what is under way and stop."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
