"""The browser's entry: Pyodide runs this module."""

import flet as ft

from mobile.app import main

ft.run(main)
