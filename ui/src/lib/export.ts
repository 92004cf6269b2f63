/* Taking answers along: CSV, a copied table, a picture.
 *
 * A CSV is UTF-8 with a byte order mark, so that spreadsheets read Vietnamese.
 * A text that a spreadsheet would take for a formula gets an apostrophe in front;
 * numbers are written as they came, with a point and every digit.
 */
import { isoDay } from './format';

export interface Column<Row> {
  id: string;
  label: string;
  number?: boolean;
  /* Left out on a phone. */
  minor?: boolean;
  /* What is exported and sorted by; a column without it is only shown. */
  value?: (row: Row) => string | number | null | undefined;
  /* What is shown. */
  text: (row: Row) => string;
  /* Its figure opens what lies behind it. */
  opens?: boolean;
  shown?: boolean;
  exported?: boolean;
}

const safe = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = safe(value);
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const exported = <Row>(columns: Column<Row>[]): Column<Row>[] => columns.filter((column) => column.exported !== false && column.value);

export function csv<Row>(columns: Column<Row>[], rows: readonly Row[]): string {
  const chosen = exported(columns);
  const lines = [chosen.map((column) => field(column.label)), ...rows.map((row) => chosen.map((column) => field(column.value!(row))))];
  return `\uFEFF${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

/* For pasting into a spreadsheet: tabs between the cells. */
export function tabbed<Row>(columns: Column<Row>[], rows: readonly Row[]): string {
  const chosen = exported(columns);
  const cell = (value: string | number | null | undefined) => (value === null || value === undefined ? '' : typeof value === 'number' ? String(value) : safe(value).replace(/[\t\r\n]+/g, ' '));
  return [chosen.map((column) => cell(column.label)), ...rows.map((row) => chosen.map((column) => cell(column.value!(row))))].map((line) => line.join('\t')).join('\n');
}

/* "Phễu mua hàng" → "phễu-mua-hàng-2026-11-22.csv". */
export function fileName(title: string, ending: string): string {
  const words = title.normalize('NFC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').slice(0, 60);
  return `${words || 'cham'}-${isoDay(Date.now())}.${ending}`;
}

export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const space = 'http://www.w3.org/2000/svg';
const kept = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-opacity', 'stroke-linejoin', 'stroke-linecap', 'opacity', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline', 'paint-order', 'stop-color', 'stop-opacity'];
// What a reader of SVG assumes anyway.
const assumed: Record<string, string> = { 'fill-opacity': '1', stroke: 'none', 'stroke-width': '1px', 'stroke-dasharray': 'none', 'stroke-opacity': '1', 'stroke-linejoin': 'miter', 'stroke-linecap': 'butt', opacity: '1', 'text-anchor': 'start', 'dominant-baseline': 'auto', 'paint-order': 'normal', 'stop-color': 'rgb(0, 0, 0)', 'stop-opacity': '1' };
// A picture is opened where our font is not: the readers' own fonts know Vietnamese too.
const fonts = "'Be Vietnam Pro', 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";

/* A drawing as it looks now, with its styles in it, so that it looks the same elsewhere. */
function frozen(svg: SVGSVGElement): SVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [[...svg.querySelectorAll('*')], [...copy.querySelectorAll('*')]];
  from.forEach((each, index) => {
    const style = getComputedStyle(each);
    const target = to[index]!;
    if (style.display === 'none' || style.visibility === 'hidden') target.setAttribute('display', 'none');
    for (const name of kept) {
      const value = style.getPropertyValue(name);
      if (value && value !== assumed[name] && (!name.startsWith('font') || each.tagName === 'text' || each.tagName === 'tspan')) target.setAttribute(name, value);
      else target.removeAttribute(name);
    }
    for (const name of ['class', 'style', 'tabindex', 'role', 'aria-label', 'aria-hidden']) target.removeAttribute(name);
  });
  for (const name of ['class', 'style', 'tabindex', 'role', 'aria-label', 'data-picture']) copy.removeAttribute(name);
  const notes = document.createTreeWalker(copy, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (notes.nextNode()) comments.push(notes.currentNode);
  for (const each of comments) each.parentNode?.removeChild(each);
  const box = svg.getBoundingClientRect();
  if (!copy.getAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${box.width} ${box.height}`);
  return copy;
}

function piece(name: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/* A legend as a drawing: each mark and its word where they stand. */
function keys(list: HTMLElement, left: number, top: number): SVGElement[] {
  return [...list.querySelectorAll<HTMLElement>('li')].flatMap((item) => {
    const svg = item.querySelector('svg');
    if (!svg) return [];
    const box = svg.getBoundingClientRect();
    const style = getComputedStyle(item);
    const mark = frozen(svg);
    for (const [name, value] of Object.entries({ x: box.left - left, y: box.top - top, width: box.width, height: box.height })) mark.setAttribute(name, String(value));
    return [mark, piece('text', { x: box.right - left + 8, y: box.top - top + box.height / 2, 'dominant-baseline': 'central', fill: style.color, 'font-size': style.fontSize }, item.textContent?.trim() ?? '')];
  });
}

/* A table as a drawing: every cell with its colour and its words. */
function cells(table: HTMLElement, left: number, top: number): SVGElement[] {
  return [...table.querySelectorAll<HTMLElement>('th, td')].flatMap((cell) => {
    const box = cell.getBoundingClientRect();
    const inner = cell.querySelector<HTMLElement>('button, [data-drawn]') ?? cell;
    const style = getComputedStyle(inner);
    const fill = style.backgroundColor;
    const drawn: SVGElement[] = [];
    const at = { x: box.left - left, y: box.top - top, width: box.width, height: box.height };
    // What is hatched on the page (not over yet) has a dashed edge in the picture.
    if (style.backgroundImage !== 'none') drawn.push(piece('rect', { x: at.x + 0.5, y: at.y + 0.5, width: at.width - 1, height: at.height - 1, fill: 'none', stroke: 'rgb(138, 143, 163)', 'stroke-opacity': 0.6, 'stroke-dasharray': '2 3' }));
    if (fill && !/^rgba\(0, 0, 0, 0\)|transparent/.test(fill)) drawn.push(piece('rect', { ...at, fill }));
    const text = (inner.querySelector('[data-short]') ?? inner).textContent?.trim();
    if (text) {
      const end = style.textAlign === 'end' || style.textAlign === 'right';
      const middle = style.textAlign === 'center';
      const x = middle ? at.x + at.width / 2 : end ? at.x + at.width - 6 : at.x + 4;
      drawn.push(piece('text', { x, y: at.y + at.height / 2, 'dominant-baseline': 'central', 'text-anchor': middle ? 'middle' : end ? 'end' : 'start', fill: style.color, 'font-size': style.fontSize, 'font-weight': style.fontWeight }, text));
    }
    return drawn;
  });
}

const margin = 24;
const heading = 40;

// Words of a sentence in lines of about so many characters.
function lines(text: string, most: number): string[] {
  const made: string[] = [];
  for (const word of text.split(' ')) {
    const last = made.at(-1);
    if (last !== undefined && last.length + word.length < most) made[made.length - 1] = `${last} ${word}`;
    else made.push(word);
  }
  return made;
}

/* The picture inside an element, with its title and what was asked above it, as the text of an SVG file. */
export function drawing(root: HTMLElement, title: string, asked: string): { text: string; width: number; height: number } | null {
  const parts = [...root.querySelectorAll<SVGSVGElement | HTMLElement>('svg[data-picture], .flow svg, table[data-picture], ul[data-legend]')];
  const first = parts[0];
  if (!first) return null;
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  const width = Math.ceil(Math.max(...parts.map((part, index) => boxes[index]!.left - left + Math.max(boxes[index]!.width, part.scrollWidth ?? 0)))) + 2 * margin;
  const said = lines(asked, Math.max(24, Math.floor((width - 2 * margin) / 6.6)));
  const above = margin + heading + 18 * said.length;
  const height = Math.ceil(Math.max(...boxes.map((box) => box.bottom)) - top) + margin + above;
  const style = getComputedStyle(document.body);
  const paper = getComputedStyle(document.documentElement).backgroundColor;
  const whole = piece('svg', { xmlns: space, width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': fonts });
  whole.append(piece('title', {}, title), piece('rect', { width, height, fill: paper }));
  whole.append(piece('text', { x: margin, y: margin + 14, fill: style.color, 'font-size': 15, 'font-weight': 600 }, title));
  said.forEach((line, index) => whole.append(piece('text', { x: margin, y: margin + 36 + 18 * index, fill: style.color, 'fill-opacity': 0.75, 'font-size': 12.5 }, line)));
  parts.forEach((part, index) => {
    const box = boxes[index]!;
    const group = piece('g', { transform: `translate(${margin + box.left - left} ${above + box.top - top})` });
    if (part instanceof SVGSVGElement) {
      const inside = frozen(part);
      inside.setAttribute('width', String(box.width));
      inside.setAttribute('height', String(box.height));
      group.append(inside);
    } else group.append(...(part.tagName === 'UL' ? keys : cells)(part, box.left, box.top));
    whole.append(group);
  });
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

/* The same as a PNG of twice the size, for slides. */
export async function png(picture: { text: string; width: number; height: number }): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([picture.text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = picture.width * 2;
    canvas.height = picture.height * 2;
    const pen = canvas.getContext('2d')!;
    pen.scale(2, 2);
    pen.drawImage(image, 0, 0);
    return await new Promise<Blob>((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('png'))), 'image/png'));
  } finally {
    URL.revokeObjectURL(address);
  }
}
