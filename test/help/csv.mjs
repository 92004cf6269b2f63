// CSV as RFC 4180 has it: rows of cells. A mark at the beginning is left out.
export function parse(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const end = () => {
    rows.at(-1).push(cell);
    cell = "";
  };
  for (let i = text.charCodeAt(0) === 0xfeff ? 1 : 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') {
        cell += text[++i];
      } else if (c === '"') {
        quoted = false;
      } else {
        cell += c;
      }
    } else if (c === '"') {
      quoted = true;
    } else if (c === ",") {
      end();
    } else if (c === "\r" && text[i + 1] === "\n") {
      end();
      rows.push([]);
      i++;
    } else {
      cell += c;
    }
  }
  if (cell !== "" || rows.at(-1).length > 0) {
    end();
  } else {
    rows.pop();
  }
  return rows;
}
