"""The command line: reads what a person typed, calls the library, and writes what it says."""
