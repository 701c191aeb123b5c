"""Which column means what: formats, detection, header mapping, lookup files and joins."""
