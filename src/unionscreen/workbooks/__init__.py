"""Read workbooks in a separate process, so that a damaged workbook harms only that process.

``reading.read_workbook`` starts the process, ``child`` runs in it, and ``extent`` checks the size before reading.
"""
