"""The scenario with a real Postfix (Debian's) between us and the sink: `make faults ARGS=postfix`.

It needs postfix and root, because its processes are users of their own. It runs from a folder of the scenario, beside
any other Postfix of this machine.
"""

import mailbox
import os
import shutil
import socketserver
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

from careerplan.local.servers import free_port
from tests.faults import mail_server
from tests.faults.books import Books
from tests.faults.sink import BOUNCING, UNKNOWN
from tests.faults.size import Size
from tests.faults.steps import begin
from tests.faults.world import World, wait_for

BOUNCES = "bounces@bounces.example.org"
NOBODY = 65534  # who writes the mailbox of what comes back
OPEN = {"relay_domains": "faults.example.org", "smtpd_helo_restrictions": "", "queue_minfree": "0"}
# How it refuses everyone, and what it then says.
REFUSALS = {
    "relay": ({"relay_domains": ""}, "5.7.1"),
    "helo": ({"smtpd_helo_restrictions": "check_helo_access static:REJECT"}, "Helo command rejected"),
    "full": ({"queue_minfree": str(10**15)}, "4.3.1"),
}


def why_not() -> str:
    """Why Postfix cannot run here, or ""."""
    if not shutil.which("postfix"):
        return "postfix is not installed"
    return "" if os.geteuid() == 0 else "Postfix is started by root only"


def let_others_enter(folder: Path) -> None:
    """Let users of the system get to a folder of ours: the processes of Postfix and PostgreSQL are such."""
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)


class Greylist(socketserver.BaseRequestHandler):
    """A policy service of Postfix: each recipient is refused once."""

    known: set[str] = set()

    def handle(self) -> None:
        """Answer requests: lines `name=value`, ended by an empty one."""
        stream, facts = self.request.makefile("rwb"), {}
        for line in stream:
            name, _equals, value = line.decode().strip().partition("=")
            if name:
                facts[name] = value
                continue
            is_known = facts["recipient"] in self.known
            self.known.add(facts["recipient"])
            stream.write(b"action=DUNNO\n\n" if is_known else b"action=450 4.2.0 Greylisted\n\n")
            stream.flush()


class Postfix:
    """A Postfix of its own that gives everything to the next mail server. Use it in a with statement."""

    def __init__(self, folder: Path, next_hop: int) -> None:
        self.port, self.conf, self.bounced = free_port(), folder / "conf", folder / "bounced" / "mbox"
        self.folder, self.next_hop = folder, next_hop
        self.policy = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greylist)
        self.policy.daemon_threads = True
        self.policy_port = self.policy.server_address[1]

    def __enter__(self) -> Self:
        for name in ("conf", "queue", "data", "bounced"):
            (self.folder / name).mkdir(parents=True)
        let_others_enter(self.folder)
        shutil.chown(self.folder / "data", "postfix")
        os.chown(self.folder / "bounced", NOBODY, NOBODY)
        master = Path("/etc/postfix/master.cf").read_text()
        (self.conf / "master.cf").write_text(master.replace("smtp      inet", f"{self.port} inet", 1))
        (self.conf / "recipients").write_text(f"if !/^{UNKNOWN}/\n/./ OK\nendif\n")
        (self.conf / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in self._settings().items()))
        self._run("postconf", "-F", "*/*/chroot = n")
        threading.Thread(target=self.policy.serve_forever, daemon=True).start()
        self._run("postfix", "start")
        return self

    def __exit__(self, *exception: object) -> None:
        self._run("postfix", "stop")
        self.policy.shutdown()
        self.policy.server_close()

    def _settings(self) -> dict[str, str]:
        return {
            "compatibility_level": "3.6",
            "queue_directory": str(self.folder / "queue"),
            "data_directory": str(self.folder / "data"),
            "maillog_file": str(self.folder / "log"),
            "maillog_file_prefixes": str(self.folder),
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "disable_dns_lookups": "yes",
            "mydestination": "",
            "mynetworks": "",
            "alias_maps": "",
            "notify_classes": "",
            "relayhost": f"[127.0.0.1]:{self.next_hop}",
            "relay_recipient_maps": f"regexp:{self.conf / 'recipients'}",
            "smtpd_relay_restrictions": "reject_unauth_destination",
            "virtual_mailbox_domains": BOUNCES.partition("@")[2],
            "virtual_mailbox_maps": "static:mbox",
            "virtual_mailbox_base": str(self.bounced.parent),
            "virtual_uid_maps": f"static:{NOBODY}",
            "virtual_gid_maps": f"static:{NOBODY}",
            **OPEN,
        }

    def set(self, **changes: str) -> None:
        """Change settings; new connections have them."""
        self._run("postconf", "-e", *(f"{name}={value}" for name, value in (OPEN | changes).items()))
        self._run("postfix", "reload")
        time.sleep(1)

    def _run(self, command: str, *arguments: str) -> None:
        done = subprocess.run([command, "-c", str(self.conf), *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command} {arguments}: {done.stderr}")

    def returned(self) -> list[bytes]:
        """What came back to the envelope sender."""
        return [bytes(message) for message in mailbox.mbox(self.bounced)] if self.bounced.exists() else []


def postfix(world: World, size: Size) -> Books:
    """A real Postfix that refuses everyone in each way, greylists, knows no such mailbox, and sends back later."""
    if why := why_not():
        return Books("postfix", 0, notes={"skipped": why})
    people = begin(world, size, people=size.refused_people)
    world.sink(unknown=BOUNCING)
    unknown = mail_server.renamed(world, people[:3], UNKNOWN)
    bouncing = mail_server.renamed(world, people[3:6], BOUNCING)
    known, since = people[6:], time.time()
    with Postfix(world.stack.var / "postfix", world.smtp_port) as server:
        extra = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}", "EMAIL_ENVELOPE_SENDER": BOUNCES}
        server.set(**REFUSALS["relay"][0])
        world.fleet.start(*world.workers(size.workers, extra=extra), *world.beats(1))
        for kind, (changes, answer) in REFUSALS.items():
            server.set(**changes)
            world.manage("reminders", "retry")
            wait_for(lambda answer=answer: answer in mail_server.stopped_by(world), 120)
            print(f"postfix: {kind}: sending stopped", flush=True)
        nobody = mail_server.refused_addresses(world)
        server.set(
            smtpd_recipient_restrictions=f"check_policy_service inet:127.0.0.1:{server.policy.server_address[1]}"
        )
        world.manage("reminders", "retry")
        took = mail_server.until_reached_hurrying(world, known, len(unknown), size.patience)
        world.until_still()
        wait_for(lambda: len(server.returned()) >= len(bouncing), 60)
        counted = [world.manage("reminders", "bounced", given=one) for one in server.returned()]
    books = world.books("postfix", known, since)
    books.recovery = took
    books.expect(nobody == set(), "no address pays for the operator's fault")
    expected = {one.address for one in (*unknown, *bouncing)}
    books.expect(mail_server.refused_addresses(world) == expected, "only mailboxes that do not exist count")
    books.expect(books.duplicates == 0, "none twice")
    books.notes = {
        "refused by": ", ".join(REFUSALS),
        "greylisted": len(Greylist.known),
        "unknown": len(unknown),
        "bounced": sum(one.startswith("Counted") for one in counted),
    }
    return books
