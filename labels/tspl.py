"""TSPL, the language of TSC's label printers and of most Chinese ones: a label as one `BITMAP`."""

from labels.bitmap import Bitmap
from labels.templates import LabelTemplate

GAP_MM = 2
"""Between two labels of a roll."""

_INVERTED = bytes(255 - value for value in range(256))


def tspl_label(bitmap: Bitmap, template: LabelTemplate, copies: int = 1) -> bytes:
    """One label, printed `copies` times. In a TSPL bitmap a set bit is a white dot."""
    head = (
        f"SIZE {template.width_mm:g} mm,{template.height_mm:g} mm\r\nGAP {GAP_MM} mm,0 mm\r\nDIRECTION 1\r\n"
        f"REFERENCE 0,0\r\nCLS\r\nBITMAP 0,0,{bitmap.row_bytes},{bitmap.height},0,"
    )
    return head.encode("ascii") + bitmap.data.translate(_INVERTED) + f"\r\nPRINT {copies},1\r\n".encode("ascii")
