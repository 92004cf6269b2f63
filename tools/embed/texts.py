"""src/listen/demo/texts/*: the words of the demo company, one constant a file."""

from common import NOTICE, below
from files import c_bytes

FOLDER = "src/listen/demo/texts"

HEAD = (
    NOTICE
    + """#pragma once

#include "base/str.h"

"""
)


def make(root):
    found, watched = below(root, FOLDER, "*")
    head, source = [HEAD], [NOTICE, '#include "listen/demo/texts.h"\n\n']
    for path in found:
        name = f"demo_text_{path.stem}"
        data = path.read_bytes()
        head.append(f"extern const str {name}; /* {FOLDER}/{path.name} */\n")
        source.append(f"const str {name} = {{\n{c_bytes(data)},\n    {len(data)}}};\n\n")
    return "".join(head), "".join(source), watched
