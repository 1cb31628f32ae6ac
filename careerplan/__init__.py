"""Careerplan: make, keep and act on your own career action plan."""

import zoneinfo

# The tzdata package decides for every process and machine, never the files of the system (docs/adr/0033). Here, because
# this comes before the first zone is made.
zoneinfo.reset_tzpath(())
zoneinfo.ZoneInfo.clear_cache()
