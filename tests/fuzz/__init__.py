"""Inputs by the thousand: well-formed filings against an oracle, damaged files of every kind, and kills at any moment.

`python -m fuzz --inputs 10000` (``make fuzz``) is the long run. The tests beside this run a short one with fixed seeds.
Every input follows from its kind and its seed alone, so that ``--kind KIND --seed SEED --inputs 1`` makes it again.
"""
