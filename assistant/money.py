"""How amounts are written in replies."""

from __future__ import annotations

from decimal import Decimal

_WAN = 10_000


def yuan_text(yuan: int) -> str:
    """Whole yuan as people say it: ``40 万元``, ``12.5 万元``, below that ``1,234 元``.

    Args:
        yuan: The amount; its sign is kept.
    """
    if abs(yuan) >= _WAN and yuan % 100 == 0:
        return f"{(Decimal(yuan) / _WAN).normalize():f} 万元"
    return f"{yuan:,} 元"
