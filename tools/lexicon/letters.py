"""Letters and keys as src/text/letters.h and lexicon.h define them: both sides must agree to the bit."""
import unicodedata

MASK = (1 << 64) - 1
TONES = {0x300: 1, 0x340: 1, 0x301: 2, 0x341: 2, 0x309: 3, 0x303: 4, 0x323: 5}
MARKS = {0x302: 1, 0x306: 2, 0x31B: 3}
STRANGE = 7
RUN_MOST = 2
ANY_NUMBER = "#"  # all numbers are one word: "2 ngày" is also "10 ngày"
WORD_BEGIN = 0xCBF29CE484222325


def code_of(base, mark):
    return ord(base) if mark == 0 else 0x80 + (mark - 1) * 26 + ord(base) - ord("a")


def latin(point):
    """(code, base, tone, upper) of one character, or None when it is no Latin letter."""
    char = chr(point)
    if char in "đĐ":
        return code_of("d", 4), ord("d"), 0, char == "Đ"
    parts = unicodedata.normalize("NFD", char)
    base = parts[0].lower()
    if not ("a" <= base <= "z") or not char.isalpha():
        return None
    mark = tone = 0
    for part in parts[1:]:
        tone = TONES.get(ord(part), tone if ord(part) in MARKS else STRANGE)
        mark = MARKS.get(ord(part), mark)
    return code_of(base, mark), ord(base), tone, char.isupper()


def spell(word):
    """([(code, base)], tone) of a word."""
    out, tone = [], 0
    if word.isdigit():
        word = ANY_NUMBER
    for char in unicodedata.normalize("NFC", word):
        if char == ANY_NUMBER:
            out.append((ord(char), ord(char)))
            continue
        letter = latin(ord(char))
        assert letter, "no letter: %r in %r" % (char, word)
        out.append((letter[0], letter[1]))
        tone = letter[2] or tone
    return out, tone


def add(codes):
    key = WORD_BEGIN
    for code in codes:
        key = ((key ^ code) * 0x100000001B3) & MASK
    return key


def mix(key, word):
    mixed = key ^ ((word * 0x9E3779B97F4A7C15) & MASK)
    mixed ^= mixed >> 32
    mixed = (mixed * 0xD6E8FEB86659FD93) & MASK
    return mixed ^ (mixed >> 32)


def collapsed(letters):
    """One letter for a run of the same base; a final y after a lone consonant is an i (kỹ, lý, quý)."""
    out = []
    for code, base in letters:
        if out and out[-1][1] == base:
            if code != base:
                out[-1] = (code, base)
        else:
            out.append((code, base))
    bases = "".join(chr(b) for _, b in out)
    if bases == "quy" or (len(out) == 2 and bases[1] == "y" and bases[0] in "hklmst"):
        out[-1] = (ord("i"), ord("i"))
    return out


def keys(word):
    """(word, bare, raw, shape, bare shape): as token.h explains them."""
    letters, tone = spell(word)
    runs = []
    for letter in letters:
        if len(runs) < RUN_MOST or any(r[0] != letter[0] for r in runs[-RUN_MOST:]):
            runs.append(letter)
    one = collapsed(letters)
    shape = add(c for c, _ in one)
    bare = add(b for _, b in one)
    return mix(shape, tone + 1), bare, mix(add(c for c, _ in runs), tone + 1), shape
