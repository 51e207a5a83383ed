"""The bill of materials of a set (SBOM) in CycloneDX's JSON: what licences.py found out, in a form that programs read.

Run as a program in the build's environment, since the library that writes the document is there:
`python -m buildlib.package.bill OUTPUT`, with the rows as JSON on standard input. The same rows give the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from buildlib import compile as native
from buildlib import console, environment
from buildlib.layout import ROOT, Target
from buildlib.package.licences import Shipped

FILE = "vcshim.cdx.json"
_OWN = "virtualcard-shim"


def write(folder: Path, target: Target, shipped: Sequence[Shipped]) -> None:
    """Put the document into a folder of licences."""
    rows = [
        {
            "name": each.component.name,
            "version": each.version,
            "licence": each.component.licence,
            "purl": each.component.purl + (f"@{each.version}" if each.version else ""),
            "home": each.component.home,
        }
        for each in shipped
    ]
    environment.ensure("package")
    output = folder / FILE
    words: list[str | Path] = [environment.python(), "-m", "buildlib.package.bill", output]
    text = json.dumps({"set": target.name, "version": native.version(), "rows": rows})
    console.run(words, cwd=ROOT, stdin=text)


def document(values: dict[str, Any]) -> str:
    """The document: ours is what it describes, and all others are its parts. No date and no number of its own, so that
    it is the same for the same set."""
    from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    def component(row: dict[str, str]) -> Component:
        custom = row["licence"].startswith("LicenseRef-")
        licence = DisjunctiveLicense(name=row["licence"]) if custom else LicenseExpression(row["licence"])
        own = row["name"] == _OWN
        return Component(
            name=row["name"],
            type=ComponentType.APPLICATION if own else ComponentType.LIBRARY,
            version=row["version"] or None,
            licenses=[licence],
            purl=PackageURL.from_string(row["purl"]),
            bom_ref=row["purl"],
            external_references=[ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(row["home"]))]
            if row["home"]
            else [],
        )

    parts = {row["name"]: component(row) for row in values["rows"]}
    own = parts.pop(_OWN)
    bom = Bom(components=parts.values(), serial_number=_number(json.dumps(values, sort_keys=True)))
    bom.metadata.component = own
    bom.register_dependency(own, parts.values())
    content = json.loads(JsonV1Dot6(bom).output_as_string())
    del content["metadata"]["timestamp"]
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _number(text: str) -> Any:
    from uuid import NAMESPACE_URL, uuid5

    return uuid5(NAMESPACE_URL, text)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(document(json.load(sys.stdin)).encode())
