/* Where the parts of a flow drawing lie: cards in columns, ribbons between them as wide as their value.
 *
 *        ┌──────┐ ══════▶ ┌──────┐        forward: right side to left side
 *   ···▶ │  A   │ ──┐     │  B   │ ═···   begins and ends: stubs that fade
 *        └──┬───┘   └···▶ └──────┘        back: left side to right side
 *           ▼                             to the card below: through the gap
 *        ┌──────┐
 *
 * Plain numbers in, plain numbers out; a side of a card is shared among its
 * ribbons in the order of what they lead to, so that few of them cross.
 */
export interface FlowNode {
  id: string;
  column: number;
  /* A row of the drawing that the card stays in; cards of one band stand above those of the next. */
  band?: number;
  label: string;
  note?: string;
  href?: string;
}
export interface FlowLink {
  id: string;
  /* null: it begins here. */
  from: string | null;
  /* null: it ends here; the same as `from`: again and again. */
  to: string | null;
  value: number;
  /* Not as it was meant: dashed. */
  off?: boolean;
  /* A few words on the ribbon. */
  note?: string;
  /* The whole sentence, read aloud and written beside the drawing. */
  label: string;
}
export interface Placed extends FlowNode {
  x: number;
  y: number;
  width: number;
  height: number;
}
export type Course = 'forward' | 'back' | 'down' | 'beside' | 'loop' | 'begin' | 'end';
export interface Ribbon {
  link: FlowLink;
  course: Course;
  path: string;
  thick: number;
  /* The end with the arrow, and where it points. */
  tip: { x: number; y: number; turn: number } | null;
  /* Where the stub of a beginning or an end is clear and where it has faded. */
  fade: { from: number; to: number } | null;
  words: { x: number; y: number } | null;
}
export interface FlowDrawing {
  width: number;
  height: number;
  nodes: Placed[];
  ribbons: Ribbon[];
  /* Left edge of each column, and the top of each band. */
  columns: number[];
  bands: number[];
  cardWidth: number;
}
export interface FlowRoom {
  width: number;
  /* Space above the first card, for the heads of the columns. */
  top?: number;
  /* Values of other drawings beside this one, for ribbons that can be compared. */
  most?: number;
}

const leastPitch = 146;
const leastCard = 76;
const thickest = 112;
const gapBetween = 40;
const edge = 24;
const stub = 34;
const mostWords = 24;

interface Slot {
  link: FlowLink;
  end: 'from' | 'to';
  toward: number;
}
interface Sides {
  left: Slot[];
  right: Slot[];
}

export function courseOf(link: FlowLink, at: Map<string, { column: number; place: number; band: number }>): Course {
  if (link.from === null) return 'begin';
  if (link.to === null) return 'end';
  if (link.from === link.to) return 'loop';
  const [a, b] = [at.get(link.from)!, at.get(link.to)!];
  if (a.column !== b.column) return a.column < b.column ? 'forward' : 'back';
  return a.band === b.band && b.place === a.place + 1 ? 'down' : 'beside';
}

const total = (slots: Slot[], thick: (link: FlowLink) => number): number => slots.reduce((sum, { link }) => sum + thick(link), 0);

function sidesOf(nodes: readonly FlowNode[], links: readonly FlowLink[], course: (link: FlowLink) => Course, toward: (id: string | null) => number): Map<string, Sides> {
  const sides = new Map<string, Sides>(nodes.map(({ id }) => [id, { left: [], right: [] }]));
  for (const link of links) {
    const way = course(link);
    if (way === 'loop' || way === 'down') continue;
    const [out, into] = way === 'back' ? (['left', 'right'] as const) : way === 'beside' ? (['right', 'right'] as const) : (['right', 'left'] as const);
    if (link.from !== null) sides.get(link.from)?.[out].push({ link, end: 'from', toward: toward(link.to) });
    if (link.to !== null) sides.get(link.to)?.[into].push({ link, end: 'to', toward: toward(link.from) });
  }
  for (const each of sides.values()) {
    each.left.sort((a, b) => a.toward - b.toward);
    each.right.sort((a, b) => a.toward - b.toward);
  }
  return sides;
}

/* The point at `t` of a cubic curve. */
function along(p: readonly number[], t: number): { x: number; y: number } {
  const s = 1 - t;
  const mix = (k: number) => s * s * s * p[k]! + 3 * s * s * t * p[k + 2]! + 3 * s * t * t * p[k + 4]! + t * t * t * p[k + 6]!;
  return { x: mix(0), y: mix(1) };
}

/* Words lie on their ribbon where neither a card nor other words are. */
class Words {
  private taken: { x: number; y: number }[] = [];
  constructor(private cards: readonly Placed[]) {}

  place(points: { x: number; y: number }[], half: number): { x: number; y: number } | null {
    const free = points.find(
      ({ x, y }) =>
        !this.cards.some((card) => x + half > card.x && x - half < card.x + card.width && y + 8 > card.y && y - 8 < card.y + card.height) &&
        !this.taken.some((other) => Math.abs(other.x - x) < half * 2 && Math.abs(other.y - y) < 17),
    );
    if (free) this.taken.push(free);
    return free ?? null;
  }
}

export function drawFlow(nodes: readonly FlowNode[], links: readonly FlowLink[], room: FlowRoom): FlowDrawing {
  const known = new Set(nodes.map(({ id }) => id));
  const drawn = links.filter(({ from, to }) => (from === null || known.has(from)) && (to === null || known.has(to)) && (from ?? to) !== null);
  const columnCount = Math.max(1, ...nodes.map(({ column }) => column + 1));
  const bandCount = Math.max(1, ...nodes.map(({ band = 0 }) => band + 1));
  const pitch = Math.max(leastPitch, (room.width - 2 * edge) / columnCount);
  const gutter = Math.min(110, Math.max(stub + 14, pitch * 0.29));
  const cardWidth = pitch - gutter;

  const places = new Map<string, { column: number; place: number; band: number }>();
  const filled = new Map<string, number>();
  for (const { id, column, band = 0 } of nodes) {
    const key = `${column}/${band}`;
    places.set(id, { column, band, place: filled.get(key) ?? 0 });
    filled.set(key, (filled.get(key) ?? 0) + 1);
  }
  const course = (link: FlowLink) => courseOf(link, places);

  // One scale for all: the fullest side of a card is as high as the thickest ribbon may be.
  const first = (id: string | null) => (id === null ? 1e6 : places.get(id)!.band * 100 + places.get(id)!.place);
  const rough = sidesOf(nodes, drawn, course, first);
  const value = ({ value: each }: FlowLink) => each;
  const fullest = Math.max(1, room.most ?? 0, ...[...rough.values()].flatMap(({ left, right }) => [total(left, value), total(right, value)]), ...drawn.filter((link) => course(link) === 'down').map((link) => (link.value * thickest) / (cardWidth - 24)));
  const thick = (link: FlowLink) => Math.max(1.5, (link.value * thickest) / fullest);
  const heightOf = (id: string) => Math.max(leastCard, 14 + Math.max(...(['left', 'right'] as const).map((side) => total(rough.get(id)![side], thick))));

  const bandHeights = Array.from({ length: bandCount }, () => 0);
  const stacks = new Map<string, number>();
  for (const { id, column, band = 0 } of nodes) {
    const key = `${column}/${band}`;
    const high = (stacks.get(key) ?? 0) + heightOf(id) + gapBetween;
    stacks.set(key, high);
    bandHeights[band] = Math.max(bandHeights[band]!, high);
  }
  const bands: number[] = [];
  bandHeights.reduce((top, high) => (bands.push(top), top + high), edge + (room.top ?? 0));
  const tops = new Map<string, number>();
  const placed: Placed[] = nodes.map((node) => {
    const key = `${node.column}/${node.band ?? 0}`;
    const y = tops.get(key) ?? bands[node.band ?? 0]!;
    const height = heightOf(node.id);
    tops.set(key, y + height + gapBetween);
    return { ...node, x: edge + stub / 2 + node.column * pitch, y, width: cardWidth, height };
  });
  const cards = new Map(placed.map((card) => [card.id, card]));
  const height = bands.at(-1)! + bandHeights.at(-1)! - gapBetween + edge;
  if (bandCount === 1) settle(placed, cards, drawn, columnCount, height - edge);

  // Now that the heights are known, the ribbons of a side are put in the order of where they lead.
  const centre = (id: string | null) => (id === null ? 1e6 : cards.get(id)!.y + cards.get(id)!.height / 2);
  const sides = sidesOf(nodes, drawn, course, centre);
  const ends = new Map<string, { x: number; y: number }>();
  for (const card of placed) {
    for (const side of ['left', 'right'] as const) {
      const slots = sides.get(card.id)![side];
      let y = card.y + (card.height - total(slots, thick)) / 2;
      for (const { link, end } of slots) {
        ends.set(`${link.id}/${end}`, { x: side === 'left' ? card.x : card.x + card.width, y: y + thick(link) / 2 });
        y += thick(link);
      }
    }
  }

  const words = new Words(placed);
  const ribbons = drawn
    .map((link) => ribbon(link, course(link), thick(link), ends, cards))
    .sort((a, b) => b.thick - a.thick)
    .map(({ points, ...each }, k) => ({ ...each, words: k < mostWords && each.link.note ? words.place(points, 3 + each.link.note.length * 3.4) : null }));
  return { width: Math.max(room.width, 2 * edge + columnCount * pitch), height, nodes: placed, ribbons, columns: Array.from({ length: columnCount }, (_, k) => edge + stub / 2 + k * pitch), bands, cardWidth };
}

/* A column that has room moves down to where the fewest people pass behind its cards and its own ribbons are short. */
function settle(placed: Placed[], cards: Map<string, Placed>, links: readonly FlowLink[], columnCount: number, bottom: number): void {
  const middle = (card: Placed) => card.y + card.height / 2;
  const ways = links.flatMap(({ from, to, value }) => (from !== null && to !== null && from !== to ? [{ a: cards.get(from)!, b: cards.get(to)!, value }] : []));
  const cost = (column: number, mine: Placed[], shift: number): number => {
    let sum = 0;
    for (const { a, b, value } of ways) {
      const [one, other] = a.column < b.column ? [a, b] : [b, a];
      if (one.column < column && column < other.column) {
        const f = (column - one.column) / (other.column - one.column);
        const y = middle(one) + (middle(other) - middle(one)) * f * f * (3 - 2 * f);
        sum += mine.some((card) => y > card.y + shift - 12 && y < card.y + card.height + shift + 12) ? value : 0;
      } else if (a.column !== b.column && (a.column === column || b.column === column)) {
        sum += (value * Math.abs(middle(one) + (one.column === column ? shift : 0) - middle(other) - (other.column === column ? shift : 0))) / 1600;
      }
    }
    return sum;
  };
  for (let column = 0; column < columnCount; column++) {
    const mine = placed.filter((card) => card.column === column);
    const last = mine.at(-1);
    if (!last) continue;
    let best = 0;
    for (let shift = 0; shift <= bottom - last.y - last.height; shift += 12) if (cost(column, mine, shift) < cost(column, mine, best) - 1e-9) best = shift;
    for (const card of mine) card.y += best;
  }
}

type Unworded = Omit<Ribbon, 'words'> & { points: { x: number; y: number }[] };

function ribbon(link: FlowLink, course: Course, thick: number, ends: Map<string, { x: number; y: number }>, cards: Map<string, Placed>): Unworded {
  const n = (value: number) => value.toFixed(1);
  if (course === 'begin' || course === 'end') {
    const at = ends.get(`${link.id}/${course === 'begin' ? 'to' : 'from'}`)!;
    const far = at.x + (course === 'begin' ? -stub : stub);
    const path = course === 'begin' ? `M${n(far)} ${n(at.y)}H${n(at.x)}` : `M${n(at.x)} ${n(at.y)}H${n(far)}`;
    return { link, course, thick, path, tip: course === 'begin' ? { ...at, turn: 0 } : null, fade: { from: at.x, to: far }, points: [] };
  }
  if (course === 'loop') {
    const card = cards.get(link.from!)!;
    const wide = Math.min(5, Math.max(1.5, thick));
    const [left, right] = [card.x + card.width - 46, card.x + card.width - 20];
    const path = `M${n(left)} ${n(card.y)}C${n(left - 4)} ${n(card.y - 24)} ${n(right + 4)} ${n(card.y - 24)} ${n(right)} ${n(card.y)}`;
    return { link, course, thick: wide, path, tip: { x: right, y: card.y, turn: 100 }, fade: null, points: [] };
  }
  if (course === 'down') {
    const [above, below] = [cards.get(link.from!)!, cards.get(link.to!)!];
    const x = above.x + above.width / 2 - 8;
    const y = (above.y + above.height + below.y) / 2;
    const path = `M${n(x)} ${n(above.y + above.height)}V${n(below.y)}`;
    return { link, course, thick, path, tip: { x, y: below.y, turn: 90 }, fade: null, points: [{ x, y: y - 2 }] };
  }
  const [a, b] = [ends.get(`${link.id}/from`)!, ends.get(`${link.id}/to`)!];
  const far = Math.abs(b.x - a.x);
  const bend = course === 'beside' ? stub * 1.6 : Math.max(30, far * 0.42);
  const [out, into] = course === 'back' ? [-bend, bend] : course === 'beside' ? [bend, bend] : [bend, -bend];
  const curve = [a.x, a.y, a.x + out, a.y, b.x + into, b.y, b.x, b.y];
  const path = `M${n(a.x)} ${n(a.y)}C${curve.slice(2).map(n).join(' ')}`;
  const tip = { ...b, turn: course === 'forward' ? 0 : 180 };
  return { link, course, thick, path, tip, fade: null, points: [0.5, 0.3, 0.7, 0.15, 0.85, 0.22, 0.78].map((t) => along(curve, t)) };
}

/* A label in lines of about so many pixels; the last one is cut when there is more. */
export function lines(text: string, width: number, most = 2, letter = 7): string[] {
  const room = Math.max(4, Math.floor(width / letter));
  const found: string[] = [];
  for (const word of text.split(' ')) {
    const last = found.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) found[found.length - 1] = `${last} ${word}`;
    else found.push(word);
  }
  const kept = found.slice(0, most);
  if (found.length > most) kept[most - 1] = `${kept[most - 1]} …`;
  return kept.map((line) => (line.length > room + 1 ? `${line.slice(0, room - 1)}…` : line));
}
