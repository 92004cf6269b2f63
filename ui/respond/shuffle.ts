/* Random orders that are the same for a response whenever and wherever they are asked for. */
import type { Option, Question, Survey } from './document';

/* FNV-1a of a name, then mulberry32 for each draw: the server shuffles alike. */
export function shuffled<T>(items: readonly T[], seed: number, name: string): T[] {
  let state = (0x811c9dc5 ^ seed) >>> 0;
  for (const byte of new TextEncoder().encode(name)) state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  const out = [...items];
  for (let at = out.length - 1; at > 0; at--) {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    const other = ((t ^ (t >>> 14)) >>> 0) % (at + 1);
    [out[at], out[other]] = [out[other]!, out[at]!];
  }
  return out;
}

/* The questions in the order in which this response sees them: groups are mixed within the places they have. */
export function order(survey: Survey, seed: number): Question[] {
  const out = [...survey.questions];
  for (const group of survey.shuffle ?? []) {
    const places = survey.questions.map((each, at) => (group.includes(each.id) ? at : -1)).filter((at) => at >= 0);
    const mixed = shuffled(places, seed, survey.questions[places[0]!]?.id ?? '');
    places.forEach((at, nth) => (out[at] = survey.questions[mixed[nth]!]!));
  }
  return out;
}

/* The options or rows of a question as this response sees them; "other" stays last. */
export function options(question: Question, items: Option[] | undefined, seed: number): Option[] {
  const given = items ?? [];
  if (!question.shuffle) return given;
  return [...shuffled(given.filter((each) => !each.other), seed, question.id), ...given.filter((each) => each.other)];
}
