"""Build the style sheet, the fonts and the icons once from the packages of `frontend/package.json`.

`python -m omkering.ui.build_css NODE_MODULES` takes the folder that `npm ci --ignore-scripts` made, the
sources in `frontend/css/` and writes `omkering/ui/static/ui/`. The result is committed; Node is not needed
to run the product. Of the design tokens only those are kept that a rule reaches through `var()`.
"""

import argparse
import gzip
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "frontend" / "css"
TARGET = Path(__file__).resolve().parent / "static" / "ui"
THEME_CLASS = "leden-theme"

UTRECHT = [
    *("root", "document", "body", "page-layout", "page-body", "page-header", "page-footer", "nav-bar"),
    *("nav-list", "breadcrumb-nav", "alert", "table", "pagination", "form-field", "form-label"),
    *("form-field-description", "form-field-error-message", "form-fieldset", "textbox", "textarea", "select"),
    *("checkbox", "radio-button", "link", "link-list", "button-group"),
]
CANDIDATE = ["button", "link", "heading", "paragraph", "skip-link", "data-badge", "number-badge", "mark"]

# Name in the product: name in Tabler.
ICONS = {
    "alert": "alert-triangle",
    "arrow-down": "arrow-down",
    "arrow-right": "arrow-right",
    "arrow-up": "arrow-up",
    "bell": "bell",
    "building": "building-community",
    "calendar": "calendar",
    "check": "check",
    "chevron-down": "chevron-down",
    "chevron-left": "chevron-left",
    "chevron-right": "chevron-right",
    "circle-check": "circle-check",
    "clock": "clock",
    "cross": "x",
    "download": "download",
    "edit": "edit",
    "error": "alert-circle",
    "external": "external-link",
    "file": "file-text",
    "filter": "filter",
    "heart-handshake": "heart-handshake",
    "help": "help-circle",
    "info": "info-circle",
    "key": "key",
    "link": "link",
    "lock": "lock",
    "mail": "mail",
    "map": "map-2",
    "megaphone": "speakerphone",
    "menu": "menu-2",
    "merge": "git-merge",
    "message": "message-2",
    "minus": "minus",
    "network": "affiliate",
    "plus": "plus",
    "receipt": "certificate",
    "rss": "rss",
    "scale": "scale",
    "search": "search",
    "settings": "settings",
    "sort": "selector",
    "split": "arrows-split-2",
    "star": "star",
    "trash": "trash",
    "undo": "arrow-back-up",
    "upload": "upload",
    "user": "user",
    "users": "users",
}

DECLARATION = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")
REFERENCE = re.compile(r"var\(\s*(--[\w-]+)")


def shrink(css: str) -> str:
    """Take out comments and white space that mean nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    css = re.sub(r": ", ":", css)
    return css.replace(";}", "}").strip()


def _component_files(modules: Path) -> Iterator[Path]:
    library = modules / "@utrecht" / "component-library-css" / "node_modules" / "@utrecht"
    for name in UTRECHT:
        places = [library / f"{name}-css", modules / "@utrecht" / f"{name}-css"]
        yield next(p / "dist" / "index.css" for p in places if p.exists())
    for name in CANDIDATE:
        yield modules / "@nl-design-system-candidate" / f"{name}-css" / "dist" / f"{name}.css"


def style_sheet(modules: Path) -> str:
    """The whole style sheet: tokens, components in a lower layer, our own layer on top."""
    components = "\n".join(path.read_text() for path in _component_files(modules))
    # A required field is not wrong before anyone has typed in it: only what the server says is an error.
    components = re.sub(r"(?<=[\w\])]):invalid\b", '[aria-invalid="true"]', components)
    own = {path.name: path.read_text() for path in sorted(SOURCES.glob("*.css"))}
    theme = own.pop("1-theme.css")
    tokens_file = modules / "@nl-design-system-unstable" / "voorbeeld-design-tokens" / "dist" / "theme.css"
    tokens = dict(DECLARATION.findall(tokens_file.read_text()))
    tokens.update(DECLARATION.findall(re.sub(r"/\*.*?\*/", "", theme, flags=re.S)))
    layer = "\n".join(own.values())
    needed = set(REFERENCE.findall(components + layer))
    queue = list(needed)
    while queue:
        for name in REFERENCE.findall(tokens.get(queue.pop(), "")):
            if name not in needed:
                needed.add(name)
                queue.append(name)
    kept = "".join(f"{k}:{' '.join(v.split())};" for k, v in tokens.items() if k in needed)
    return f".{THEME_CLASS}{{{kept}}}\n@layer parts{{{shrink(components)}}}\n{shrink(layer)}\n"


def icon_sprite(modules: Path) -> str:
    """One SVG with a symbol per icon, to be referred to as `icons.svg#name`."""
    symbols = []
    for name, source in sorted(ICONS.items()):
        svg = (modules / "@tabler" / "icons" / "icons" / "outline" / f"{source}.svg").read_text()
        shapes = re.findall(r"<(?:path|circle|line|rect|polyline)\b[^>]*/>", svg)
        shapes = [re.sub(r"\s+", " ", s) for s in shapes if 'stroke="none"' not in s]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{chr(10).join(symbols)}\n</svg>\n'


def build(modules: Path) -> dict[str, int]:
    """Write all files; returns their sizes in bytes by name."""
    fonts = TARGET / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    (TARGET / "app.css").write_text(style_sheet(modules))
    (TARGET / "icons.svg").write_text(icon_sprite(modules))
    source = modules / "@fontsource-variable" / "source-sans-3" / "files"
    for part in ("latin", "latin-ext"):
        shutil.copyfile(
            source / f"source-sans-3-{part}-wght-normal.woff2", fonts / f"source-sans-3-{part}.woff2"
        )
    names = ("app.css", "icons.svg", "fonts/source-sans-3-latin.woff2", "fonts/source-sans-3-latin-ext.woff2")
    return {name: (TARGET / name).stat().st_size for name in names}


def main(arguments: list[str] | None = None) -> int:
    """Command line: build from the given `node_modules`."""
    parser = argparse.ArgumentParser(prog="python -m omkering.ui.build_css", description=__doc__)
    parser.add_argument(
        "modules", type=Path, help="the node_modules folder, for example frontend/node_modules"
    )
    modules = parser.parse_args(arguments).modules
    if not (modules / "@utrecht").is_dir():
        parser.error(f"{modules} holds no packages; run `npm ci --ignore-scripts` in frontend/ first")
    for name, size in build(modules).items():
        print(f"{size:>8}  {name}")  # noqa: T201
    packed = len(gzip.compress((TARGET / "app.css").read_bytes(), 9))
    print(f"{packed:>8}  app.css, compressed")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
