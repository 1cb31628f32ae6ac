"""The units of deploy/systemd for real: a Debian that is booted, and an operator who installs, upgrades and restores.

`make systemd-test` runs it. It is not part of the test suite: it takes root, systemd-nspawn and some minutes.
"""
