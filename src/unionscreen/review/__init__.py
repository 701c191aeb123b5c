"""What people decided about donors, kept and applied on every later run.

Light on purpose: ``check`` imports :mod:`unionscreen.review.decisions` and :mod:`unionscreen.review.store`, which load
neither pandas nor pyarrow. :mod:`unionscreen.review.apply` needs a screening.
"""
