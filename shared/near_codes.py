"""What somebody may have meant who typed a code of ours wrong: whole codes at the distance of one slip."""

from shared.label_code import ALPHABET, LENGTH, VERSION, CodeKind, LabelCode, fold, parse

LEAST = 4
"""Kind, version and two characters: less is no beginning of a code that tells anything."""

MOST = LENGTH + 4
_KINDS = frozenset(kind.value for kind in CodeKind)


def is_like_a_code(text: str) -> bool:
    """Whether somebody meant to type a code of ours: it begins like one, and is about as long at most.

    Looser than `parse`, which calls a text another system's where one of its characters is none of ours.
    """
    folded = fold(text)
    begins = folded[:1] in _KINDS and folded[1:2] == VERSION
    return begins and LEAST <= len(folded) <= MOST and folded.isascii() and folded.isalnum()


def near_codes(text: str) -> frozenset[str]:
    """The whole codes that this text is one slip away from: a wrong character, two swapped, one missing or too many.

    About one in a thousand of what is tried is whole by chance, so most of them exist nowhere.
    """
    folded = fold(text)
    if not LENGTH - 1 <= len(folded) <= LENGTH + 1:
        return frozenset()
    tried: set[str] = set()
    for at in range(len(folded) + 1):
        before, after = folded[:at], folded[at:]
        tried.add(before + after[1:])
        tried.add(before + after[1:2] + after[:1] + after[2:])
        tried |= {before + one + after for one in ALPHABET}
        tried |= {before + one + after[1:] for one in ALPHABET}
    whole = (parse(one) for one in tried if len(one) == LENGTH)
    return frozenset(read.text for read in whole if isinstance(read, LabelCode))
