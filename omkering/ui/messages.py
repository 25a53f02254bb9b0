"""Screen texts: compile the catalogues, and check that every text has its Dutch.

`python -m omkering.ui.messages` compiles each `omkering/<app>/locale/<language>/LC_MESSAGES/django.po` to
`.mo` when the source is newer; no gettext binary is needed. `--check` also reports every text that is
missing, empty, fuzzy or obsolete, whose placeholders differ, or that two apps translate differently. `--stub
APP` adds the missing texts to an app's catalogue with an empty translation, for its author to fill in.
"""

import argparse
import ast
import io
import re
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGE = "nl"

# Functions whose arguments are texts; `_now` is gettext where a module has gettext_lazy as _.
KEYWORDS = {"_", "_now", "gettext_noop"} | {
    f"{prefix}gettext{lazy}" for prefix in ("", "n", "p", "np") for lazy in ("", "_lazy")
}
CALL = re.compile(r"(?<![\w.])(_|n?p?gettext)\(")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdif]|(?<!%)%[sdif]|\{(\w*)\}")


@dataclass(frozen=True, order=True)
class Text:
    """One text to translate: `context` and `plural` are empty where it has none."""

    msgid: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True)
class Problem:
    """One fault of a catalogue: the app, what is wrong, and the text."""

    app: str
    kind: str
    text: str
    where: str = ""

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.app}: {self.kind}: {self.text!r}{place}"


def apps(package: Path = PACKAGE) -> list[str]:
    """Names of the apps that have Python code or templates, in alphabetical order."""
    return sorted(p.name for p in package.iterdir() if (p / "__init__.py").exists())


def catalogue_path(app: str, package: Path = PACKAGE, language: str = LANGUAGE) -> Path:
    """Where an app keeps its catalogue."""
    return package / app / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_all(package: Path = PACKAGE, *, force: bool = False) -> list[Path]:
    """Compile every catalogue that is newer than its `.mo`; returns the files written."""
    written = []
    for po in sorted(package.glob("*/locale/*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if not force and mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source)
        part = mo.with_suffix(".mo.part")
        with part.open("wb") as target:
            write_mo(target, catalogue)
        part.replace(mo)
        written.append(mo)
    return written


def _text(function: str, given: list[str]) -> Text | None:
    """The text of a call of a gettext function with these string arguments; None where it has none."""
    prefix = function.split("gettext")[0]
    context = given.pop(0) if "p" in prefix and given else ""
    if not given or not given[0]:
        return None
    return Text(given[0], given[1] if "n" in prefix and len(given) > 1 else "", context)


def _python_texts(source: str) -> Iterator[tuple[int, Text]]:
    """By the syntax tree: Babel's own reader does not see into f-strings before Python 3.12."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        if function not in KEYWORDS:
            continue
        given = [
            a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else "" for a in node.args
        ]
        text = _text(function, given)
        if text:
            yield node.lineno, text


def _call_arguments(source: str) -> list[str]:
    """Leading string arguments of the call whose opening bracket starts `source`."""
    depth, found, current = 0, [], ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.OP and token.string in "([{":
            depth += 1
        elif token.type == tokenize.OP and token.string in ")]}":
            depth -= 1
            if depth == 0:
                break
        elif token.type == tokenize.STRING:
            current += ast.literal_eval(token.string)
        elif token.string == ",":
            found.append(current)
            current = ""
    found.append(current)
    return [text for text in found if text]


def _template_texts(source: str, origin: str) -> Iterator[tuple[int, Text]]:
    from django.utils.translation.template import templatize

    code = templatize(source, origin=origin)
    for match in CALL.finditer(code):
        text = _text(match.group(1), _call_arguments(code[match.end() - 1 :]))
        if text:
            yield code.count("\n", 0, match.start()) + 1, text


def used_texts(app: str, package: Path = PACKAGE) -> dict[Text, str]:
    """Every text the app's Python and templates show, with the first place it stands."""
    found: dict[Text, str] = {}
    folder = package / app
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]):
        if "migrations" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            texts = _python_texts(source)
        elif "templates" in path.parts:
            texts = _template_texts(source, str(path))
        else:
            continue
        for line, text in texts:
            found.setdefault(text, f"{path.relative_to(folder)}:{line}")
    return found


def _key(message: Message) -> Text:
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    return Text(ids[0], ids[1] if len(ids) > 1 else "", message.context or "")


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as source:
        return read_po(source, locale=LANGUAGE)


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def _message_problems(app: str, text: Text, message: Message) -> Iterator[Problem]:
    strings = [
        s or "" for s in (message.string if isinstance(message.string, tuple | list) else [message.string])
    ]
    if message.fuzzy:
        yield Problem(app, "fuzzy", text.msgid)
    if not all(strings) or len(strings) != (2 if text.plural else 1):
        yield Problem(app, "empty", text.msgid)
        return
    wanted = _placeholders(text.msgid) | _placeholders(text.plural)
    for string in strings:
        # A singular may leave the count out; nothing may be there that the program does not fill in.
        given = _placeholders(string)
        if given - wanted or (not text.plural and given != wanted):
            yield Problem(app, "placeholders differ", text.msgid)
            return


def check(package: Path = PACKAGE) -> list[Problem]:
    """All faults of all catalogues: missing, empty, fuzzy, obsolete, placeholders, conflicting
    translations.
    """
    problems: list[Problem] = []
    translations: dict[Text, dict[str, str]] = defaultdict(dict)
    for app in apps(package):
        used = used_texts(app, package)
        known = {_key(m): m for m in _read(catalogue_path(app, package)) if m.id}
        problems += [
            Problem(app, "missing", text.msgid, used[text]) for text in sorted(used) if text not in known
        ]
        problems += [Problem(app, "obsolete", text.msgid) for text in sorted(known) if text not in used]
        for text, message in known.items():
            if text in used:
                problems += _message_problems(app, text, message)
                if message.string and all(message.string):
                    translations[text][str(message.string)] = app
    for text, by_string in translations.items():
        if len(by_string) > 1:
            owners = "; ".join(f"{string} in {app}" for string, app in sorted(by_string.items()))
            problems.append(Problem(min(by_string.values()), "translated in two ways", text.msgid, owners))
    return problems


def stub(app: str, package: Path = PACKAGE) -> int:
    """Append the app's missing texts to its catalogue with an empty translation; returns how many."""
    path = catalogue_path(app, package)
    catalogue = _read(path)
    known = {_key(m) for m in catalogue if m.id}
    missing = {text: place for text, place in used_texts(app, package).items() if text not in known}
    if not missing:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    new = Catalog(locale=LANGUAGE, fuzzy=False)
    for text in sorted(missing):
        ids = (text.msgid, text.plural) if text.plural else text.msgid
        new.add(ids, context=text.context or None, auto_comments=[missing[text]])
    buffer = io.BytesIO()
    write_po(buffer, new, width=110, omit_header=path.exists())
    if path.exists():
        with path.open("ab") as target:
            target.write(b"\n" + buffer.getvalue())
    else:
        header = (
            'msgid ""\nmsgstr ""\n"Language: nl\\n"\n"MIME-Version: 1.0\\n"\n'
            '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
            '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        )
        buffer = io.BytesIO()
        write_po(buffer, new, width=110, omit_header=True)
        path.write_bytes(header.encode() + buffer.getvalue())
    return len(missing)


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit code 1 when `--check` finds a fault."""
    parser = argparse.ArgumentParser(prog="python -m omkering.ui.messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="report texts without a good translation")
    parser.add_argument("--app", help="report on one app only, for example: --check --app listen")
    parser.add_argument("--stub", metavar="APP", help="add the missing texts of an app, to be translated")
    options = parser.parse_args(arguments)
    for app in (options.stub, options.app):
        if app and app not in apps():
            parser.error(f"there is no app {app!r}; choose from {', '.join(apps())}")
    if options.stub:
        print(f"{stub(options.stub)} texts added to {catalogue_path(options.stub)}")  # noqa: T201
        return 0
    for path in compile_all():
        print(f"compiled {path.relative_to(PACKAGE.parent)}")  # noqa: T201
    if not options.check:
        return 0
    problems = [p for p in check() if options.app in (None, p.app)]
    for problem in problems:
        print(problem)  # noqa: T201
    print(f"{len(problems)} problems")  # noqa: T201
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
