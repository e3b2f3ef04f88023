"""Formatted text of the register: nothing in it is fetched from elsewhere, covers the screen or asks for input.

A picture from another server tells its owner who reads the file of which child, and when. Plain Python beside a field.
"""

import re

from lxml import etree, html
from markupsafe import Markup
from odoo import fields

#: taken out with all that is in them
FORBIDDEN = {
    *("audio", "base", "embed", "frame", "frameset", "iframe", "link", "math", "meta", "object", "picture", "script"),
    *("source", "style", "svg", "track", "video"),
}
#: their words stay
UNWRAPPED = {"button", "datalist", "fieldset", "form", "input", "label", "legend", "optgroup", "option", "select"} | {
    "textarea",
    "dialog",
}
#: by them a browser or a printer fetches
FETCHED = {"src", "srcset", "background", "poster", "data", "longdesc", "lowsrc", "dynsrc", "ping", "cite", "action"}
#: what formatting a text needs
STYLES = {
    *("background-color", "border", "border-collapse", "color", "font-size", "font-style", "font-weight", "height"),
    *("list-style-type", "margin-left", "max-width", "padding-left", "text-align", "text-decoration", "text-indent"),
    *("vertical-align", "white-space", "width"),
}
#: classes that only format; others of the web client hide, cover or move
CLASSES = re.compile(r"(o_mail|o_check|o_channel_redirect|table|text-(?!hide)|list-|fw-|fst-|h[1-6]$|small$|lead$|fa)")
PICTURE = re.compile(r"^data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+$")
LOCAL = re.compile(r"^/web/(image|content)/[^\\]*$")
#: what a paper takes from this installation: its styles, its pictures
SERVED = re.compile(r"^/(web/(image|content|assets|static|binary)|\w+/static|logo)[/.?]")
#: sizes that no text needs: a page is covered by them
HUGE = re.compile(r"\d{4,}|\b[1-9]\d*(\.\d+)?(vw|vh|vmin|vmax)\b")
REMOTE_STYLE = re.compile(r"@import[^;]*;?|url\s*\(\s*['\"]?\s*(?!data:|/[^/])[^)]*\)", re.IGNORECASE)
BAD_VALUE = re.compile(r"url\s*\(|expression|image|\\|/\*|@|var\s*\(|attr\s*\(", re.IGNORECASE)


class PlainHtml(fields.Html):
    """A formatted text that is cleaned by :func:`clean_html` whenever it is written."""

    def _convert(self, value, record, validate):
        value = super()._convert(value, record, validate)
        return clean_html(value) if validate and value else value

    def convert_to_read(self, value, record, use_display_name=True):
        """Return what is shown: a text that was stored before it was cleaned is shown clean too."""
        value = super().convert_to_read(value, record, use_display_name)
        return clean_html(value) if value else value


def is_local(address):
    """Tell whether a picture lies in this installation or in the text itself."""
    address = (address or "").strip()
    return bool(PICTURE.match(address) or (LOCAL.match(address) and not address.startswith("//")))


def without_remote(document, own):
    """Return a document for printing without what would be fetched from elsewhere.

    :param document: HTML, as the report was rendered
    :param own: addresses of this installation, which serves the styles
    """
    if not document:
        return document
    root = html.document_fromstring(str(document))
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        for name, value in list(node.attrib.items()):
            fetched = name.lower() in FETCHED or (name == "href" and node.tag in ("link", "image", "use"))
            if fetched and not _is_served(value, own):
                del node.attrib[name]
            elif name == "style" and BAD_VALUE.search(value):
                node.set("style", _clean_style(value))
        if node.tag == "style" and node.text and REMOTE_STYLE.search(node.text):
            node.text = REMOTE_STYLE.sub("", node.text)
    for node in root.xpath("//iframe | //object | //embed | //script[@src] | //meta[@http-equiv]"):
        if node.get("src") is None or not _is_served(node.get("src"), own):
            node.drop_tree()
    return Markup(html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>"))  # noqa: S704 parsed, written anew


def _is_served(address, own):
    """Tell whether an address leads into this installation, or holds the picture itself."""
    address = (address or "").strip()
    for base in filter(None, own):
        address = address.removeprefix(base.rstrip("/"))
    return bool(PICTURE.match(address) or SERVED.match(address))


def clean_html(value):
    """Return ``value`` without what is fetched from elsewhere, covers the page or asks for input; its words stay."""
    if not value or "<" not in value:
        return value
    try:
        root = html.fragment_fromstring(str(value), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Markup("<p>%s</p>") % str(value)  # noqa: S704 escaped by Markup itself
    for node in list(root.iter()):
        if node is root:
            continue
        if not isinstance(node.tag, str):
            if node.getparent() is not None:
                node.drop_tree()
        elif node.tag.lower() in FORBIDDEN:
            node.drop_tree()
        elif node.tag.lower() in UNWRAPPED:
            node.drop_tag()
        else:
            _clean_node(node)
    inner = (html.tostring(child, encoding="unicode") for child in root)
    return Markup(f"{_escape(root.text)}{''.join(inner)}")  # noqa: S704 parsed, cleaned and written anew


def _escape(text):
    return Markup.escape(text or "")


def _clean_node(node):
    if node.tag.lower() == "img" and not is_local(node.get("src")):
        node.attrib.pop("src", None)
        if not node.get("alt"):
            node.set("alt", "…")
    for name in list(node.attrib):
        lower = name.lower()
        if lower == "src" and node.tag.lower() == "img":
            continue
        if (
            lower in FETCHED
            or lower.startswith(("on", "xlink:", "form"))
            or lower in ("id", "usemap", "contenteditable")
        ):
            del node.attrib[name]
    if "style" in node.attrib:
        style = _clean_style(node.get("style"))
        if style:
            node.set("style", style)
        else:
            del node.attrib["style"]
    if "class" in node.attrib:
        classes = [name for name in node.get("class").split() if CLASSES.match(name)]
        if classes:
            node.set("class", " ".join(classes))
        else:
            del node.attrib["class"]


def _clean_style(style):
    kept = []
    for part in style.split(";"):
        name, _colon, value = part.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name in STYLES and value and not BAD_VALUE.search(value) and not HUGE.search(value):
            kept.append(f"{name}: {value}")
    return "; ".join(kept)
