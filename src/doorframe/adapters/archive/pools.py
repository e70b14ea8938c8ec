"""Who does the tasks: processes on this machine, or a Dask cluster. Both answer as concurrent.futures does."""

from __future__ import annotations

import importlib
import importlib.util
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import Any, Protocol

GONE = "The cluster went away. What is done is kept; run the same command again."

PATIENCE = "20s"
"""How long a cluster may take to answer."""


class Lost(Exception):
    """A cluster went away. Its words are for a person."""


class Pool(Protocol):
    """Does tasks.

    slots   how many it takes at once, with some that wait so that nobody idles
    broken  what a task raises when its worker died
    shared  whether then all tasks that are out fail with it; else it is the task itself, tried again and again
    """

    slots: int
    shared: bool
    broken: tuple[type[BaseException], ...]

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]: ...

    def again(self) -> None:
        """Begin anew after a worker died."""

    def gone(self) -> bool:
        """Whether nobody is there any more who could answer."""

    def close(self) -> None: ...


class Processes:
    """Workers on this machine. None outlives the command, not even when that is killed."""

    broken: tuple[type[BaseException], ...] = (BrokenProcessPool,)
    shared = True

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self.slots = 2 * workers
        self._executor = self._new()

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"), initializer=begin)

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        return self._executor.submit(task, *arguments)

    def again(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = self._new()

    def gone(self) -> bool:
        return False

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


def begin() -> None:
    """In a worker: the person's Ctrl-C is the command's, and a worker whose command died ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


class Cluster:
    """Workers of a Dask cluster. They see the same folders under the same names, and have the same Doorframe."""

    shared = False

    def __init__(self, address: str) -> None:
        if importlib.util.find_spec("distributed") is None:
            raise Lost('A cluster needs Dask: python -m pip install "doorframe[dask]".')
        distributed: Any = importlib.import_module("distributed")
        try:
            self._client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
            self.slots = 2 * sum(self._client.nthreads().values())
        except (OSError, ValueError, TimeoutError) as error:
            raise Lost(f"No cluster answers at {address}, so nothing was begun.") from error
        if not self.slots:
            self._client.close()
            raise Lost(f"The cluster at {address} has no workers, so nothing was begun.")
        self._executor = self._client.get_executor()
        self.broken: tuple[type[BaseException], ...] = (distributed.scheduler.KilledWorker,)

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        try:
            future: Future[Any] = self._executor.submit(task, *arguments)
        except Exception as error:
            raise Lost(GONE) from error
        return future

    def again(self) -> None:
        """The cluster replaces its workers itself."""

    def gone(self) -> bool:
        return str(self._client.status) != "running"

    def close(self) -> None:
        self._client.close(timeout=5)
