"""The process that reads a PDF, separate from the rest so that it starts quickly and imports little."""
