"""The local start: real servers without Docker or root, for `make run` and the tests, for nothing else."""
