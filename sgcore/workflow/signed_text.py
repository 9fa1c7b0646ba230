"""What people write under their name: cleaned, measured, and refused where it cannot be shown."""

from __future__ import annotations

import unicodedata

from sgcore.errors import UsageError

#: Unicode's categories and directions of what cannot be shown, or shows other text otherwise.
_ODD = ("Cc", "Cs")
_TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
#: Letters of a text and of a name.
MAX_TEXT, MAX_AUTHOR = 4_000, 100


def author(name: str) -> str:
    return cleaned(" ".join(name.split()), "name", MAX_AUTHOR)


def cleaned(text: str, what: str, longest: int) -> str:
    """Text without white space at its ends, lines ended alike; refused where it is empty or cannot be shown."""
    kept = "\n".join(text.splitlines()).strip()
    if not any(letter.isprintable() and not letter.isspace() for letter in kept):
        raise UsageError(f"The {what} is empty. Give at least one letter.")
    if len(kept) > longest:
        raise UsageError(
            f"The {what} has {len(kept):,} letters; at most {longest:,} are kept. Nothing was stored: shorten it"
            f"{', or write a second note' if what == 'note' else ''}."
        )
    # Half of a character of two parts, what a terminal would obey, and what turns the text after it round.
    odd = sorted({ord(x) for x in kept if unicodedata.category(x) in _ODD and x not in "\n\t"})
    odd += sorted({ord(x) for x in kept if unicodedata.bidirectional(x) in _TURNING})
    if odd:
        named = ", ".join(f"U+{code:04X}" for code in odd[:3])
        raise UsageError(f"The {what} has characters that cannot be shown ({named}). Remove them.")
    return kept
