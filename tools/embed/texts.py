"""Words that are data, one constant a file: src/listen/demo/texts/* of the demo company, src/listen/survey/texts/* of surveys."""

from common import NOTICE, below
from files import c_bytes

HEAD = (
    NOTICE
    + """#pragma once

#include "base/str.h"

"""
)


def constants(root, room):
    folder = f"src/listen/{room}/texts"
    found, watched = below(root, folder, "*")
    head, source = [HEAD], [NOTICE, f'#include "listen/{room}/texts.h"\n\n']
    for path in found:
        name = f"{room}_text_{path.stem}"
        data = path.read_bytes()
        head.append(f"extern const str {name}; /* {folder}/{path.name} */\n")
        source.append(f"const str {name} = {{\n{c_bytes(data)},\n    {len(data)}}};\n\n")
    return "".join(head), "".join(source), watched


def make(root):
    return constants(root, "demo")


def make_surveys(root):
    return constants(root, "survey")
