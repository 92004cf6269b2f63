"""Reads the files of src/text/lexicon: headings with what the phrases below them say, phrases with alternatives."""
import re

ROLES = "plain not more less but though wish ask hint gap spam star point".split()
OPERATORS = "more less gap but though spam star point".split()
EMOTIONS = "none joy sadness anger fear disgust surprise".split()
TOPICS = ("none product price delivery packaging staff store app payment after_sales call_centre promotion information "
          "waiting policy food cleanliness network teaching course health").split()
FLAGS = {"complaint": 1, "firm": 2, "vague": 4, "weak": 8}
EXPANSIONS_MOST = 8000
VALENCE_MOST = 3.0


class Wrong(Exception):
    """A mistake in a file of the lexicon, with its place."""


def heading(words, where):
    """{valence, role, emotion, topic, flags} of a line "@ -2 anger delivery complaint"."""
    out = {"valence": 0, "role": 0, "emotion": 0, "topic": 0, "flags": 0}
    for word in words:
        if re.fullmatch(r"[+-]?\d+(\.\d+)?", word):
            value = float(word)
            if abs(value) > VALENCE_MOST:
                raise Wrong("%s: a valence is from -3 to 3: %s" % (where, word))
            out["valence"] = round(value * 10)
        elif word in ROLES:
            out["role"] = ROLES.index(word)
        elif word in EMOTIONS:
            out["emotion"] = EMOTIONS.index(word)
        elif word in TOPICS:
            out["topic"] = TOPICS.index(word)
        elif word in FLAGS:
            out["flags"] |= FLAGS[word]
        elif word == "evidence":
            out["evidence"] = True
        else:
            raise Wrong("%s: unknown word in a heading: %s" % (where, word))
    return out


def split_at(text, separator):
    """The parts of a text at a separator that stands outside brackets."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == separator and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return parts + [text[start:]]


def expand(pattern):
    """Every phrase that "(a|b) c" stands for."""
    match = re.search(r"\(([^()]*)\)", pattern)
    if not match:
        return [" ".join(pattern.split())]
    out = []
    for choice in match.group(1).split("|"):
        out += expand(pattern[:match.start()] + choice + pattern[match.end():])
        if len(out) > EXPANSIONS_MOST:
            raise Wrong("more than %d phrases from: %s" % (EXPANSIONS_MOST, pattern))
    return out


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.split("#")[0].strip()
            if line:
                yield "%s:%d" % (path, number), line


def read(path, groups):
    """(phrase, entry, written out?, where) for each phrase of a file; `groups` are the $names of all files."""
    current = None
    for where, line in lines_of(path):
        if line.startswith("@"):
            current = heading(line[1:].split(), where)
            continue
        match = re.fullmatch(r"\$(\w+)\s*=\s*(.*)", line)
        if match:
            groups[match.group(1)] = "(" + fill(match.group(2), groups, where).strip("()") + ")"
            continue
        if current is None:
            raise Wrong("%s: a phrase before the first heading" % where)
        for pattern in split_at(fill(line, groups, where), ","):
            for phrase in expand(pattern) if pattern.strip() else []:
                if phrase:
                    yield phrase, current, "(" not in pattern, where


def fill(line, groups, where):
    def group(match):
        if match.group(1) not in groups:
            raise Wrong("%s: no group $%s" % (where, match.group(1)))
        return groups[match.group(1)]
    return re.sub(r"\$(\w+)", group, line)


def merged(old, new, literal):
    """What two mentions of a phrase say together: the later one wins where both say something and it is written out."""
    out = dict(old)
    if ROLES[old["role"]] in OPERATORS:
        return out  # its valence is a strength, no judgement
    for key in ("valence", "role", "emotion", "topic"):
        if new[key] and (not old[key] or literal):
            out[key] = new[key]
    flags = new["flags"]
    if new["flags"] & FLAGS["weak"] and old["topic"]:  # it had a topic of its own
        out["topic"], flags = old["topic"], flags & ~FLAGS["weak"]
    elif new["topic"] and not new["flags"] & FLAGS["weak"]:
        out["flags"] &= ~FLAGS["weak"]
    out["flags"] |= flags
    return out


def spread(found, evidence):
    """What a judgement holds evidence of it says itself: (phrase, heading) of "@ evidence", the longest feeling first."""
    known, longest = {}, 1
    for phrase, what in evidence:
        words = tuple(phrase.split())
        known.setdefault(words, []).append(what)
        longest = max(longest, len(words))
    for phrase, what in found.items():
        if not what["valence"] or ROLES[what["role"]] not in ("plain", "ask"):
            continue
        words = phrase.split()
        for length in range(min(longest, len(words)), 0, -1):
            for at in range(len(words) - length + 1):
                for said in known.get(tuple(words[at:at + length]), ()):
                    praises = EMOTIONS[said["emotion"]] == "joy"
                    if EMOTIONS[said["emotion"]] == "surprise" or praises == (what["valence"] > 0):
                        what["flags"] |= said["flags"]
                        what["emotion"] = what["emotion"] or said["emotion"]


def name_topics(found):
    """A judgement that holds the name of a topic is about it: "thanh toán lẹ" is about paying. The longest name counts."""
    names = {tuple(phrase.split()): what["topic"] for phrase, what in found.items()
             if what["topic"] and not what["valence"] and not what["role"] and not what["flags"] & FLAGS["weak"]}
    longest = max(map(len, names), default=0)
    for phrase, what in found.items():
        words = phrase.split()
        if not what["valence"] or what["role"] or what["topic"]:
            continue
        for length in range(min(longest, len(words) - 1), 0, -1):
            held = [names[part] for part in (tuple(words[at:at + length]) for at in range(len(words) - length + 1))
                    if part in names]
            if held:
                what["topic"] = held[0]
                break
