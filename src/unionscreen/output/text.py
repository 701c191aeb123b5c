"""Text from a filing, made safe to show: :mod:`unionscreen.safe_text`, which loads no format."""

from unionscreen.safe_text import to_json, visible, visible_lines

__all__ = ["to_json", "visible", "visible_lines"]
