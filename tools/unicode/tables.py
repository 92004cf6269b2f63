#!/usr/bin/env python3
"""Writes the tables of src/text/fold.c from Python's Unicode data: tables.py OUT.h"""
import sys
import unicodedata

LAST = 0x2FA20
HANGUL = range(0xAC00, 0xD7A4)
INVISIBLE = ("Cf", "Cc", "Cs", "Co")


def characters():
    for code in range(0xA0, LAST):
        if 0xD800 <= code < 0xE000 or code in HANGUL:
            continue
        if unicodedata.category(chr(code)) != "Cn":
            yield code, chr(code)


def ranges(pairs):
    """Neighbouring codes of equal value as (first, last, value)."""
    out = []
    for code, value in pairs:
        if out and out[-1][1] == code - 1 and out[-1][2] == value:
            out[-1][1] = code
        else:
            out.append([code, code, value])
    return out


def emit(out, head, rows):
    out.write(head + " = {\n")
    for at in range(0, len(rows), 6):
        out.write("    " + " ".join(rows[at:at + 6]) + "\n")
    out.write("};\n\n")


def compositions():
    for code, char in characters():
        plain = unicodedata.decomposition(char)
        if not plain or plain.startswith("<"):
            continue
        parts = [int(part, 16) for part in plain.split()]
        if len(parts) == 2 and unicodedata.normalize("NFC", char) == char:
            yield parts[0], parts[1], code


def replacements(change):
    """(code, offset, length) into a pool of bytes, for each character that `change` alters."""
    pool, rows = bytearray(), []
    for code, char in characters():
        new = change(char)
        if new == char:
            continue
        text = new.encode()
        at = pool.find(text) if text else 0
        if at < 0:
            at = len(pool)
            pool += text
        rows.append("{0x%X,%d,%d}," % (code, at, len(text)))
    return rows, pool


def identity(char):
    """Case and compatibility forms resolved, invisible characters gone."""
    if unicodedata.category(char) in INVISIBLE or 0xFE00 <= ord(char) <= 0xFE0F:
        return ""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", char).casefold())


def search(char):
    if char in "đĐ":
        return "d"
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", identity(char))
    return "".join(c for c in plain if unicodedata.category(c) != "Mn").replace("đ", "d")


def main(path):
    with open(path, "w", encoding="ascii") as out:
        out.write("/* Made by tools/unicode/tables.py from Unicode %s. */\n\n" % unicodedata.unidata_version)
        marks = [(code, unicodedata.combining(char)) for code, char in characters()]
        emit(out, "static const struct class_range classes[]",
             ["{0x%X,0x%X,%d}," % tuple(row) for row in ranges(marks) if row[2]])
        seconds = {pair[1] for pair in compositions()}
        suspects = [(code, 1) for code, char in characters()
                    if unicodedata.normalize("NFC", char) != char or unicodedata.combining(char)
                    or code in seconds or 0x1100 <= code < 0x1200]
        emit(out, "static const struct class_range suspects[]",
             ["{0x%X,0x%X,%d}," % tuple(row) for row in ranges(suspects)])
        emit(out, "static const struct composition compositions[]",
             ["{0x%X,0x%X,0x%X}," % row for row in sorted(compositions())])
        full = []
        for code, char in characters():
            parts = unicodedata.normalize("NFD", char)
            if parts != char:
                assert len(parts) <= 4
                full.append("{0x%X,{%s}}," % (code, ",".join("0x%X" % ord(c) for c in parts)))
        emit(out, "static const struct decomposition decompositions[]", full)
        for name, change in (("identity", identity), ("search", search)):
            rows, pool = replacements(change)
            assert len(pool) < 65536
            emit(out, "static const struct replacement %s_replacements[]" % name, rows)
            emit(out, "static const char %s_pool[]" % name, ["%d," % (b - 256 if b > 127 else b) for b in pool])


main(sys.argv[1])
