"""The Starlette application: the files of the page, the API behind its doors, rooms of others beside it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router

from activeloop.errors import InputError, StoreError
from activeloop.label.annotators import SESSION_SECONDS, Annotator, Annotators, Role
from activeloop.label.api import Address, Api
from activeloop.label.bodies import Nothing, Token, read
from activeloop.label.desk import Desk
from activeloop.label.gate import MOST_BODY_BYTES, App, Gate, Message, Receive, Send, TooLargeError
from activeloop.label.place import Place
from activeloop.label.rates import Rates
from activeloop.label.static import File, page_files

PER_SECOND, BURST = 50.0, 300
_log = logging.getLogger("activeloop.label")

Endpoint = Callable[[Request], Awaitable[Response]]


def application(
    desk: Desk, annotators: Annotators, place: Place, rooms: Mapping[str, Sequence[BaseRoute]] | None = None
) -> App:
    """Make the application for a place; `rooms` are routes of others by the address they hang below.

    Whoever calls a room of `rooms` must be signed in as a reviewer or owner; what it sends gets the same
    headers, so its scripts and styles are files of its own.
    """
    doors = _Doors(annotators, place)
    api = Api(desk, annotators, place.address, rooms or {})
    routes: list[BaseRoute] = [Route(path, _file(one)) for path, one in page_files().items()]
    routes += [Route(one.path, doors.to(one), methods=["POST"]) for one in api.addresses]
    routes += [
        Route("/api/media/{word}", doors.to_media(api)),
        Route("/api/enter", doors.enter, methods=["POST"]),
        Route("/api/leave", doors.leave, methods=["POST"]),
    ]
    routes += [Mount(path, doors.around(Router(own))) for path, own in (rooms or {}).items()]
    handlers = {
        HTTPException: _refused,
        TooLargeError: _too_large,
        ClientDisconnect: _gone,
        Exception: _broken,
    }
    return Gate(Starlette(routes=routes, exception_handlers=handlers), place)  # type: ignore[arg-type]


class _Doors:
    """Who is calling, and may they: one cookie, checked before anything is done."""

    def __init__(self, annotators: Annotators, place: Place) -> None:
        self._annotators, self._place = annotators, place
        self._rates, self._entries = Rates(PER_SECOND, BURST), Rates(per_second=2, burst=60)

    def to(self, address: Address) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            content = await request.body()
            return await run_in_threadpool(answered, self._secret(request), content)

        def answered(secret: str, content: bytes) -> Response:
            who = self._allowed(secret, address.role)
            if isinstance(who, Response):
                return who
            try:
                return JSONResponse(address.does(who, read(address.body, content)))
            except InputError as error:
                return _error(422, str(error))
            except StoreError as error:
                _log.error("%s", error)
                return _error(503, "the store cannot be written now; nothing was kept")

        return endpoint

    def to_media(self, api: Api) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(answered, self._secret(request), request.path_params["word"])

        def answered(secret: str, word: str) -> Response:
            who = self._allowed(secret, "annotator")
            if isinstance(who, Response):
                return who
            found = api.media(who, word)
            return (
                _error(404, "not found") if found is None else Response(found.content, media_type=found.media)
            )

        return endpoint

    def around(self, app: App) -> App:
        async def guarded(scope: Message, receive: Receive, send: Send) -> None:
            secret = self._secret(Request(scope))
            who = await run_in_threadpool(self._allowed, secret, "reviewer")
            await (who if isinstance(who, Response) else app)(scope, receive, send)

        return guarded

    async def enter(self, request: Request) -> Response:
        if not self._entries.allows(request.client.host if request.client else ""):
            return _error(429, "too many attempts; wait a second")
        try:
            token = read(Token, await request.body()).token
        except InputError as error:
            return _error(422, str(error))
        entry = await run_in_threadpool(self._annotators.enter, token)
        if entry is None:
            return _error(403, "this link was used before, or is too old; ask for a new one")
        response = JSONResponse(entry.annotator._asdict())
        response.set_cookie(
            self._place.cookie,
            entry.secret,
            max_age=int(SESSION_SECONDS),
            httponly=True,
            samesite="strict",
            secure=self._place.scheme == "https",
        )
        return response

    async def leave(self, request: Request) -> Response:
        try:
            read(Nothing, await request.body())
        except InputError as error:
            return _error(422, str(error))
        if secret := self._secret(request):
            await run_in_threadpool(self._annotators.leave, secret)
        response = JSONResponse({})
        response.delete_cookie(self._place.cookie, secure=self._place.scheme == "https", samesite="strict")
        return response

    def _secret(self, request: Request) -> str:
        return request.cookies.get(self._place.cookie, "")

    def _allowed(self, secret: str, role: Role) -> Annotator | Response:
        who = self._annotators.who(secret) if secret else None
        if who is None:
            return _error(401, "open the link that you were given, or ask for a new one")
        if not self._rates.allows(secret):
            return _error(429, "too many requests; wait a second")
        return who if who.may(role) else _error(403, f"this is for a {role}")


def _file(file: File) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return Response(file.content, media_type=file.media)

    return endpoint


def _error(status: int, told: str) -> Response:
    return JSONResponse({"error": told}, status)


async def _refused(request: Request, error: HTTPException) -> Response:
    return _error(error.status_code, error.detail)


async def _too_large(request: Request, error: TooLargeError) -> Response:
    return _error(413, f"a body has at most {MOST_BODY_BYTES} bytes")


async def _gone(request: Request, error: ClientDisconnect) -> Response:
    return _error(400, "the request ended in the middle")


async def _broken(request: Request, error: Exception) -> Response:
    return _error(500, "the server failed; what was not confirmed as saved was not saved")


_HANDLERS = {HTTPException: _refused, TooLargeError: _too_large, ClientDisconnect: _gone, Exception: _broken}
