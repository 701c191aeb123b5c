"""What people decided about donors, kept and applied on every later run.

Light to import, because ``check`` uses it: neither pandas nor pyarrow is loaded until a screening needs them.
"""
