"""Small tags for the components."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def bare(field: BoundField) -> SafeString:
    """The control without placeholder: a placeholder vanishes when one types, a label does not."""
    field.field.widget.attrs.pop("placeholder", None)
    return field.as_widget()


@register.filter
def browser(user_agent: str) -> str:
    """A browser's long name as a person would say it: “Firefox on Windows”."""
    name = next((said for mark, said in _BROWSERS if mark in user_agent), _("A browser"))
    system = next((said for mark, said in _SYSTEMS if mark in user_agent), "")
    return _("%(browser)s on %(system)s") % {"browser": name, "system": system} if system else name


# The first that fits counts: every browser also claims to be some older one.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
