"""Adds to a CycloneDX list of the jars what else the image has of ours: prints it.

    python sbom.py BOM SITE_PACKAGES JAVA

The base image's packages are listed by itself, under /var/lib/dpkg.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zipfile
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

# What /usr/local/lib/spvn/tini is; the launcher's Java is told by its own file.
TINI = {
    "type": "application",
    "name": "tini",
    "licenses": [{"license": {"id": "MIT"}}],
}


def python_package(distribution: Distribution) -> dict[str, Any]:
    metadata = distribution.metadata
    name, version = metadata["Name"], metadata["Version"]
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name.lower()}@{version}",
        "licenses": [{"license": {"name": licence(distribution)}}],
    }


def licence(distribution: Distribution) -> str:
    metadata = distribution.metadata
    for key in ("License-Expression", "License"):
        said = metadata.get(key)
        if said:
            return str(said).splitlines()[0]
    classifiers = [str(each) for each in metadata.get_all("Classifier") or []]
    names = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::")]
    return ", ".join(names) or "see its files"


def java(home: Path) -> dict[str, Any]:
    """As its file `release` says it."""
    said = dict(re.findall(r'^(\w+)="(.*)"$', (home / "release").read_text(), re.MULTILINE))
    return {
        "type": "platform",
        "name": f"OpenJDK ({said.get('IMPLEMENTOR', 'unknown')})",
        "version": said["JAVA_VERSION"],
        "description": f"modules: {said.get('MODULES', '')}",
        "licenses": [{"expression": "GPL-2.0-only WITH Classpath-exception-2.0"}],
    }


def as_it_is(component: dict[str, Any], jars: Path) -> None:
    """Tells of a jar that is not as its makers have published it, and that it was changed."""
    jar = jars / f"{component['name']}-{component.get('version')}.jar"
    if not jar.exists():
        return
    digest = hashlib.sha256(jar.read_bytes()).hexdigest()
    told = {"alg": "SHA-256", "content": digest}
    published = component.get("hashes", [])
    if published and told not in published:
        component["hashes"] = [told]
        component["pedigree"] = {"notes": changed(jar)}


def changed(jar: Path) -> str:
    """What the manifest says of it."""
    with zipfile.ZipFile(jar) as archive:
        manifest = archive.read("META-INF/MANIFEST.MF").decode().replace("\r\n ", "")
    said = re.search(r"^Changed-By-Spvn: (.*?)\r?$", manifest, re.MULTILINE)
    return said[1] if said else "not as published"


def main(bom: Path, site: Path, home: Path) -> None:
    whole = json.loads(bom.read_text())
    for component in whole["components"]:
        as_it_is(component, site / "spvn" / "app" / "libs")
    packages = sorted(Distribution.discover(path=[str(site)]), key=lambda each: each.name)
    whole["components"] += [java(home), TINI, *map(python_package, packages)]
    print(json.dumps(whole, indent=1))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
