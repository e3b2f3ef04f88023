"""Find what is written twice inside an addon, and what points the wrong way.

Called with any Python: house_check.py [--allowed FILE] [--write-allowed] ADDON…

- A method or a field of one model that two classes of one addon define: a part adds, only another addon overrides.
  An abstract model that serves a single model counts as a part of it; one that serves several is a model of its own.
- An import from a folder of models into one that stands above it, or from `tools/` into the models.
- A view that extends a view of the same addon: a screen is one file.
- The domain of a record rule that is written in two places, or that is longer than a reader follows. A domain of a
  single condition is a name (“is mine”), which may be used as often as it is needed.

What is known and waits to be mended stands in house_allowed.txt, sorted, one finding a line. A line that is found no
more fails too, so that the list only becomes shorter; --write-allowed writes it anew.
"""

import argparse
import ast
import re
import sys
import xml.etree.ElementTree
from collections import defaultdict
from pathlib import Path

ALLOWED = Path(__file__).with_name("house_allowed.txt")
#: {addon: its folders of models from the lowest to the highest}; folders of one row do not import each other
LAYERS = {
    "vshu_registry": (
        ("channels", "mixins"),
        ("regulation",),
        ("school",),
        ("people",),
        ("clock",),
        ("case",),
        ("signal", "journal"),
        ("dossier",),
        ("petition", "intervention"),
        ("sealed", "notice"),
    ),
}
#: what each class says of itself, and of no other
OWN = ("_name", "_inherit", "_description", "_register")
MODEL_CLASSES = ("Model", "AbstractModel", "TransientModel")
SKIPPED = ("tests", "migrations", "demo")
LONGEST_DOMAIN = 200


class Class:
    """One class of a model: its name, what it inherits and what it defines."""

    def __init__(self, node, base, place):
        values = dict(_assigned(node))
        inherit = _strings(values.get("_inherit"))
        named = _strings(values.get("_name"))
        self.name = (named or inherit or [node.name])[0]
        self.parents = [name for name in inherit if name != self.name]
        self.abstract = base == "AbstractModel"
        self.place = place
        names = {item.name for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)}
        names |= {name for name, value in values.items() if _is_field(value)}
        self.defines = sorted(names - set(OWN))


def _assigned(node):
    for item in node.body:
        if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name):
            yield item.targets[0].id, item.value


def _strings(value):
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.List | ast.Tuple):
        return [item.value for item in value.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return []


def _is_field(value):
    """Whether the value of an attribute is a field, a constraint or an index."""
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, ast.Attribute) and getattr(called.value, "id", "") in ("fields", "models")


def _files(addon, pattern):
    for path in sorted(addon.rglob(pattern)):
        if not set(path.relative_to(addon).parts[:-1]) & set(SKIPPED):
            yield path


def _tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def classes(addon):
    """Yield each class of a model that the addon declares."""
    for path in _files(addon, "*.py"):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ClassDef):
                bases = [base.attr for base in node.bases if isinstance(base, ast.Attribute)]
                if known := [base for base in bases if base in MODEL_CLASSES]:
                    yield Class(node, known[0], f"{path.relative_to(addon)}:{node.lineno}")


def users(every):
    """Return {model: the models that inherit it} over all addons."""
    found = defaultdict(set)
    for item in every:
        for parent in item.parents:
            found[parent].add(item.name)
    return found


def doubles(addon, own, serves):
    """Yield (finding, places) for each name that several classes of one model define.

    :param own: the classes of the addon
    :param serves: {model: the models that inherit it}
    """
    abstract = {item.name for item in own if item.abstract}

    def model(name):
        """The model that a name is a part of: the only one that it serves, as far up as that goes."""
        seen = set()
        while name in abstract and len(serves[name]) == 1 and name not in seen:
            seen.add(name)
            name = next(iter(serves[name]))
        return name

    found = defaultdict(list)
    for item in own:
        for name in item.defines:
            found[model(item.name), name].append(item.place)
    for (name, attribute), places in found.items():
        if len(places) > 1:
            yield f"{addon.name}: {name}.{attribute} is defined in {len(places)} places", ", ".join(places)


def imports(path, addon):
    """Yield (line, parts) for each import of a module of the same addon, by its path below the addon."""
    package = list(path.relative_to(addon).parts[:-1])
    prefix = ["odoo", "addons", addon.name]
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom):
            module = node.module.split(".") if node.module else []
            if node.level:
                start = package[: len(package) - node.level + 1] + module
            elif module[:3] == prefix:
                start = module[3:]
            else:
                continue
            for alias in node.names:
                yield node.lineno, [*start, alias.name]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[:3] == prefix:
                    yield node.lineno, alias.name.split(".")[3:]


def upward(addon, layers):
    """Yield (finding, place) for each import that points upwards or aside between the folders of models."""
    rank = {folder: number for number, row in enumerate(layers) for folder in row}
    tops = [("tools",), *(("models", folder.name) for folder in sorted((addon / "models").glob("*/")))]
    for top in tops:
        folder = top[-1]
        if folder.startswith("__"):
            continue
        if top != ("tools",) and layers and folder not in rank:
            yield f"{addon.name}: the folder models/{folder} has no rank", "models"
            continue
        for path in sorted(addon.joinpath(*top).rglob("*.py")):
            name = "/".join(path.relative_to(addon).with_suffix("").parts)
            for line, parts in imports(path, addon):
                place = f"{path.relative_to(addon)}:{line}"
                target = parts[1] if parts[:1] == ["models"] and len(parts) > 1 else None
                if top == ("tools",):
                    if parts[:1] == ["models"]:
                        yield f"{addon.name}: {name} imports {'.'.join(parts[:-1])}, tools know no models", place
                elif target in rank and target != folder and rank[target] >= rank[folder]:
                    where = "beside" if rank[target] == rank[folder] else "above"
                    yield f"{addon.name}: {name} imports from models/{target}, which stands {where} it", place


def records(addon, model):
    """Yield (identifier, record, path) of each record of the model in the addon's XML."""
    for path in _files(addon, "*.xml"):
        for record in xml.etree.ElementTree.parse(path).iter("record"):
            if record.get("model") == model:
                yield record.get("id", "").removeprefix(f"{addon.name}."), record, path.relative_to(addon)


def own_views(addon):
    """Yield (finding, place) for each view that extends a view of the same addon."""
    views = list(records(addon, "ir.ui.view"))
    names = {name for name, _record, _path in views}
    for name, record, path in views:
        fields = {field.get("name"): field for field in record.findall("field")}
        extended = fields["inherit_id"].get("ref", "") if "inherit_id" in fields else ""
        extended = extended.removeprefix(f"{addon.name}.")
        primary = "mode" in fields and (fields["mode"].text or "").strip() == "primary"
        if extended in names and not primary:
            yield f"{addon.name}: the view {name} extends {extended} of the same addon", path


def domains(addon):
    """Yield (finding, place) for each rule whose domain is long, or is that of another rule."""
    found = defaultdict(list)
    for name, record, path in records(addon, "ir.rule"):
        for field in record.findall("field"):
            if field.get("name") == "domain_force" and field.text:
                found[_laid_out(field.text)].append((name, path))
    for domain, rules in found.items():
        for name, path in rules:
            if len(domain) > LONGEST_DOMAIN:
                yield f"{addon.name}: the domain of {name} is longer than {LONGEST_DOMAIN} characters", path
            if len(rules) > 1 and _conditions(domain) > 1:
                yield f"{addon.name}: the domain of {name} is that of another rule too", path


def _laid_out(domain):
    """The domain with one kind of white space, whatever the lines that it is broken into."""
    return (
        re.sub(r"\s+", " ", re.sub(r"\s*([\[\](),])\s*", r"\1", domain.strip())).replace(",)", ")").replace(",]", "]")
    )


def _conditions(domain):
    try:
        tree = ast.parse(domain, mode="eval").body
    except SyntaxError:
        return 2
    if not isinstance(tree, ast.List):
        return 2
    return sum(not isinstance(item, ast.Constant) for item in tree.elts)


def findings(folders, layers=None):
    """Return {finding: where it was found} for the addons of the folders.

    :param layers: {addon: its folders of models}, those of this repository if not given
    """
    layers = LAYERS if layers is None else layers
    declared = {folder: list(classes(folder)) for folder in folders}
    serves = users(item for own in declared.values() for item in own)
    found = {}
    for folder, own in declared.items():
        found.update(doubles(folder, own, serves))
        found.update(upward(folder, layers.get(folder.name, ())))
        found.update(own_views(folder))
        found.update(domains(folder))
    return found


def report(found, allowed):
    """Return the lines that say what is new and what stands in the list although it is mended."""
    lines = [f"{finding} ({found[finding]})" for finding in sorted(set(found) - set(allowed))]
    lines += [
        f"mended, so take it off the list (--write-allowed): {line}" for line in sorted(set(allowed) - set(found))
    ]
    if allowed != sorted(set(allowed)):
        lines.append("the list of what is allowed is not sorted, or says something twice")
    return lines


def main(arguments=None):
    """Print the findings; the exit code is 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--allowed", type=Path, default=ALLOWED)
    parser.add_argument("--write-allowed", action="store_true")
    parser.add_argument("addons", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    folders = options.addons or sorted(path.parent for path in ALLOWED.parents[2].glob("addons/*/__manifest__.py"))
    found = findings(folders)
    if options.write_allowed:
        options.allowed.write_text("".join(f"{finding}\n" for finding in sorted(found)), encoding="utf-8")
        return 0
    known = options.allowed.read_text(encoding="utf-8").splitlines() if options.allowed.exists() else []
    lines = report(found, known)
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
