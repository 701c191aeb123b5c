"""The register of exempt organizations (IRS EO BMF) → rows of a user's list: lodges, unions and associations."""

from unionscreen.irs.importing import OUTCOMES, ImportReport, Outcome, import_register

__all__ = ["OUTCOMES", "ImportReport", "Outcome", "import_register"]
