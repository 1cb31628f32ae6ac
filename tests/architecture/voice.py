"""Collect every message that a person can see, and check it against voice-lint.txt.

Run `python -m tests.architecture.voice [PATH ...]` to print the hits under some paths, with file and line.
"""

import ast
import html
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.base import DebugLexer, Token, TokenType
from jinja2 import Environment
from jinja2.ext import extract_from_ast

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(__file__).with_name("voice-lint.txt")
APPS = ("accounts", "careerplan")
TRANSLATING = {  # function -> places of its messages
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "pgettext": (1,),
    "pgettext_lazy": (1,),
    "npgettext": (1, 2),
    "npgettext_lazy": (1, 2),
}
PRINTING = {"CommandError", "ImproperlyConfigured", "BootstrapError", "StartupError", "write", "print"}
NOT_WORDS = {
    "titles",
    "code",
    "key",
    "link",
    "email",
    "password",
    "time_zone",
    "currency",
    "oasis",
    "kind",
    "state",
    "skill_keys",
}
PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|%\(\w+\)[sd]|%[sd]|\{[^{}]*\}", re.DOTALL)
ENDS_HALFWAY = re.compile(r",$|\S (a|an|the|of|to|or|and|until|from|by|since|if|unless|with)$", re.IGNORECASE)
STARTS_HALFWAY = re.compile(r"[,.;:)]|(and|or|but|so|which) |[a-z].*\.$")
NUMBER = "(two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty)"
NUMBER_WORD = re.compile(rf"\S {NUMBER}\b|\b{NUMBER} \S", re.IGNORECASE)  # a sentence with it, not the word alone
TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    path: str  # below the root of the project
    line: int
    text: str  # placeholders as {n}, without markup, white space collapsed
    is_translated: bool = True

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def make_message(path: Path, line: int | None, text: str, *, is_translated: bool = True) -> Message:
    plain = html.unescape(TAG.sub("", PLACEHOLDER.sub("{n}", text.replace("%%", "%"))))
    return Message(str(path.relative_to(ROOT)), line or 0, " ".join(plain.split()), is_translated)


def collect_messages() -> list[Message]:
    found: list[Message] = []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                found += python_messages(path)
        for path in sorted((ROOT / app).rglob("*.toml")):
            found += toml_messages(path)
        for path in sorted((ROOT / app).rglob("*.typ")):
            found += [message for message in quoted_messages(path) if " " in message.text]
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.is_file() and "emails" not in path.parts:
            found += template_messages(path)
    for path in sorted((ROOT / "templates" / "emails").rglob("*")):
        if path.is_file():
            found += mail_messages(path)
    for path in sorted((ROOT / "static" / "js").rglob("*.js")):
        found += [message for message in quoted_messages(path) if re.match(r"[A-Z]\S* \S", message.text)]
    return [message for message in found if message.text]


def python_messages(path: Path) -> Iterator[Message]:
    """Messages of gettext calls, of commands and of refusals to start."""
    nodes = list(ast.walk(ast.parse(path.read_text())))  # once: that takes most of the time
    is_model = "models" in path.relative_to(ROOT).with_suffix("").parts
    names = {
        alias.asname or alias.name: alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in nodes:
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if places := TRANSLATING.get(names.get(name, "")):
                for argument in [node.args[place] for place in places]:
                    text = _literal(argument)
                    if not (is_model and text[:1].islower()):  # a field's name, which no page shows
                        yield make_message(path, argument.lineno, text)
            elif name in PRINTING and node.args:
                yield make_message(path, node.lineno, _literal(node.args[0]), is_translated=False)
            for keyword in node.keywords:
                if keyword.arg == "help" and name in {"add_argument", "add_parser"}:
                    yield make_message(path, node.lineno, _literal(keyword.value), is_translated=False)
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "help":
            yield make_message(path, node.lineno, _literal(node.value), is_translated=False)


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) if isinstance(part, ast.Constant) else "{n}" for part in node.values)
    return ""


def template_messages(path: Path) -> Iterator[Message]:
    tokens = iter(DebugLexer(path.read_text()).tokenize())
    for token in tokens:
        if token.token_type not in {TokenType.BLOCK, TokenType.VAR}:
            continue
        name, *rest = token.split_contents() if token.token_type == TokenType.BLOCK else ("",)
        if name == "translate" and rest[0][0] in "'\"":
            yield make_message(path, token.lineno, rest[0][1:-1])
        elif name == "blocktranslate":
            for line, text in _block_texts(token, tokens):
                yield make_message(path, line, text)
        for _quote, text in re.findall(r"""\b_\((["'])(.*?)\1\)""", token.contents):
            yield make_message(path, token.lineno, text)


def _block_texts(opening: Token, tokens: Iterator[Token]) -> Iterator[tuple[int | None, str]]:
    """Yield the singular and the plural of a blocktranslate."""
    line: int | None = opening.lineno
    parts: list[str] = []
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            yield line, "".join(parts)
            if token.contents.startswith("endblocktranslate"):
                return
            line, parts = token.lineno, []
        else:
            parts.append("{n}" if token.token_type == TokenType.VAR else token.contents)


def mail_messages(path: Path) -> Iterator[Message]:
    tree = Environment(autoescape=True).parse(path.read_text())
    for line, function, texts in extract_from_ast(tree, ("_", "gettext", "ngettext", "pgettext")):
        every = [texts] if isinstance(texts, str) else [text for text in texts or () if text]
        for text in every[1:] if function == "pgettext" else every:
            yield make_message(path, line, text)


def toml_messages(path: Path) -> Iterator[Message]:
    source = path.read_text()
    lines = source.splitlines()
    for text in _toml_texts(tomllib.loads(source)):
        line = next((number for number, line in enumerate(lines, 1) if text in line), 1)
        yield make_message(path, line, text, is_translated=False)


def _toml_texts(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _toml_texts(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _toml_texts(part, key)
    elif isinstance(value, str) and key not in NOT_WORDS:
        yield value


def quoted_messages(path: Path) -> Iterator[Message]:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        for _quote, text in re.findall(r"""(["'`])((?:(?!\1).)*)\1""", line.split("//")[0]):
            yield make_message(path, number, text, is_translated=False)


def read_rules() -> list[tuple[re.Pattern[str], str]]:
    lines = [line for line in LINT.read_text().splitlines() if line and not line.startswith("# ")]
    return [(re.compile(pattern), advice) for pattern, advice in (line.split("\t") for line in lines)]


def find_hits(messages: list[Message]) -> list[str]:
    """Return a line for each message and rule that it breaks."""
    rules = read_rules()
    return [
        f"{message}\n    {match[0]!r}: {advice}"
        for message in messages
        for pattern, advice in rules
        if (match := pattern.search(message.text))
    ]


def find_pieces(messages: list[Message]) -> list[str]:
    """Return the messages of pages that end or start half-way, and so are joined to another."""
    return [
        f"{message}\n    a piece: put the whole sentence, link and all, in one message"
        for message in messages
        if message.path.startswith("templates/")
        and message.is_translated
        and (ENDS_HALFWAY.search(message.text) or STARTS_HALFWAY.match(message.text))
    ]


def find_number_words(messages: list[Message]) -> list[str]:
    """Return the messages with a number in letters. The examples of skills are people's own words and keep theirs."""
    return [
        f"{message}\n    {match[0]!r}: digits"
        for message in messages
        if not (message.path.endswith((".toml", "models.py")) or "/models/" in message.path)
        and (match := NUMBER_WORD.search(message.text))
    ]


def main(paths: list[str]) -> int:
    messages = collect_messages()
    if paths:
        messages = [message for message in messages if message.path.startswith(tuple(paths))]
    hits = find_hits(messages) + find_pieces(messages) + find_number_words(messages)
    touched = len({hit.split("\n")[0] for hit in hits})
    sys.stdout.write("\n".join([*hits, f"{len(hits)} hits in {touched} of {len(messages)} messages", ""]))
    return min(len(hits), 1)


if __name__ == "__main__":
    if not settings.configured:
        settings.configure()
    sys.exit(main(sys.argv[1:]))
