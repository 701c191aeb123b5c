"""Workbooks read in a process of their own: what a damaged one does to the reader it does to that process alone.

``reading.read_workbook`` starts the process, ``child`` is what runs in it, ``extent`` looks before it leaps.
"""
