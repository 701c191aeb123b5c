"""PDF filings: read those with text so that the rows equal the form's own total to the cent, or refuse them.

``process`` reads the file in a separate process (``unionscreen.pdfreader``); ``forms`` are definitions in TOML;
``rows`` reads the rows from the pages, ``gates`` compares them with the form's lines, ``report`` combines all steps.
"""
