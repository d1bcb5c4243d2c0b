"""`python -m activeloop` is the command line."""

from activeloop.cli import main

if __name__ == "__main__":
    main()
