/* Which parts of a text are shown otherwise: words that were searched for, words that drove how it is read. */
import { fold } from '$/lib/fold';
import type { Because } from './feedback';

export interface Piece {
  text: string;
  hit?: boolean;
  because?: Because;
}

interface Word {
  from: number;
  to: number;
  folded: string;
}
const word = /[\p{L}\p{M}\p{N}_]+/gu;
const wordsOf = (text: string): Word[] => [...text.matchAll(word)].map((found) => ({ from: found.index, to: found.index + found[0].length, folded: fold(found[0]) }));

/* The stretches of a text whose words were asked for, whatever their case, tone marks or đ; a word with a star begins so. */
function hits(text: string, q: string): [number, number][] {
  const wanted = [...q.matchAll(/([\p{L}\p{M}\p{N}_]+)(\*?)/gu)].map((found) => ({ folded: fold(found[1]!), begins: found[2] === '*' }));
  if (!wanted.length) return [];
  return wordsOf(text)
    .filter((each) => wanted.some(({ folded, begins }) => (begins ? each.folded.startsWith(folded) : each.folded === folded)))
    .map(({ from, to }) => [from, to]);
}

export function searched(text: string, q: string): Piece[] {
  return cut(text, hits(text, q).map(([from, to]) => ({ from, to, hit: true })));
}

/* Findings name bytes of UTF-8; pieces are of the text as a browser counts it. */
export function explained(text: string, because: Because[]): Piece[] {
  const encoder = new TextEncoder();
  const places = new Map<number, number>();
  let bytes = 0;
  let at = 0;
  for (const letter of text) {
    places.set(bytes, at);
    bytes += encoder.encode(letter).length;
    at += letter.length;
  }
  places.set(bytes, at);
  const marked = because.flatMap((each) => {
    const [from, to] = [places.get(each.at), places.get(each.at + encoder.encode(each.text).length)];
    return from === undefined || to === undefined ? [] : [{ from, to, because: each }];
  });
  return cut(text, marked);
}

interface Mark {
  from: number;
  to: number;
  hit?: boolean;
  because?: Because;
}
function cut(text: string, marks: Mark[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to, ...what } of marks.sort((a, b) => a.from - b.from)) {
    if (from < at) continue;
    if (from > at) pieces.push({ text: text.slice(at, from) });
    pieces.push({ text: text.slice(from, to), ...what });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}
