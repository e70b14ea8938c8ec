"""Places where a practice may be, and the time zone that most people there live by."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

ELSEWHERE = "XX"
"""A country that has no row here; ISO 3166 keeps these letters free for such use."""


@dataclass(frozen=True, slots=True)
class Place:
    """A country, or a part of one where rules differ by it. `zone` is "" where it cannot be guessed."""

    country: str
    region: str
    name: str | Promise
    zone: str

    @property
    def id(self) -> str:
        """As it stands in a form: “US-OR”, “IE”."""
        return f"{self.country}-{self.region}" if self.region else self.country


COUNTRIES: dict[str, str | Promise] = {
    "US": _("United States"),
    "CA": _("Canada"),
    "GB": _("United Kingdom"),
    "IE": _("Ireland"),
    "AU": _("Australia"),
    ELSEWHERE: _("Another country"),
}

# Where a place keeps several times, the one that most of its people keep.
_ROWS = """
US|AL|Alabama|America/Chicago
US|AK|Alaska|America/Anchorage
US|AZ|Arizona|America/Phoenix
US|AR|Arkansas|America/Chicago
US|CA|California|America/Los_Angeles
US|CO|Colorado|America/Denver
US|CT|Connecticut|America/New_York
US|DE|Delaware|America/New_York
US|DC|District of Columbia|America/New_York
US|FL|Florida|America/New_York
US|GA|Georgia|America/New_York
US|HI|Hawaii|Pacific/Honolulu
US|ID|Idaho|America/Boise
US|IL|Illinois|America/Chicago
US|IN|Indiana|America/Indiana/Indianapolis
US|IA|Iowa|America/Chicago
US|KS|Kansas|America/Chicago
US|KY|Kentucky|America/New_York
US|LA|Louisiana|America/Chicago
US|ME|Maine|America/New_York
US|MD|Maryland|America/New_York
US|MA|Massachusetts|America/New_York
US|MI|Michigan|America/Detroit
US|MN|Minnesota|America/Chicago
US|MS|Mississippi|America/Chicago
US|MO|Missouri|America/Chicago
US|MT|Montana|America/Denver
US|NE|Nebraska|America/Chicago
US|NV|Nevada|America/Los_Angeles
US|NH|New Hampshire|America/New_York
US|NJ|New Jersey|America/New_York
US|NM|New Mexico|America/Denver
US|NY|New York|America/New_York
US|NC|North Carolina|America/New_York
US|ND|North Dakota|America/Chicago
US|OH|Ohio|America/New_York
US|OK|Oklahoma|America/Chicago
US|OR|Oregon|America/Los_Angeles
US|PA|Pennsylvania|America/New_York
US|RI|Rhode Island|America/New_York
US|SC|South Carolina|America/New_York
US|SD|South Dakota|America/Chicago
US|TN|Tennessee|America/Chicago
US|TX|Texas|America/Chicago
US|UT|Utah|America/Denver
US|VT|Vermont|America/New_York
US|VA|Virginia|America/New_York
US|WA|Washington|America/Los_Angeles
US|WV|West Virginia|America/New_York
US|WI|Wisconsin|America/Chicago
US|WY|Wyoming|America/Denver
CA|AB|Alberta|America/Edmonton
CA|BC|British Columbia|America/Vancouver
CA|MB|Manitoba|America/Winnipeg
CA|NB|New Brunswick|America/Moncton
CA|NL|Newfoundland and Labrador|America/St_Johns
CA|NS|Nova Scotia|America/Halifax
CA|NT|Northwest Territories|America/Edmonton
CA|NU|Nunavut|America/Iqaluit
CA|ON|Ontario|America/Toronto
CA|PE|Prince Edward Island|America/Halifax
CA|QC|Quebec|America/Toronto
CA|SK|Saskatchewan|America/Regina
CA|YT|Yukon|America/Whitehorse
GB|ENG|England|Europe/London
GB|NIR|Northern Ireland|Europe/London
GB|SCT|Scotland|Europe/London
GB|WLS|Wales|Europe/London
AU|ACT|Australian Capital Territory|Australia/Sydney
AU|NSW|New South Wales|Australia/Sydney
AU|NT|Northern Territory|Australia/Darwin
AU|QLD|Queensland|Australia/Brisbane
AU|SA|South Australia|Australia/Adelaide
AU|TAS|Tasmania|Australia/Hobart
AU|VIC|Victoria|Australia/Melbourne
AU|WA|Western Australia|Australia/Perth
"""
# What is known of a country as a whole: enough where its people keep one time.
_WHOLE = {"US": "", "CA": "", "GB": "Europe/London", "IE": "Europe/Dublin", "AU": "", ELSEWHERE: ""}

PLACES: dict[str, Place] = {
    place.id: place
    for place in (
        *(Place(*row.split("|")) for row in _ROWS.strip().splitlines()),
        *(Place(country, "", COUNTRIES[country], zone) for country, zone in _WHOLE.items()),
    )
}


def place(country: str, region: str) -> Place:
    """The place of a practice; a region that has no row counts as the country, a country without one as elsewhere."""
    return PLACES.get(f"{country}-{region}") or PLACES.get(country) or PLACES[ELSEWHERE]


def choices() -> list[tuple[str | Promise, object]]:
    """Every place for one select: parts of countries under the country's name, whole countries on their own."""
    found: list[tuple[str | Promise, object]] = [("", _("Choose"))]
    for country, name in COUNTRIES.items():
        parts = [(one.id, one.name) for one in PLACES.values() if one.country == country and one.region]
        if parts:
            found.append((name, [*parts, (country, format_lazy("{}, {}", name, _in("a part of a country", "other")))]))
        else:
            found.append((country, name))
    return found


def zone_choices() -> list[tuple[str, object]]:
    """Every time zone with a city's name, under its part of the world."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(zoneinfo.available_timezones()):
        part, _slash, city = zone.partition("/")
        if part in _PARTS and city:
            groups.setdefault(part, []).append((zone, city.replace("_", " ").replace("/", ", ")))
    return [*groups.items(), ("UTC", "UTC")]


_PARTS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
