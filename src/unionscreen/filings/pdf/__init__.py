"""PDF filings: read what has text, to the cent of the form's own total, or refuse.

``process`` reads the file in a process of its own (``unionscreen.pdfreader``); ``forms`` are definitions in TOML;
``rows`` takes the rows off the pages, ``gates`` compares them with the form's lines, ``report`` is the whole way.
"""
