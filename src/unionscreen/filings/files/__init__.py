"""Bytes to tables: one module for each kind of container, and where the bytes come from."""
