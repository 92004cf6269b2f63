/* The document of a survey, as the server keeps it and the respondent's page reads it.
 *
 * Texts are one per language; what is not translated is missing and stays
 * missing, so that it can be counted. Ids are short and never shown.
 */

export type Language = 'vi' | 'en';
export type Text = Partial<Record<string, string>>;

export const types = ['nps', 'csat', 'ces', 'emotion', 'single', 'multiple', 'matrix', 'ranking', 'slider', 'text', 'contact', 'file', 'note'] as const;
export type Type = (typeof types)[number];
export type Adjective = 'satisfaction' | 'accessibility' | 'ease' | 'delight' | 'love' | 'awareness' | 'consideration' | 'preference';
export type Scale = '1-5' | '1-10' | '1-7' | '0-10';
export type Look = 'numbers' | 'stars' | 'faces';
export type Contact = 'name' | 'email' | 'phone';

export type Scalar = string | number | boolean;
interface Tests {
  is?: Scalar[];
  is_not?: Scalar[];
  gt?: number;
  gte?: number;
  lt?: number;
  lte?: number;
  contains?: string;
  answered?: boolean;
}
export type AboutQuestion = { question: string } & Tests;
export type AboutHidden = { hidden: string } & Tests;
export type AboutLanguage = { language: string };
export type Plain = AboutQuestion | AboutHidden | AboutLanguage;
export type Condition = Plain | { any: Condition[] } | { not: Condition };

export interface Option {
  id: string;
  label: Text;
  other?: boolean;
}
export interface Row {
  id: string;
  label: Text;
}
export interface Jump {
  when: Condition[];
  /* The id of a later question, or "end:ID". */
  to: string;
}
export interface Question {
  id: string;
  type: Type;
  title: Text;
  help?: Text;
  /* Given by the server: the series its answers belong to. */
  series?: string;
  bank?: string;
  required?: boolean;
  touchpoint?: string;
  dimension?: string;
  adjective?: Adjective;
  scale?: Scale;
  look?: Look;
  low?: Text;
  high?: Text;
  reversed?: boolean;
  options?: Option[];
  rows?: Row[];
  shuffle?: boolean;
  least?: number;
  most?: number;
  min?: number;
  max?: number;
  step?: number;
  long?: boolean;
  fields?: Contact[];
  purpose?: string;
  files?: string[];
  target?: string;
  show?: Condition[];
  jump?: Jump[];
}
export interface Quota {
  name: string;
  when: Condition[];
  most: number;
  to: string;
}
export interface End {
  id: string;
  title: Text;
  text?: Text;
  redirect?: string;
  when?: Condition[];
}
export interface Theme {
  accent?: string;
  background?: string;
  shape?: 'soft' | 'square';
  progress?: boolean;
}
export interface Survey {
  languages: string[];
  name: string;
  title: Text;
  welcome?: Text;
  touchpoint?: string;
  place?: string;
  theme?: Theme;
  questions: Question[];
  shuffle?: string[][];
  quotas?: Quota[];
  ends: End[];
  partial_after?: string;
}

export const scored: readonly Type[] = ['nps', 'csat', 'ces'];
export const isScored = (question: Question): boolean => scored.includes(question.type);
/* Types whose answer is a number. */
export const isNumber = (type: Type): boolean => scored.includes(type) || type === 'slider';
export const hasOptions = (type: Type): boolean => type === 'single' || type === 'multiple' || type === 'matrix' || type === 'ranking';
/* A note asks nothing. */
export const asks = (question: Question): boolean => question.type !== 'note';

export const scaleOf = (question: Question): Scale => question.scale ?? (question.type === 'nps' ? '0-10' : question.type === 'ces' ? '1-7' : '1-5');
export function ends(scale: Scale): [number, number] {
  const [low, high] = scale.split('-').map(Number);
  return [low ?? 0, high ?? 10];
}
/* The least and the greatest number that can be answered. */
export function bounds(question: Question): [number, number] {
  return question.type === 'slider' ? [question.min ?? 0, question.max ?? 100] : ends(scaleOf(question));
}
export const scales: Partial<Record<Type, Scale[]>> = { nps: ['0-10'], csat: ['1-5', '1-10'], ces: ['1-7'] };
export const looks = (question: Question): Look[] => (question.type === 'csat' && scaleOf(question) === '1-5' ? ['numbers', 'stars', 'faces'] : question.type === 'csat' ? ['numbers', 'stars'] : ['numbers']);

/* The text in the language asked for, else in the survey's first, else in any. */
export function textOf(text: Text | undefined, language: string, survey?: Pick<Survey, 'languages'>): string {
  if (!text) return '';
  const order = [language, ...(survey?.languages ?? []), ...Object.keys(text)];
  for (const each of order) if (text[each]?.trim()) return text[each]!;
  return '';
}
export const isEmpty = (text: Text | undefined): boolean => !text || Object.values(text).every((each) => !each?.trim());

export const questionOf = (survey: Survey, id: string): Question | undefined => survey.questions.find((each) => each.id === id);
export const placeOf = (survey: Survey, id: string): number => survey.questions.findIndex((each) => each.id === id);

/* Every condition inside a list, groups opened. */
export function* plain(conditions: Condition[] | undefined): Generator<Plain> {
  for (const each of conditions ?? []) {
    if ('any' in each) yield* plain(each.any);
    else if ('not' in each) yield* plain([each.not]);
    else yield each;
  }
}
/* The conditions as `change` makes them; what it drops (null) leaves no empty group behind. */
export function mapped(conditions: Condition[], change: (each: Plain) => Plain | null): Condition[] {
  return conditions.flatMap((each): Condition[] => {
    if ('any' in each) {
      const inside = mapped(each.any, change);
      return inside.length ? [{ any: inside }] : [];
    }
    if ('not' in each) {
      const inside = mapped([each.not], change);
      return inside[0] ? [{ not: inside[0] }] : [];
    }
    const next = change(each);
    return next ? [next] : [];
  });
}

/* The document without what says nothing, as the pages hold it: no nulls, no empty lists and texts where there may be none. */
export function tidied(document: Survey): Survey {
  const needed = new Set(['questions', 'ends', 'languages', 'options', 'rows', 'name', 'title', 'label', 'when', 'any']);
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clean);
    if (!value || typeof value !== 'object') return value;
    const members = Object.entries(value).map(([name, each]) => [name, clean(each)] as const);
    return Object.fromEntries(members.filter(([name, each]) => each !== null && each !== undefined && (needed.has(name) || !isNothing(each))));
  };
  const next = clean(document) as Survey;
  return {
    ...next,
    title: next.title ?? {},
    languages: next.languages?.length ? next.languages : ['vi'],
    // An end that asks for nothing is the usual one.
    ends: (next.ends ?? []).map(({ when, ...each }) => (when?.length ? { ...each, when } : each)),
    questions: (next.questions ?? []).map((each) => {
      const question = { ...each, title: each.title ?? {} };
      for (const name of ['options', 'rows'] as const) if (question[name] && (question[name].length === 0 || (name === 'rows' ? question.type !== 'matrix' : !hasOptions(question.type)))) delete question[name];
      return question;
    }),
  };
}
const isNothing = (value: unknown): boolean => value === '' || value === false || (Array.isArray(value) && value.length === 0) || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/* What is sent: conditions that are not finished say nothing yet and stay on the page. */
export function sent(document: Survey, open: (each: Plain) => boolean): Survey {
  const whole = (list: Condition[] | undefined) => list && mapped(list, (each) => (open(each) ? null : each));
  return {
    ...document,
    questions: document.questions.map((each) => ({
      ...each,
      ...(each.show ? { show: whole(each.show) } : {}),
      ...(each.jump ? { jump: each.jump.map((jump) => ({ ...jump, when: whole(jump.when)! })) } : {}),
    })),
    ends: document.ends.map((each) => ({ ...each, ...(each.when ? { when: whole(each.when) } : {}) })),
    ...(document.quotas ? { quotas: document.quotas.map((each) => ({ ...each, when: whole(each.when)! })) } : {}),
  };
}
