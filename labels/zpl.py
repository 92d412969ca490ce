"""ZPL II, the language of Zebra's label printers and of many others that understand it: a label as one `^GF` field.

The whole label goes as dots, Chinese and QR alike: what was verified is what is printed, and no font of the printer's
and no QR of its own comes into it. Rows are shortened as ZPL allows: letters count equal hex digits, `,` fills the row
with white, `!` with black, `:` repeats the row above.
"""

import re

from labels.bitmap import Bitmap

_EQUAL = re.compile(r"(.)\1{2,}")
_WHITE_END, _BLACK_END = re.compile("0+$"), re.compile("F+$")


def zpl_label(bitmap: Bitmap, code: str, copies: int = 1) -> bytes:
    """One label with this code, printed `copies` times; the code stands in a comment, for whoever reads a capture."""
    size = len(bitmap.data)
    again = f"^PQ{copies}" if copies > 1 else ""
    return (
        f"^XA^FX {code}^FS^PW{bitmap.width}^LL{bitmap.height}^LH0,0"
        f"^FO0,0^GFA,{size},{size},{bitmap.row_bytes},{_shortened(bitmap)}^FS{again}^XZ\n"
    ).encode("ascii")


def _shortened(bitmap: Bitmap) -> str:
    lines: list[str] = []
    above = None
    for row in bitmap.rows():
        lines.append(":" if row == above else _line(row.hex().upper()))
        above = row
    return "".join(lines)


def _line(digits: str) -> str:
    """One row; an end of more than one white or black digit is a comma or an exclamation mark."""
    for end, sign in ((_WHITE_END, ","), (_BLACK_END, "!")):
        kept = end.sub("", digits)
        if len(digits) - len(kept) > 1:
            return _counted(kept) + sign
    return _counted(digits)


def _counted(digits: str) -> str:
    return _EQUAL.sub(_run, digits)


def _run(equal: re.Match[str]) -> str:
    """Three and more of one digit: g to z are 20 to 400, G to Y are 1 to 19."""
    twenties, rest = divmod(len(equal[0]), 20)
    text = "z" * (twenties // 20)
    if twenties % 20:
        text += chr(ord("f") + twenties % 20)
    if rest:
        text += chr(ord("F") + rest)
    return text + equal[1]
