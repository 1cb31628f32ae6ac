"""Careerplan: make, keep and act on your own career action plan."""

import os
import zoneinfo

# Matrices here are so small that a second thread of OpenBLAS only spins beside the first: a third of the CPU of a
# ranking. Read when numpy is imported, which is later.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The tzdata package decides for every process and machine, never the files of the system (docs/adr/0033). Here, because
# this comes before the first zone is made.
zoneinfo.reset_tzpath(())
zoneinfo.ZoneInfo.clear_cache()
