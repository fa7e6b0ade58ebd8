"""Finds the coordinator and speaks with it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, Mapping, NamedTuple, Optional, Union
from urllib import error, parse, request

Folder = Union[str, "os.PathLike[str]"]

_ANSWER_SECONDS = 60
# Waits before further tries of what is asked, not changed: enough for a short absence.
_PAUSES = (0.2, 0.6)


class PicomlError(Exception):
    """What was asked for was not done; the text says why and what to do about it."""

    def __init__(
        self,
        message: str,
        *,
        status: Optional[int] = None,
        diagnostics: Optional[list[Any]] = None,
        is_unreachable: bool = False,
    ) -> None:
        """`status` is the HTTP status, `diagnostics` the problems of a sweep file."""
        super().__init__(message)
        self.status = status
        self.diagnostics = diagnostics or []
        self.is_unreachable = is_unreachable


class SweepFailed(PicomlError):
    """A sweep that was waited for has failed or was cancelled; the text says why."""


class Access(NamedTuple):
    """Where the coordinator answers, and the token that it knows this person by."""

    address: str
    token: str


def find_access(
    state: Optional[Folder] = None,
    address: Optional[str] = None,
    token: Optional[str] = None,
    token_file: Optional[Folder] = None,
) -> Access:
    """What is said, else `PICOML_ADDRESS` and `PICOML_TOKEN_FILE`, else from the state folder.

    The state folder is `state`, else `PICOML_STATE`, else `.picoml`.
    """
    named = os.environ.get
    folder = Path(state or named("PICOML_STATE") or ".picoml") / "coordinator"
    address = address or named("PICOML_ADDRESS") or _published(folder / "http.json")
    parts = parse.urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise PicomlError(
            f"{address!r} is not the address of a coordinator. Write it as http://127.0.0.1:7800."
        )
    if token is None:
        file = Path(token_file or named("PICOML_TOKEN_FILE") or folder / "token")
        token = _token(file)
    return Access(address.rstrip("/"), token)


def _published(file: Path) -> str:
    try:
        return str(json.loads(file.read_text("utf-8"))["address"])
    except FileNotFoundError:
        raise PicomlError(
            f"No coordinator has run here: there is no {file}. Start one with `picoml up`, or "
            "name one with state=, or with address= and token_file=.",
            is_unreachable=True,
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise PicomlError(f"{file} is not what a coordinator writes: {problem}") from None


def _token(file: Path) -> str:
    try:
        if file.stat().st_mode & 0o077:
            raise PicomlError(
                f"The token file {file} can be read by other users. Run `chmod 600 {file}`."
            )
        token = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise PicomlError(f"The token file {file} cannot be read: {problem}") from None
    if not token or not all("!" <= letter <= "~" for letter in token):
        raise PicomlError(f"{file} does not hold a token. The coordinator writes it at its start.")
    return token


class _NoRedirect(request.HTTPRedirectHandler):
    """Follows no redirect: the token is for one address only."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


class Coordinator:
    """The HTTP side of one coordinator."""

    def __init__(self, access: Access) -> None:
        """Speaks with the coordinator that `access` names."""
        self.access = access
        host = parse.urlsplit(access.address).hostname or ""
        handlers: list[request.BaseHandler] = [_NoRedirect()]
        if host in ("localhost", "::1") or host.startswith("127."):
            # A proxy would not find what is meant for this host, but would see the token.
            handlers.append(request.ProxyHandler({}))
        self._opener = request.build_opener(*handlers)

    def get(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Any:
        """The JSON under a path of the API, such as `sweeps/3`; tried again after an absence."""
        said = {key: value for key, value in (query or {}).items() if value is not None}
        if said:
            path += "?" + parse.urlencode(said, quote_via=parse.quote)
        for pause in _PAUSES:
            try:
                return self._exchange("GET", path, None)
            except PicomlError as problem:
                if not problem.is_unreachable:
                    raise
            time.sleep(pause)
        return self._exchange("GET", path, None)

    def post(self, path: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        """Changes something; never tried twice."""
        return self._exchange("POST", path, b"" if body is None else json.dumps(body).encode())

    def _exchange(self, method: str, path: str, body: Optional[bytes]) -> Any:
        headers = {"Authorization": f"Bearer {self.access.token}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        asked = request.Request(
            f"{self.access.address}/api/v1/{path}", data=body, headers=headers, method=method
        )
        try:
            with self._opener.open(asked, timeout=_ANSWER_SECONDS) as answer:
                return json.loads(answer.read())
        except error.HTTPError as answer_error:
            raise self._refusal(answer_error.code, answer_error.read()) from None
        except (OSError, error.URLError) as problem:
            reason = getattr(problem, "reason", problem)
            raise PicomlError(
                f"No coordinator answers at {self.access.address} ({reason}). Start one with "
                "`picoml coordinator`, or check the address.",
                is_unreachable=True,
            ) from None
        except ValueError:
            raise PicomlError(
                f"What answers at {self.access.address} is no coordinator of this version."
            ) from None

    def _refusal(self, status: int, body: bytes) -> PicomlError:
        try:
            problem = json.loads(body)
            lines = [" ".join(filter(None, (problem["detail"], problem.get("fix"))))]
            diagnostics = problem.get("diagnostics") or []
        except (ValueError, KeyError, TypeError, AttributeError):
            return PicomlError(
                f"What answers at {self.access.address} says {status}.",
                status=status,
                is_unreachable=status == 503,
            )
        lines += [
            "{file}:{line}:{column}: {message} {fix}".format(**entry).rstrip()
            for entry in diagnostics
        ]
        return PicomlError(
            "\n".join(lines),
            status=status,
            diagnostics=diagnostics,
            is_unreachable=status == 503,
        )
