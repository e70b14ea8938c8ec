"""What an action refused, in the words of the page that asked for it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_FIELDS = {"display_name": "name", "owner_email": "email"}


def put_on(form: forms.Form, error: ValidationError) -> None:
    """Put what an action found wrong on the fields of the form, and what fits none above them."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        field = _FIELDS.get(name, name)
        form.add_error(field if field in form.fields and name != NON_FIELD_ERRORS else None, found)


def too_often(request: HttpRequest) -> HttpResponse:
    """429: wait a little."""
    return render(request, "429.html", status=429)


def say_no(request: HttpRequest, refusal: Exception) -> None:
    """Say on the next page why something was not done."""
    messages.error(request, str(refusal))
