"""Check digits and check letters of public numbers. Each takes the bare signs, no spaces, letters in capitals.

Every function answers whether the number could have been issued; none of them knows whether it was.
"""

from __future__ import annotations

from collections.abc import Sequence

_NHI = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters of a New Zealand health number, the first worth 1: no I, no O (HISO 10046)."""

_VIN = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
"""Worth of the letters of a vehicle number (49 CFR 565.15)."""

_IBAN = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26,
}  # fmt: skip
"""Length of a bank account number by country (ISO 13616 registry)."""


def luhn(digits: str) -> bool:
    """ISO/IEC 7812: cards, Canadian social insurance, device and Australian health numbers. Not one digit repeated."""
    if len(set(digits)) == 1:
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(twice - 9 * (twice > 9) for twice in doubled)) % 10 == 0


def nhs(digits: str) -> bool:
    """UK NHS number: ten digits, modulus 11 (NHS Data Dictionary)."""
    if len(set(digits)) == 1:
        return False
    check = 11 - _weighed(digits, range(10, 1, -1)) % 11
    return check % 11 == int(digits[9]) if check != 10 else False


def ssn(digits: str) -> bool:
    """US social security number: parts that are never issued are refused (SSA)."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def pps(signs: str) -> bool:
    """Irish PPS number: seven digits, a check letter (modulus 23), perhaps a second, worth nine times its place."""
    second = signs[8:9].replace("W", "")
    total = _weighed(signs[:7], range(8, 1, -1)) + 9 * (ord(second) - 64 if second else 0)
    return "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] == signs[7]


def medicare(digits: str) -> bool:
    """Australian Medicare card: begins with 2 to 6; the ninth digit checks the first eight."""
    return digits[0] in "23456" and _weighed(digits, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(digits[8])


def tfn(digits: str) -> bool:
    """Australian tax file number: nine digits, weighed sum modulus 11."""
    return len(set(digits)) > 1 and _weighed(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def ird(digits: str) -> bool:
    """New Zealand IRD number: eight or nine digits, modulus 11 with a second row of weights (Inland Revenue)."""
    if not 10_000_000 <= int(digits) <= 200_000_000:
        return False
    base, last = digits[:-1].zfill(8), int(digits[-1])
    for weights in ((3, 2, 7, 6, 5, 4, 3, 2), (7, 4, 3, 2, 5, 2, 7, 6)):
        check = -_weighed(base, weights) % 11
        if check < 10:
            return check == last
    return False


def nhi(signs: str) -> bool:
    """New Zealand health number: ABC1235 (modulus 11) or, since 2022, ABC12DX (modulus 23) (HISO 10046)."""
    if any(sign not in _NHI and not sign.isdigit() for sign in signs):
        return False
    total = sum(weight * _nhi_worth(sign) for weight, sign in zip(range(7, 1, -1), signs, strict=False))
    if signs[6].isdigit():
        return total % 11 != 0 and (11 - total % 11) % 10 == int(signs[6])
    return _NHI[23 - total % 23 - 1] == signs[6]


def _nhi_worth(sign: str) -> int:
    return int(sign) if sign.isdigit() else _NHI.index(sign) + 1


def vin(signs: str) -> bool:
    """Vehicle identification number: seventeen signs, the ninth checks the others (49 CFR 565.15)."""
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    worth = [int(sign) if sign.isdigit() else _VIN.get(sign, 0) for sign in signs]
    rest = sum(weight * one for weight, one in zip(weights, worth, strict=True)) % 11
    return "0123456789X"[rest] == signs[8]


def iban_length(country: str) -> int:
    """How many signs an account number of a country has, 0 where it has none."""
    return _IBAN.get(country, 0)


def iban(signs: str) -> bool:
    """International bank account number: modulus 97 (ISO 13616)."""
    moved = signs[4:] + signs[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _weighed(digits: str, weights: Sequence[int]) -> int:
    """Sum of digit times weight, as far as there are weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
