"""Write the bill of materials of a hashed requirements file: `scripts/sbom.py requirements/base.txt sbom.cdx.json`.

CycloneDX 1.6 as JSON: each package with its version, package URL, the SHA-256 of each file that may be installed,
its licence where it is installed here, and which package asks for which. The same requirements give the same file.
"""

import re
import sys
from importlib import metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from omkering import __version__

OURS = "-r"
ENTRY = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)")


def packages(text: str) -> dict[str, tuple[str, list[str], list[str]]]:
    """Name -> version, hashes, and who asks for it (names; OURS for ourselves); ValueError where a hash is missing."""
    found: dict[str, tuple[str, list[str], list[str]]] = {}
    name = ""
    for line in text.splitlines():
        if match := ENTRY.match(line):
            name = match[1].lower()
            found[name] = (match[2], [], [])
        elif name and (digest := re.search(r"--hash=sha256:([0-9a-f]{64})", line)):
            found[name][1].append(digest[1])
        elif name and (asks := re.match(r"\s+#\s+(?:via )?([A-Za-z0-9._-]+)\s*$", line)) and asks[1] != "via":
            found[name][2].append(asks[1].lower())
        elif name and re.match(r"\s+#\s+(via )?-r ", line):
            found[name][2].append(OURS)
    if without := [name for name, (_version, hashes, _asked) in found.items() if not hashes]:
        raise ValueError(f"no hash for {', '.join(without)}")
    return found


def licence(name: str) -> str:
    """The licence that an installed package states; "" where it is not installed or states none."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    stated = about.get("License-Expression") or ""
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    return stated or (classifiers[0].rpartition(" :: ")[2] if classifiers else "")


def build(text: str) -> Bom:
    """The bill of materials of a requirements file."""
    licences = LicenseFactory()
    root = Component(name="omkering", version=__version__, type=ComponentType.APPLICATION, bom_ref="omkering")
    root.licenses.add(licences.make_from_string("EUPL-1.2"))
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, text))
    bom.metadata.component = root
    bom.metadata.timestamp = None  # type: ignore[assignment]
    wanted = packages(text)
    components = {}
    for name, (version, hashes, _asked) in wanted.items():
        component = Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            bom_ref=f"{name}@{version}",
            purl=PackageURL("pypi", None, name, version),
            external_references=[
                ExternalReference(
                    type=ExternalReferenceType.DISTRIBUTION,
                    url=XsUri(f"pkg:pypi/{name}@{version}"),
                    hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
                    comment=f"file {number}",
                )
                for number, digest in enumerate(hashes, start=1)
            ],
        )
        if stated := licence(name):
            component.licenses.add(licences.make_from_string(stated))
        bom.components.add(component)
        components[name] = component
    for name, component in components.items():
        for asker in [root if name == OURS else components[name] for name in wanted[name][2]]:
            bom.register_dependency(asker, [component])
    return bom


def main() -> None:
    """Command line: the requirements file, and where to write."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    bom = build(source.read_text())
    target.write_text(JsonV1Dot6(bom).output_as_string(indent=1) + "\n")
    print(f"Written to {target}: {len(bom.components)} packages.")  # noqa: T201


if __name__ == "__main__":
    main()
