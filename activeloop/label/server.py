"""The server of the page: it starts in a thread, says its address, and stops when it is told to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from activeloop.errors import ConfigurationError, MissingDependencyError
from activeloop.label.annotators import Annotators, Role
from activeloop.label.api import entrance
from activeloop.label.desk import Desk
from activeloop.label.place import Place

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

_GRACE_SECONDS = 3


class Server:
    """Serve a desk from a thread of its own, between `start` and `stop` or within a `with`.

    rooms  routes of others by the address they hang below, as {"/progress": [...]}: for reviewers and owners

    Raises MissingDependencyError without Starlette and uvicorn, ConfigurationError for a port that is taken
    or a certificate that cannot be used.
    """

    def __init__(
        self,
        desk: Desk,
        annotators: Annotators,
        place: Place | None = None,
        *,
        rooms: Mapping[str, Sequence[BaseRoute]] | None = None,
    ) -> None:
        self._desk, self._annotators, self._rooms = desk, annotators, rooms
        self.place = place or Place()
        self._running: tuple[Any, threading.Thread] | None = None

    @property
    def address(self) -> str:
        """The address of the page, once it is started."""
        return self.place.address

    def invite(self, name: str, role: Role = "annotator") -> str:
        """Give the link that lets one person in, once."""
        return entrance(self.address, self._annotators.invite(name, role))

    def start(self) -> str:
        """Listen, and give the address; it can be called when this returns."""
        try:
            import uvicorn

            from activeloop.label.application import application
        except ImportError as error:
            raise MissingDependencyError.of("starlette and uvicorn", "label", "to serve the page") from error
        listening = _bound(self.place)
        self.place = replace(self.place, port=listening.getsockname()[1])
        try:
            served = uvicorn.Server(
                uvicorn.Config(
                    application(self._desk, self._annotators, self.place, self._rooms),
                    ssl_certfile=self.place.certificate,
                    ssl_keyfile=self.place.key,
                    log_config=None,
                    access_log=False,
                    server_header=False,
                    proxy_headers=False,
                    lifespan="off",
                    ws="none",
                    http="h11",
                    timeout_keep_alive=30,
                    timeout_graceful_shutdown=_GRACE_SECONDS,
                )
            )
            served.config.load()
        except (OSError, ssl.SSLError) as error:
            listening.close()
            raise ConfigurationError(f"the certificate or its key cannot be used: {error}") from error
        self._run(served, listening)
        return self.address

    def _run(self, served: Any, listening: socket.socket) -> None:
        thread = threading.Thread(
            target=served.run, kwargs={"sockets": [listening]}, name="activeloop-label", daemon=True
        )
        thread.start()
        while not served.started and thread.is_alive():
            thread.join(0.01)
        self._running = (served, thread)

    def wait(self) -> None:
        """Wait until the server is stopped; an interrupt (Ctrl-C) goes to the caller at once."""
        while self._running is not None and self._running[1].is_alive():
            self._running[1].join(0.2)

    def stop(self) -> None:
        """Let what is being saved end, then close; harmless when it does not run."""
        if self._running is not None:
            served, thread = self._running
            served.should_exit = True
            thread.join(2 * _GRACE_SECONDS)
            self._running = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(server: Server, started: Callable[[str], None], owner: str = "owner") -> None:
    """Serve until Ctrl-C; `started` is told the link that lets the owner in.

    Raises what `Server` raises.
    """
    with server:
        started(server.invite(owner, "owner"))
        try:
            server.wait()
        except KeyboardInterrupt:
            return


def _bound(place: Place) -> socket.socket:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    # By its name asyncio knows TCP, and sends small packets at once; else each answer waits for 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((place.host, place.port))
        listening.listen(1024)
    except (OSError, OverflowError) as error:
        listening.close()
        raise ConfigurationError(
            f"{place.host}:{place.port} cannot be used ({error}); name another port, or 0 for a free one"
        ) from error
    return listening
