"""``python -m unionscreen``."""

from unionscreen.cli import main

if __name__ == "__main__":  # a worker process imports this module, and must not run it again
    main()
