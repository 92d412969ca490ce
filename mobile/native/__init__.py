"""The app on a station PC: a local process whose page is in the local browser. `python -m mobile.native` starts it."""
