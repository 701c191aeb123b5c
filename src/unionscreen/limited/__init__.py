"""Readers that run in a process of their own, within limits: a damaged file ends that process alone.

``limits`` is what a file may cost, ``starting`` starts such a process and says in words why it ended. Both import
nothing but the standard library: the process itself loads ``limits``.
"""
