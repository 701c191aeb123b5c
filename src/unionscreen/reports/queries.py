"""Views of a report's database, and the queries that are saved beside it. Both show money in US dollars."""

from __future__ import annotations

from typing import Final

from unionscreen.output.tables import DatabaseParts, DatabaseQuery
from unionscreen.reports.words import CAUTION

_VIEWS: Final = (
    DatabaseQuery(
        "flags_in_dollars",
        "Flags, in dollars",
        "Contributions of police unions; the amounts of the counted rows add up to the net totals.",
        """
  SELECT id, prosecutor, recipient, date, contributor, "union", organization, tier, amount_cents / 100.0 AS amount,
         kind, status, counted, score, why, source, row, recipient_name, year
    FROM flags ORDER BY date, id""",
        facets=("recipient_name", "year", "tier"),
    ),
    DatabaseQuery(
        "money_by_prosecutor",
        "Money by prosecutor, in dollars",
        "One row each, the largest net total first; rows is how many of a union are counted.",
        """
  SELECT prosecutor_id, name, office, jurisdiction,
         raised_cents / 100.0 AS raised, flagged_gross_cents / 100.0 AS given,
         flagged_refunded_cents / 100.0 AS returned, flagged_net_cents / 100.0 AS net, flagged_rows AS rows,
         flagged_not_counted AS not_counted
    FROM prosecutors ORDER BY flagged_net_cents DESC, name""",
    ),
    DatabaseQuery(
        "money_by_union",
        "Money by union, in dollars",
        "One row for each organization, the largest net total first. The tier pattern means that it is not identified "
        "with one on the list.",
        """
  SELECT "union", organization, tier, union_kind, rows, gross_cents / 100.0 AS given,
         refunded_cents / 100.0 AS returned, net_cents / 100.0 AS net, not_counted
    FROM by_union ORDER BY net_cents DESC, organization""",
        facets=("tier", "union_kind"),
    ),
)
_QUERIES: Final = (
    DatabaseQuery(
        "flagged_by_union",
        "Flagged money by union",
        "In US dollars, with each organization's percentage of the net total. A donor with the tier pattern is not "
        "identified with an organization on the list, and has its name as filed.",
        """
SELECT organization, tier, union_kind AS kind, rows, gross_cents / 100.0 AS given, refunded_cents / 100.0 AS returned,
       net_cents / 100.0 AS net, round(100.0 * net_cents / nullif(sum(net_cents) OVER (), 0), 1) AS percent, not_counted
  FROM by_union
 ORDER BY net_cents DESC, organization""",
    ),
    DatabaseQuery(
        "flagged_by_prosecutor_and_year",
        "Flagged money by prosecutor and year",
        "In US dollars; a refund is in the year when it was made, and rows without a date have no year. A year that is "
        "missing has no flagged rows. That does not mean that a filing covers it: see the table inputs.",
        """
SELECT recipient_name, year, sum(counted) AS rows,
       sum(iif(counted, max(amount_cents, 0), 0)) / 100.0 AS given,
       sum(iif(counted, max(-amount_cents, 0), 0)) / 100.0 AS returned,
       sum(iif(counted, amount_cents, 0)) / 100.0 AS net, sum(NOT counted) AS not_counted
  FROM flags
 GROUP BY prosecutor_id, year
 ORDER BY recipient_name, year IS NULL, year""",
    ),
    DatabaseQuery(
        "rows_with_doubt",
        "Flagged rows with a doubt",
        "Rows to check first, and the reason. A row without one of these doubts is still only a lead.",
        """
SELECT recipient_name, date, contributor, organization, amount_cents / 100.0 AS amount, counted,
       rtrim(iif(tier = 'pattern', 'only the wording of the name; ', '')
          || iif(could_be <> '', 'may be one of several organizations; ', '')
          || iif(date IS NULL, 'no date; ', '')
          || iif(decision = 'unsure', 'reviewed, and not decided; ', ''), '; ') AS doubt,
       score, could_be, why, source, row, id
  FROM flags
 WHERE doubt <> ''
 ORDER BY abs(amount_cents) DESC, id""",
    ),
    DatabaseQuery(
        "what_was_not_seen",
        "What was not seen",
        "Rows and files that were not screened, rows without a date or a donor, and the notes of the run.",
        """
SELECT 'Row not screened' AS what, source || ':' || row AS place, reason AS explanation FROM rejects
 UNION ALL
SELECT 'File without a screened row', path, rows_read || ' rows read' FROM inputs WHERE rows_screened = 0
 UNION ALL
SELECT what, NULL, value FROM diary
 WHERE value <> '0' AND (fact IN ('rows_not_looked_up', 'rows_without_donor', 'undated') OR fact LIKE 'left_out%')
 UNION ALL
SELECT 'Files not read', NULL, value FROM manifest WHERE key IN ('failed_files', 'without_contributions')
 UNION ALL
SELECT 'Note', NULL, value FROM manifest WHERE key = 'note'
 UNION ALL
SELECT 'In no table', NULL, 'Filings that were not given, and gifts below the itemization threshold'""",
    ),
)
DATABASE: Final = DatabaseParts(f"{CAUTION} The views and queries show US dollars.", _VIEWS, _QUERIES)
