"""Everything that can go wrong, by name. A scenario is a function that brings it about and gives the books."""

from collections.abc import Callable

from tests.faults import mail_server, races, senders, servers
from tests.faults.books import Books
from tests.faults.size import Size
from tests.faults.world import World

SCENARIOS: dict[str, Callable[[World, Size], Books]] = {
    "calm": senders.calm,
    "kills": senders.kills,
    "smtp": mail_server.smtp,
    "away": mail_server.away,
    "redis": servers.redis,
    "postgres": servers.postgres,
    "many": senders.many,
    "races": races.races,
    "frozen": senders.frozen,
    "clock": senders.clock,
    "refusals": mail_server.refusals,
    "silent": servers.silent,
}
