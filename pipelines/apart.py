"""Work in a second process, which ends with this one, also when this one is killed.

A night is one process, most of it in Python and so on one core. What takes seconds and needs nothing of the night but files
runs beside it: the import of Great Expectations while files are landed, one of the book's two languages. Keep out: the work.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any


class Apart:
    """A process that runs one function at a time; ``modules`` are imported as soon as it starts.

    Functions are named by module and arguments are pickled. One thread at a time may use it.
    """

    def __init__(self, name: str, *modules: str) -> None:
        self._name, self._modules = name, modules
        self._pipe: Connection | None = None
        atexit.register(self.stop)

    def start(self) -> None:
        """Starts the process, which imports its modules meanwhile. Does nothing where it runs."""
        if self._pipe is None:
            self._pipe, there = multiprocessing.Pipe()
            # Not a copy of this process, which has threads and open files.
            context = multiprocessing.get_context("spawn")
            self._process = context.Process(target=_serve, args=(there, self._modules), name=self._name, daemon=True)
            self._process.start()
            there.close()

    def begin(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Has ``function`` run there; :meth:`result` waits for it."""
        self.start()
        self._pipe.send((function, arguments))

    def result(self) -> Any:
        """What the function returned. Raises RuntimeError with its last words when it or the process broke."""
        try:
            returned, trouble = self._pipe.recv()
        except (EOFError, OSError):
            self.stop()
            raise RuntimeError(f"the process {self._name} ended before it had an answer") from None
        if trouble:
            raise RuntimeError(trouble)
        return returned

    def stop(self) -> None:
        """Ends the process at once, whatever it does."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
            self._process.kill()
            self._process.join()


def _serve(pipe: Connection, modules: tuple[str, ...]) -> None:
    # Ctrl-C goes to the whole group, and the night decides what ends. What libraries print is not for the terminal.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    parent = multiprocessing.parent_process()
    threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()
    for module in modules:
        import_module(module)
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        try:
            answer = (function(*arguments), None)
        except Exception:
            answer = (None, traceback.format_exc(limit=-3))
        pipe.send(answer)
