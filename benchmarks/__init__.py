"""What the program exists for, measured: `make bench`."""
