"""How words sound: what is typed by ear has the sound of what is meant."""

from __future__ import annotations


def sounds(text: str) -> tuple[str, ...]:
    """Toneless pinyin of each character; other characters sound as they are written.

    Args:
        text: Folded.
    """
    # pypinyin loads its dictionary on import, a fifth of a second.
    from pypinyin import Style, pinyin

    return tuple(pinyin(char, style=Style.NORMAL)[0][0] if "\u4e00" <= char <= "\u9fff" else char for char in text)
