"""Plugins of pytest: the servers and the browser the tests need."""
