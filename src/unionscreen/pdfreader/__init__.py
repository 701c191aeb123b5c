"""What runs in the process that reads a PDF, apart from the rest so that it starts quickly and imports little."""
