"""The register of exempt organizations (IRS EO BMF) → rows of an own list: its lodges, unions and associations."""

from unionscreen.irs.importing import ACTIONS, Outcome, Report, import_register

__all__ = ["ACTIONS", "Outcome", "Report", "import_register"]
