"""The local start: real servers without Docker or root, only for `make run` and the tests."""
