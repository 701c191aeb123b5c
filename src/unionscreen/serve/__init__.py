"""The local web service: the page, the JSON API and the reconciliation service for OpenRefine."""
