"""The compose file for real: a Docker engine of its own, stand-ins for the images of a registry, an operator's work.

`make compose-test` runs it. It is not part of the test suite: it takes root, Docker and some minutes.
"""
