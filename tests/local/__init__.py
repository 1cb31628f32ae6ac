"""Tests of the local start: real processes, nothing of ours mocked."""
