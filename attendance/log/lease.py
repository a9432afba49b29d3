"""Connections that threads borrow one after another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    def close(self) -> object: ...


C = TypeVar("C", bound=Closable)


class Connections(Generic[C]):
    """As many connections as were ever in use at once. One that failed is not used again."""

    def __init__(self, connect: Callable[[], C]) -> None:
        self._connect = connect
        self._idle: list[C] = []
        self._closed = False

    @contextmanager
    def lease(self) -> Iterator[C]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        if self._closed:
            self.close()

    def close(self) -> None:
        """Close the idle ones now, and those in use when they come back."""
        self._closed = True
        with suppress(IndexError):
            while True:
                self._idle.pop().close()
