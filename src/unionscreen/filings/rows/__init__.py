"""Blocks of text to contributions: lines, amounts, dates, names and codes."""
