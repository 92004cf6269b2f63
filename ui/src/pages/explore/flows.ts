/* The edges of an answer as a drawing: events in columns, ribbons between them. */
import type { FlowLink, FlowNode } from '$/lib/flow';
import { duration, number } from '$/lib/format';
import { t } from '$/lib/i18n.svelte';
import { isVariant, nodeName, numberOf, seconds, type Row } from './answers';
import type { Question } from './question';

export interface Drawn {
  nodes: FlowNode[];
  links: FlowLink[];
  rows: Map<string, Row>;
  heads: string[];
}

type Counted = (id: string) => string | undefined;

const columnsMost = 6;

export const edgesOf = (rows: Row[]): Row[] => rows.filter((row) => !isVariant(row));
export const edgeName = (question: Question, row: Row): string => `${row.begin ? t('ui.explore.begins') : nodeName(question, row.from)} → ${row.end ? t('ui.explore.ends') : nodeName(question, row.to)}`;
export const edgeWords = (question: Question, row: Row): string => {
  const median = numberOf(row, 'median_s');
  const counts = t('ui.explore.edge', { events: number(numberOf(row, 'events') ?? 0), people: number(numberOf(row, 'people') ?? 0) });
  const place = numberOf(row, 'step') === null ? '' : `${t('ui.explore.column.place')} ${String(row.step)} · `;
  return `${place}${edgeName(question, row)}: ${counts}${median === null ? '' : ` · ${t('ui.explore.funnel.took', { median: seconds(median), p90: seconds(numberOf(row, 'p90_s')) })}`}`;
};

const named = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/* How often each event occurs, by the id of its box: whichever side of it is known to be complete.
 * Beginnings and ends have no place. Paths with a start all begin at place 1, those with an end alone all
 * end at the last one; without both an event goes on or ends, and both belong to its own group. */
export function occurrences(question: Question, rows: Row[]): Map<string, number> {
  const found = new Map<string, number>();
  const add = (id: string, row: Row) => found.set(id, (found.get(id) ?? 0) + (numberOf(row, 'events') ?? 0));
  const started = Boolean(question.start?.length);
  const ended = !started && Boolean(question.end?.length);
  for (const row of edgesOf(rows)) {
    const step = numberOf(row, 'step') ?? 0;
    if (started) {
      if (!row.end) add(`${row.begin ? 1 : step + 1}:${named(row.to)}`, row);
    } else if (ended) {
      if (!row.begin) add(`${row.end ? (question.depth ?? 5) : step}:${named(row.from)}`, row);
    } else if (!row.begin) add(named(row.from), row);
  }
  return found;
}

/* Paths that begin or end somewhere have places: every event stands in the column of its place. */
function placed(question: Question, edges: Row[], count: Counted): Drawn {
  const most = widest(edges);
  const steps = edges.map((row) => numberOf(row, 'step')).filter((step) => step !== null);
  const first = Math.min(...steps);
  const last = Math.max(...steps) + 1;
  const nodes = new Map<string, FlowNode & { into: number; out: number }>();
  const links: FlowLink[] = [];
  const rows = new Map<string, Row>();
  // For the order alone: whoever comes to an event and goes on from it is one and the same.
  const node = (step: number, value: unknown, size: number, side: 'into' | 'out'): string => {
    const id = `${step}:${named(value)}`;
    const found = nodes.get(id) ?? { id, column: step - first, label: nodeName(question, value), into: 0, out: 0 };
    found[side] += size;
    nodes.set(id, found);
    return id;
  };
  edges.forEach((row, index) => {
    const size = numberOf(row, 'people') ?? 0;
    const step = numberOf(row, 'step');
    if (step === null && !row.begin && !row.end) return;
    const at = step ?? (row.begin ? first : last);
    const from = row.begin ? null : node(at, row.from, size, 'out');
    const to = row.end ? null : node(row.begin ? at : at + 1, row.to, size, 'into');
    rows.set(String(index), row);
    links.push({ id: String(index), from, to, value: size, label: edgeWords(question, row), note: noteOf(row, most) });
  });
  const ordered = [...nodes.values()].map(({ into, out, ...rest }) => ({ ...rest, size: Math.max(into, out) })).sort((a, b) => a.column - b.column || b.size - a.size);
  const heads = Array.from({ length: last - first + 1 }, (_, k) => t('ui.explore.place', { n: first + k }));
  return { nodes: ordered.map(({ size, ...rest }) => ({ ...rest, note: count(rest.id) })), links, rows, heads };
}

// Only wide ribbons have room for how long it takes; the others say it when one stands on them.
const noteOf = (row: Row, most: number): string | undefined => {
  const median = numberOf(row, 'median_s');
  return median === null || (numberOf(row, 'people') ?? 0) < 0.15 * most ? undefined : duration(median);
};
const widest = (edges: Row[]): number => Math.max(1, ...edges.map((row) => numberOf(row, 'people') ?? 0));

/* Otherwise from where most is left to where most arrives: each event one column further than what leads to it. */
function spread(question: Question, edges: Row[], count: Counted): Drawn {
  const sizes = new Map<string, { out: number; into: number; value: unknown }>();
  const of = (value: unknown) => {
    const key = named(value);
    if (!sizes.has(key)) sizes.set(key, { out: 0, into: 0, value });
    return sizes.get(key)!;
  };
  const most = widest(edges);
  const moves = edges.filter((row) => !row.begin && !row.end);
  for (const row of moves) {
    if (named(row.from) === named(row.to)) continue;
    of(row.from).out += numberOf(row, 'people') ?? 0;
    of(row.to).into += numberOf(row, 'people') ?? 0;
  }
  for (const row of moves) (of(row.from), of(row.to));
  const column = new Map<string, number>();
  const waiting = [...sizes].sort(([, a], [, b]) => (b.out - b.into) / (b.out + b.into + 1) - (a.out - a.into) / (a.out + a.into + 1)).map(([key]) => key);
  const strongest = [...moves].sort((a, b) => (numberOf(b, 'people') ?? 0) - (numberOf(a, 'people') ?? 0));
  while (column.size < waiting.length) {
    const root = waiting.find((key) => !column.has(key))!;
    column.set(root, 0);
    for (let grown = true; grown; ) {
      grown = false;
      for (const row of strongest) {
        const [from, to] = [named(row.from), named(row.to)];
        if (!column.has(from) || column.has(to)) continue;
        column.set(to, Math.min(columnsMost - 1, column.get(from)! + 1));
        grown = true;
        break;
      }
    }
  }
  const nodes = waiting
    .map((key) => ({ id: key, column: column.get(key) ?? 0, label: nodeName(question, sizes.get(key)!.value), size: Math.max(sizes.get(key)!.out, sizes.get(key)!.into) }))
    .sort((a, b) => a.column - b.column || b.size - a.size)
    .map(({ size, ...node }) => ({ ...node, note: count(node.id) }));
  const rows = new Map<string, Row>();
  const links = edges.flatMap((row, index): FlowLink[] => {
    if (row.begin ? !sizes.has(named(row.to)) : row.end ? !sizes.has(named(row.from)) : false) return [];
    rows.set(String(index), row);
    return [{ id: String(index), from: row.begin ? null : named(row.from), to: row.end ? null : named(row.to), value: numberOf(row, 'people') ?? 0, label: edgeWords(question, row), note: noteOf(row, most) }];
  });
  return { nodes, links, rows, heads: [] };
}

/* `whole`: all edges with their beginnings and ends, for the numbers in the boxes; without them a box has none. */
export function drawn(question: Question, rows: Row[], whole?: Row[]): Drawn {
  const edges = edgesOf(rows);
  const events = whole && occurrences(question, whole);
  const count: Counted = (id) => (events?.get(id) ? t('ui.explore.times', { n: number(events.get(id)!) }) : undefined);
  return edges.some((row) => numberOf(row, 'step') !== null) ? placed(question, edges, count) : spread(question, edges, count);
}
