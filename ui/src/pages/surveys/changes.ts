/* What differs between two versions of a survey, question by question, and what that does to the series of scores.
 *
 * Scores are compared only where the same was asked in the same way. Another type, scale, direction or other options are
 * another question whatever the author says; other words are another question unless the author says it is a correction.
 */
import { isScored, scaleOf, textOf, type Option, type Question, type Survey, type Text } from './document';

export type Field = 'title' | 'help' | 'type' | 'scale' | 'look' | 'ends' | 'reversed' | 'options' | 'rows' | 'range' | 'required' | 'show' | 'jump' | 'touchpoint' | 'target' | 'other';
export type Effect = 'none' | 'ask' | 'new';
export interface QuestionChange {
  id: string;
  how: 'added' | 'removed' | 'moved' | 'changed';
  fields: Field[];
  before?: Question;
  after?: Question;
  /* What happens to the series: nothing, the author decides, or a new one begins in any case. */
  effect: Effect;
}

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
/* What says nothing is as if it were not there; the order of members does not matter. */
function canonical(value: unknown): string {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return '';
  if (typeof value === 'string') return JSON.stringify(value.trim().normalize('NFC'));
  if (Array.isArray(value)) return value.length === 0 ? '' : `[${value.map((each) => canonical(each) || '0').join(',')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value)
    .map(([name, each]) => [name, canonical(each)] as const)
    .filter(([, each]) => each !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return members.length === 0 ? '' : `{${members.map(([name, each]) => `${name}:${each}`).join(',')}}`;
}

const compared: [Field, (each: Question) => unknown][] = [
  ['type', (each) => each.type],
  ['title', (each) => each.title],
  ['help', (each) => each.help],
  ['scale', (each) => (isScored(each) ? scaleOf(each) : null)],
  ['look', (each) => (each.look === 'numbers' ? null : each.look)],
  ['ends', (each) => [each.low, each.high].some(Boolean) && [each.low ?? {}, each.high ?? {}]],
  ['reversed', (each) => each.reversed],
  ['options', (each) => each.options],
  ['rows', (each) => each.rows],
  ['range', (each) => (each.type === 'slider' ? [each.min ?? 0, each.max ?? 100, each.step ?? 1] : null)],
  ['required', (each) => each.required],
  ['show', (each) => each.show],
  ['jump', (each) => each.jump],
  ['touchpoint', (each) => [each.touchpoint, each.dimension].some(Boolean) && [each.touchpoint ?? '-', each.dimension ?? '-']],
  ['target', (each) => each.target],
  ['other', (each) => [each.shuffle, each.least, each.most, each.long, each.fields, each.purpose, each.files, each.adjective].map((one) => one ?? null)],
];
const anew: Field[] = ['type', 'scale', 'reversed', 'range'];
const worded: Field[] = ['title', 'ends'];

/* Only languages that both have are compared: a new translation changes nothing for those who answered before. Without one that
 * both have nobody but the author can say that it asks the same. */
export function reworded(before: Text | undefined, after: Text | undefined): boolean {
  const spoken = (text: Text | undefined) => Object.keys(text ?? {}).filter((language) => text?.[language]?.trim());
  const [old, now] = [spoken(before), spoken(after)];
  const common = old.filter((language) => now.includes(language));
  return common.some((language) => !same(before![language], after![language])) || (!common.length && old.length > 0 && now.length > 0);
}
function optionsEffect(before: Question, after: Question): Effect {
  for (const list of ['options', 'rows'] as const) {
    const [old, now] = [before[list] ?? [], after[list] ?? []];
    if (old.length !== now.length || old.some((each) => !now.some((one) => one.id === each.id && Boolean((one as Option).other) === Boolean((each as Option).other)))) return 'new';
    if (old.some((each) => reworded(each.label, now.find((one) => one.id === each.id)?.label))) return 'ask';
  }
  return 'none';
}
function wordsEffect(before: Question, after: Question): Effect {
  return (['title', 'low', 'high'] as const).some((name) => reworded(before[name], after[name])) ? 'ask' : 'none';
}
export function effectOf(before: Question, after: Question): Effect {
  if (before.type === 'note' && after.type === 'note') return 'none';
  const fields = fieldsBetween(before, after);
  if (fields.some((each) => anew.includes(each))) return 'new';
  const effects = [optionsEffect(before, after), fields.some((each) => worded.includes(each)) ? wordsEffect(before, after) : 'none'];
  return effects.includes('new') ? 'new' : effects.includes('ask') ? 'ask' : 'none';
}

export const fieldsBetween = (before: Question, after: Question): Field[] => compared.filter(([, take]) => !same(take(before), take(after))).map(([field]) => field);

export function changesBetween(before: Survey | null, after: Survey): QuestionChange[] {
  const old = before?.questions ?? [];
  const changes: QuestionChange[] = [];
  for (const question of after.questions) {
    const was = old.find((each) => each.id === question.id);
    if (!was) {
      changes.push({ id: question.id, how: 'added', fields: [], after: question, effect: 'none' });
      continue;
    }
    const fields = fieldsBetween(was, question);
    if (fields.length) changes.push({ id: question.id, how: 'changed', fields, before: was, after: question, effect: effectOf(was, question) });
  }
  for (const question of old) if (!after.questions.some((each) => each.id === question.id)) changes.push({ id: question.id, how: 'removed', fields: [], before: question, effect: 'none' });
  const order = (list: Question[], other: Question[]) => list.filter((each) => other.some((one) => one.id === each.id)).map((each) => each.id);
  if (order(old, after.questions).join() !== order(after.questions, old).join()) {
    for (const id of movedIds(order(old, after.questions), order(after.questions, old))) {
      if (!changes.some((each) => each.id === id)) changes.push({ id, how: 'moved', fields: [], after: after.questions.find((each) => each.id === id), effect: 'none' });
    }
  }
  return changes;
}
/* The fewest that must have been moved: all but a longest run that kept its order. */
function movedIds(before: string[], after: string[]): string[] {
  const places = after.map((each) => before.indexOf(each));
  const best: number[] = [];
  const length: number[] = [];
  const from: number[] = [];
  places.forEach((place, at) => {
    length[at] = 1;
    from[at] = -1;
    for (let k = 0; k < at; k++) if (places[k]! < place && length[k]! + 1 > length[at]!) [length[at], from[at]] = [length[k]! + 1, k];
  });
  for (let at = length.indexOf(Math.max(...length)); at >= 0; at = from[at]!) best.push(at);
  return after.filter((_, at) => !best.includes(at));
}

/* What is not a question: languages, ends, look, quotas … */
export type Part = 'name' | 'title' | 'welcome' | 'languages' | 'touchpoint' | 'theme' | 'shuffle' | 'quotas' | 'ends' | 'partial_after';
const parts: Part[] = ['name', 'title', 'welcome', 'languages', 'touchpoint', 'theme', 'shuffle', 'quotas', 'ends', 'partial_after'];
export const partsBetween = (before: Survey | null, after: Survey): Part[] => (before ? parts.filter((part) => !same(before[part], after[part])) : []);
export const isSame = (before: Survey | null, after: Survey): boolean => before !== null && changesBetween(before, after).length === 0 && partsBetween(before, after).length === 0;

/* The words of one field before and after, to be shown beside each other. */
export const words = (question: Question | undefined, language: string, survey: Survey): string => textOf(question?.title, language, survey);
