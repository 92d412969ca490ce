"""Lengths in writing. They are kept in whole tenths of a millimetre."""


def millimetres(tenth_mm: int) -> str:
    """In millimetres, with a decimal only where there is one: 20505 is `2050.5`, 8000 is `800`."""
    whole, rest = divmod(abs(tenth_mm), 10)
    sign = "-" if tenth_mm < 0 else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"
