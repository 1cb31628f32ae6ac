"""Careerplan: make, keep and act on your own career action plan."""
