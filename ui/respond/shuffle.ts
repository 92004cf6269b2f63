/* Random orders that are the same for a response whenever and wherever they are asked for. */
import type { Option, Question, Survey } from './document';

/* FNV-1a over "KEY:WHAT" and Marsaglia's xorshift for each draw: the server mixes alike. */
function shuffled<T>(items: readonly T[], key: string, what: string): T[] {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${key}:${what}`)) state = Math.imul(state ^ byte, 0x01000193);
  state ||= 1;
  const out = [...items];
  for (let at = out.length - 1; at > 0; at--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (at + 1);
    [out[at], out[other]] = [out[other]!, out[at]!];
  }
  return out;
}

/* The questions in the order in which this response sees them: groups are mixed within the places they have. */
export function order(survey: Survey, key: string): Question[] {
  const out = [...survey.questions];
  (survey.shuffle ?? []).forEach((group, nth) => {
    const places = survey.questions.map((each, at) => (group.includes(each.id) ? at : -1)).filter((at) => at >= 0);
    const mixed = shuffled(places, key, `order:${nth}`);
    places.forEach((at, place) => (out[at] = survey.questions[mixed[place]!]!));
  });
  return out;
}

/* The options or rows of a question as this response sees them; "other" stays last. */
export function options(question: Question, items: Option[] | undefined, key: string): Option[] {
  const given = items ?? [];
  if (!question.shuffle) return given;
  return [...shuffled(given.filter((each) => !each.other), key, question.id), ...given.filter((each) => each.other)];
}
