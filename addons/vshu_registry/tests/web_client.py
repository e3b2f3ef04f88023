"""What the web client asks the server for, built from the views as the user gets them.

Follows ``getFieldsSpec`` of web/static/src/model/relational_model/utils.js. It imports nothing of Odoo, so that the
measurements in bench/ can load it too.
"""

import ast

from lxml import etree

#: widget → fields that it reads beside its own
DEPENDENCIES = {
    "kanban_activity": (
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_state",
        "activity_summary",
        "activity_type_icon",
        "activity_type_id",
    ),
    "list_activity": (
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_state",
        "activity_summary",
        "activity_type_icon",
        "activity_type_id",
    ),
}
#: widget → fields of the related records that it reads; any other one shows a list of its own
RELATED = {
    "many2many_tags": ("display_name",),
    "many2many_tags_avatar": ("display_name",),
    "many2many_checkboxes": (),
    "many2many_binary": ("name", "mimetype"),
    "kanban_activity": (),
    "list_activity": (),
    "mail_activity": (),
}
#: rows of a list in a form that come with it
ROWS = 40


def specification(model, view_type, view_id=False):
    """Return the specification with which the web client reads ``model`` in a view.

    :param model: an empty record set with the user's environment: fields that the user may not see are not asked for
    :param view_type: list, kanban or form
    :param view_id: id of the view, the default one where it is not given
    """
    views = model.get_views([(view_id, view_type)], {"toolbar": False})
    tree = etree.fromstring(views["views"][view_type]["arch"])
    return _of_tree(model, tree, views["models"])


def _of_tree(model, tree, models):
    fields = models[model._name]["fields"]
    result = {}
    for node in tree.iter("field"):
        if _inside_field(node, tree) or node.get("name") not in fields:
            continue
        name = node.get("name")
        spec = _of_field(model, node, fields[name], models)
        result[name] = {**result.get(name, {}), **spec}
        for dependency in DEPENDENCIES.get(node.get("widget"), ()):
            result.setdefault(dependency, {"fields": {"display_name": {}}} if dependency.endswith("_id") else {})
    return result


def _inside_field(node, tree):
    """Tell whether ``node`` belongs to the view of a field, not to the view ``tree`` itself."""
    parent = node.getparent()
    while parent is not tree:
        if parent.tag == "field":
            return True
        parent = parent.getparent()
    return False


def _of_field(model, node, field, models):
    hidden = node.get("invisible") in ("1", "True")
    if field["type"] in ("many2one", "reference"):
        return {"fields": {}} if hidden else {"fields": {"display_name": {}}, "context": _context(node)}
    if field["type"] not in ("one2many", "many2many") or hidden:
        return {}
    related = model.env[field["relation"]]
    inner = next((child for child in node if child.tag in ("list", "kanban")), None)
    widget = node.get("widget")
    if inner is not None:
        fields = _of_tree(related, inner, models)
    elif widget in RELATED:
        fields = {name: {} for name in RELATED[widget]}
    else:
        fields = specification(related, "list")
    return {"fields": fields, "context": _context(node), "limit": ROWS} if fields else {}


def _context(node):
    """Return the static part of a field's context; what depends on the record's values is not needed to read it."""
    try:
        return ast.literal_eval(node.get("context") or "{}")
    except ValueError:
        return {}
