"""A slider whose name and value a screen reader hears where the keyboard moves it."""

from collections.abc import Callable

from nicegui import ui


def slider(label: str, most: int, value: int, said: Callable[[int], str]) -> ui.slider:
    """Offer the whole numbers from 0.

    Quasar's track takes the keyboard and its root has the name and the value: `workbench.js` gives
    them to the track.

    Parameters
    ----------
    label : its name
    most : the largest number
    value : at first
    said : a number in words, with its unit
    """
    shown = ui.slider(min=0, max=most, step=1, value=value)
    shown.props["aria-label"] = label
    shown.props["aria-valuetext"] = said(value)

    def tell() -> None:
        shown.props["aria-valuetext"] = said(int(shown.value))

    shown.on_value_change(tell)
    return shown
