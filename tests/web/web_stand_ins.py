"""A search that needs no index."""

from __future__ import annotations

import threading

from knowledge.model import Hit


class StandInSearch:
    """Finds nothing; breaks or waits when told to. Questions for the calculator never call it."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.gate: threading.Event | None = None

    def reset(self) -> None:
        """Back to finding nothing; whoever waits goes on."""
        if self.gate is not None:
            self.gate.set()
        self.error, self.gate = None, None

    def __call__(self, query: str, policies: list[str] | None) -> list[Hit]:
        """No passages."""
        if self.gate is not None:
            self.gate.wait(10)
        if self.error is not None:
            raise self.error
        return []
