/* A survey as the builder changes it. Every function gives a new document, so that undoing is keeping the one before.
 *
 * What is removed is removed wherever it is named: a condition, a jump, a group
 * or a piped answer never points at a question that is gone.
 */
import { mapped, placeOf, plain, questionOf, type Condition, type End, type Jump, type Option, type Plain, type Question, type Quota, type Row, type Survey, type Text, type Theme } from './document';
import { freshId, freshOption } from './kinds';

const ids = (list: { id: string }[]): string[] => list.map((each) => each.id);
const replaced = <T extends { id: string }>(list: T[], id: string, change: Partial<T>): T[] => list.map((each) => (each.id === id ? cleaned({ ...each, ...change }) : each));
/* A member that says nothing is left out: `undefined` removes it. */
function cleaned<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

export const change = (survey: Survey, part: Partial<Survey>): Survey => cleaned({ ...survey, ...part });
export const changeTheme = (survey: Survey, part: Partial<Theme>): Survey => change(survey, { theme: cleaned({ ...survey.theme, ...part }) });

/* One language of a text; without words it is taken out. */
export function written(text: Text | undefined, language: string, words: string): Text {
  const next = { ...text, [language]: words };
  if (words === '') delete next[language];
  return next;
}
/* The same for what may be missing as a whole. */
export function perhaps(text: Text | undefined, language: string, words: string): Text | undefined {
  const next = written(text, language, words);
  return Object.keys(next).length ? next : undefined;
}

export const changeQuestion = (survey: Survey, id: string, part: Partial<Question>): Survey => ({ ...survey, questions: replaced(survey.questions, id, part) });
export const putQuestion = (survey: Survey, question: Question): Survey => ({ ...survey, questions: survey.questions.map((each) => (each.id === question.id ? cleaned(question) : each)) });

/* Adds a question behind the one named, else at the end. */
export function addQuestion(survey: Survey, question: Question, behind?: string | null): Survey {
  const at = behind ? placeOf(survey, behind) + 1 : survey.questions.length;
  return { ...survey, questions: survey.questions.toSpliced(at || survey.questions.length, 0, question) };
}

export function duplicate(survey: Survey, id: string): { survey: Survey; id: string } {
  const question = questionOf(survey, id);
  if (!question) return { survey, id };
  const { series: _series, ...rest } = structuredClone(question);
  const copy: Question = { ...rest, id: freshId('q', ids(survey.questions)) };
  // Two questions of one survey cannot be one series.
  delete copy.bank;
  return { survey: addQuestion(survey, copy, id), id: copy.id };
}

/* A jump or a condition may then point the wrong way; nothing is taken away for that, check.ts says so. */
export function moveQuestion(survey: Survey, id: string, to: number): Survey {
  const from = placeOf(survey, id);
  const at = Math.max(0, Math.min(survey.questions.length - 1, to));
  if (from < 0 || from === at) return survey;
  const questions = [...survey.questions];
  questions.splice(at, 0, ...questions.splice(from, 1));
  return { ...survey, questions };
}
export const stepQuestion = (survey: Survey, id: string, by: number): Survey => moveQuestion(survey, id, placeOf(survey, id) + by);

const about = (each: Plain): string | null => ('question' in each ? each.question : null);

export function removeQuestion(survey: Survey, id: string): Survey {
  const without = (conditions: Condition[]) => mapped(conditions, (each) => (about(each) === id ? null : each));
  const jumps = (list: Jump[]) => list.filter((each) => each.to !== id).map((each) => ({ ...each, when: without(each.when) })).filter((each) => each.when.length > 0);
  const next: Survey = {
    ...survey,
    questions: survey.questions
      .filter((each) => each.id !== id)
      .map((each) => cleaned({ ...each, show: some(each.show && without(each.show)), jump: some(each.jump && jumps(each.jump)) })),
    ends: survey.ends.map((each) => cleaned({ ...each, when: some(each.when && without(each.when)) })),
    quotas: some(survey.quotas?.map((each) => ({ ...each, when: without(each.when) })).filter((each) => each.when.length > 0)),
    shuffle: some(survey.shuffle?.map((group) => group.filter((each) => each !== id)).filter((group) => group.length > 1)),
  };
  return unpiped(cleaned(next), id);
}
const some = <T>(list: T[] | undefined): T[] | undefined => (list && list.length > 0 ? list : undefined);

/* Takes `{{id}}` out of every text. */
function unpiped(survey: Survey, id: string): Survey {
  const mark = new RegExp(`\\s*\\{\\{\\s*${id}\\s*\\}\\}`, 'g');
  const clean = <T>(value: T): T => {
    if (typeof value === 'string') return value.replace(mark, '') as T;
    if (Array.isArray(value)) return value.map(clean) as T;
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clean(each)])) as T;
    return value;
  };
  return JSON.stringify(survey).includes(`{{${id}`) ? clean(survey) : survey;
}

/* The questions whose conditions, jumps or texts name this one: whoever removes it should know. */
export function usersOf(survey: Survey, id: string): string[] {
  const names = (question: Question) =>
    [...plain(question.show), ...(question.jump ?? []).flatMap((each) => [...plain(each.when)])].some((each) => about(each) === id) ||
    (question.jump ?? []).some((each) => each.to === id) ||
    [question.title, question.help].some((text) => Object.values(text ?? {}).some((each) => each?.includes(`{{${id}}}`)));
  return survey.questions.filter((each) => each.id !== id && names(each)).map((each) => each.id);
}

/* Options and rows. */
type List = 'options' | 'rows';
export function addItem(question: Question, list: List, label: Text = {}, other = false): Question {
  const taken = ids(question[list] ?? []);
  const id = list === 'rows' ? freshId('r', taken) : freshOption(taken);
  const item = other ? { id, label, other: true } : { id, label };
  // "Something else" stays last.
  const items = [...(question[list] ?? [])] as (Option & Row)[];
  const last = items.at(-1);
  if (list === 'options' && !other && last?.other) items.splice(-1, 0, item);
  else items.push(item);
  return { ...question, [list]: items };
}
export const changeItem = (question: Question, list: List, id: string, part: Partial<Option>): Question => ({ ...question, [list]: replaced((question[list] ?? []) as Option[], id, part) });
export const removeItem = (question: Question, list: List, id: string): Question => ({ ...question, [list]: (question[list] ?? []).filter((each) => each.id !== id) });
export function moveItem(question: Question, list: List, id: string, by: number): Question {
  const items = [...(question[list] ?? [])];
  const from = ids(items).indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= items.length) return question;
  items.splice(to, 0, ...items.splice(from, 1));
  return { ...question, [list]: items };
}
/* Lines pasted into one field become options of their own. */
export function addLines(question: Question, list: List, language: string, lines: string[]): Question {
  const empty = (question[list] ?? []).filter((each) => Object.values(each.label).every((text) => !text?.trim()));
  let next: Question = question;
  for (const [at, line] of lines.entries()) {
    const place = empty[at];
    next = place ? changeItem(next, list, place.id, { label: { ...place.label, [language]: line } }) : addItem(next, list, { [language]: line });
  }
  return next;
}

export function addEnd(survey: Survey, title: Text): { survey: Survey; id: string } {
  const id = freshId('end', ids(survey.ends));
  return { survey: { ...survey, ends: [...survey.ends, { id, title }] }, id };
}
export const changeEnd = (survey: Survey, id: string, part: Partial<End>): Survey => ({ ...survey, ends: replaced(survey.ends, id, part) });
export function removeEnd(survey: Survey, id: string): Survey {
  const goes = (to: string) => to === `end:${id}`;
  return cleaned({
    ...survey,
    ends: survey.ends.filter((each) => each.id !== id),
    questions: survey.questions.map((each) => cleaned({ ...each, jump: some(each.jump?.filter((jump) => !goes(jump.to))) })),
    quotas: some(survey.quotas?.filter((each) => !goes(each.to))),
  });
}

export const putQuotas = (survey: Survey, quotas: Quota[]): Survey => change(survey, { quotas: some(quotas) });

/* Which groups of neighbours are asked in random order; a question is in one group at most. */
export function putGroup(survey: Survey, at: number, members: string[]): Survey {
  const ordered = ids(survey.questions).filter((each) => members.includes(each));
  const groups = (survey.shuffle ?? []).map((group, index) => (index === at ? ordered : group.filter((each) => !ordered.includes(each))));
  if (at >= groups.length) groups.push(ordered);
  return change(survey, { shuffle: some(groups.filter((group, index) => group.length > 1 || (index === at && group.length > 0))) });
}
export const removeGroup = (survey: Survey, at: number): Survey => change(survey, { shuffle: some((survey.shuffle ?? []).filter((_, index) => index !== at)) });

export function putLanguages(survey: Survey, languages: string[]): Survey {
  return languages.length ? { ...survey, languages } : survey;
}
