"""The languages of judge-node/languages/*.json: what they are called, and what their tests need of them."""

import dataclasses
import difflib
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "judge-node" / "languages"


class UnknownName(Exception):
    pass


@dataclasses.dataclass(frozen=True)
class Language:
    id: str
    name: str
    aliases: tuple
    folder: str  # of its test programs: the stem of its file, which a variant shares
    packages: tuple
    extensions: tuple
    has_compile_step: bool

    def names(self):
        return {name.lower() for name in (self.id, self.name, *self.aliases)}


def languages_of(path):
    """The language of a file, then its variants, which take over all but the names."""
    content = json.loads(path.read_text(encoding="utf-8"))
    yield language_of({**content, "id": path.stem}, path.stem)
    for variant in content.get("variants", []):
        yield language_of({**content, "aliases": [], "extensions": [], **variant}, path.stem)


def language_of(entry, folder):
    return Language(entry["id"], entry["name"], tuple(entry.get("aliases", [])), folder,
                    tuple(entry.get("packages", [])), tuple(entry.get("extensions", [])), bool(entry.get("compile")))


def read_table(folder=TABLE):
    return [language for path in sorted(folder.glob("*.json")) for language in languages_of(path)]


def find(table, name):
    for language in table:
        if name.lower() in language.names():
            return language
    raise UnknownName(f"there is no language '{name}'; {advice(table, name.lower())}")


def advice(table, name):
    known = sorted({known for language in table for known in language.names()})
    near = [other for other in known if len(name) > 1 and (name in other or other in name and len(other) > 1)]
    near += [other for other in difflib.get_close_matches(name, known, n=5) if other not in near]
    return f"near it: {', '.join(near)}" if near else "ci/languages --list has them"


def chosen(table, names):
    """These, each once, in the order in which they were asked for."""
    return list(dict.fromkeys(find(table, name) for name in names))
