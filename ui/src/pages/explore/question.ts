/* A question as the builder holds it.
 *
 * It is the language of docs/ask.md with its lists always lists: `where`, every
 * step, `start` and so on are lists of conditions. Members that the builder does
 * not know are carried along untouched.
 */
import type { Condition, Scalar } from '$/lib/api';

export const kinds = ['score', 'count', 'funnel', 'retention', 'paths', 'adherence', 'timeline', 'features'] as const;
export type Kind = (typeof kinds)[number];
export const everies = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Every = (typeof everies)[number];

export interface Plain {
  field: string;
  is?: Scalar[];
  is_not?: Scalar[];
  contains?: Scalar[];
  gt?: Scalar;
  gte?: Scalar;
  lt?: Scalar;
  lte?: Scalar;
  exists?: boolean;
}
export type Clause = Plain | { any: (Clause | Clause[])[] } | { not: Clause | Clause[] } | { did: Clause | Clause[]; at_least?: number; in_last?: string };

export interface Question {
  ask: Kind;
  from?: unknown;
  to?: unknown;
  where?: Clause[];
  by?: string[];
  every?: Every | null;
  metric?: string;
  of?: string[];
  steps?: Clause[][];
  within?: string;
  order?: 'loose' | 'strict';
  start?: Clause[];
  return?: Clause[];
  periods?: number;
  cohort?: 'first' | 'every';
  elapsed?: boolean;
  end?: Clause[];
  depth?: number;
  top?: number;
  collapse?: boolean;
  node?: string;
  traveller?: string;
  ends?: boolean;
  journey?: string;
  version?: number;
  person?: string;
  limit?: number;
}

/* The members that each kind takes, besides those every question has. */
const own: Record<Kind, (keyof Question)[]> = {
  score: ['metric', 'by', 'every'],
  count: ['of', 'by', 'every'],
  funnel: ['steps', 'within', 'order', 'by', 'every'],
  retention: ['start', 'return', 'every', 'periods', 'cohort', 'elapsed', 'by'],
  paths: ['of', 'start', 'end', 'depth', 'top', 'collapse', 'node', 'traveller', 'ends', 'by', 'every'],
  adherence: ['by', 'every'],
  timeline: ['person', 'limit'],
  features: ['person', 'limit'],
};
const common: (keyof Question)[] = ['ask', 'from', 'to', 'where', 'journey', 'version'];
const known = new Set<string>([...Object.values(own).flat(), ...common]);
export const takes = (kind: Kind, member: keyof Question): boolean => own[kind].includes(member) || common.includes(member);

const fresh: Record<Kind, Partial<Question>> = {
  score: { metric: 'nps', every: 'month' },
  count: { of: ['events', 'people'], every: 'week' },
  funnel: { steps: [[], []], within: '7d' },
  retention: { every: 'month', periods: 12, cohort: 'first' },
  paths: { top: 30, collapse: true, depth: 5 },
  adherence: {},
  timeline: { limit: 50 },
  features: { limit: 50 },
};

/* A question of this kind that keeps what the one before had in common with it. */
export function ofKind(kind: Kind, before?: Question): Question {
  const kept = Object.fromEntries(Object.entries(before ?? {}).filter(([name]) => takes(kind, name as keyof Question) && (name !== 'of' || kind === before?.ask)));
  return { ...fresh[kind], ...kept, ask: kind };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
// What is no condition is not left out in silence: that would be another question.
function clauses(value: unknown): Clause[] {
  const list = Array.isArray(value) ? value : [value];
  if (!list.every(isObject)) throw new SyntaxError(JSON.stringify(value));
  return list as unknown as Clause[];
}
const listOf = (value: unknown): Scalar[] => (Array.isArray(value) ? value : [value]) as Scalar[];

// `is` and `contains` take one value or a list.
function tidy(clause: Clause): Clause {
  if ('any' in clause) return { ...clause, any: (clause.any ?? []).map((each) => (Array.isArray(each) ? each.map(tidy) : tidy(each))) };
  if ('not' in clause) return { ...clause, not: clauses(clause.not).map(tidy) };
  if ('did' in clause) return { ...clause, did: clauses(clause.did).map(tidy) };
  const next = { ...clause };
  for (const name of ['is', 'is_not', 'contains'] as const) if (next[name] !== undefined) next[name] = listOf(next[name]);
  return next;
}
const conditions = (value: unknown): Clause[] => clauses(value).map(tidy);

/* Reads a question in the language; throws when it is none at all. What the server would refuse it may refuse. */
export function fromLanguage(value: unknown): Question {
  if (!isObject(value) || !kinds.includes(value.ask as Kind)) throw new SyntaxError('ask');
  const foreign = Object.keys(value).find((name) => name === 'depth' || (known.has(name) && !takes(value.ask as Kind, name as keyof Question)));
  if (foreign) throw new SyntaxError(foreign);
  const { steps, ...rest } = value;
  const question = { ...rest } as unknown as Question;
  for (const name of ['where', 'start', 'return', 'end'] as const) if (question[name] !== undefined && question[name] !== null) question[name] = conditions(question[name]);
  if (question.of !== undefined && question.ask === 'count') question.of = listOf(question.of) as string[];
  if (Array.isArray(steps)) question.steps = steps.map(conditions);
  else if (typeof steps === 'number' && question.ask === 'paths') question.depth = steps;
  else if (steps !== undefined && steps !== null) throw new SyntaxError('steps');
  // A funnel that is only begun shows where its first two steps go.
  if (question.ask === 'funnel' && !question.steps?.length) question.steps = [[], []];
  return question;
}

/* Is this condition finished? One that is not is left out of what is asked. */
function whole(clause: Clause): boolean {
  if ('any' in clause) return clause.any.some((each) => (Array.isArray(each) ? each.some(whole) : whole(each)));
  if ('not' in clause) return clauses(clause.not).some(whole);
  if ('did' in clause) return clauses(clause.did).some(whole);
  const named = Object.entries(clause).filter(([name]) => name !== 'field');
  return named.length > 0 && named.every(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== '' && value !== null && value !== undefined));
}

const one = (list: Clause[]): Clause | Clause[] => (list.length === 1 ? list[0]! : list);

function finished(list: Clause[] | undefined): Clause[] {
  return (list ?? []).filter(whole).map((clause) => {
    if ('any' in clause) return { ...clause, any: clause.any.map((each) => (Array.isArray(each) ? finished(each) : (finished([each])[0] ?? []))).filter((each) => !Array.isArray(each) || each.length) } as Clause;
    if ('not' in clause) return { ...clause, not: one(finished(clauses(clause.not))) };
    if ('did' in clause) return { ...clause, did: one(finished(clauses(clause.did))) };
    return clause;
  });
}

/* The question as the server takes it: without what is unfinished, empty or of another kind. */
export function toLanguage(question: Question): Record<string, unknown> {
  const { depth, ...rest } = question;
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    const member = name as keyof Question;
    // What the builder does not know is for the server to judge.
    if (!known.has(name)) {
      if (value !== undefined) out[name] = value;
      continue;
    }
    if (value === undefined || value === null || value === '') continue;
    if (!takes(question.ask, member)) continue;
    if (['where', 'start', 'return', 'end'].includes(name)) {
      const list = finished(value as Clause[]);
      if (list.length) out[name] = list;
    } else if (name === 'steps') {
      const steps = (value as Clause[][]).map(finished).filter((step) => step.length);
      out.steps = steps.map(one);
    } else if (Array.isArray(value) && value.length === 0) continue;
    else out[name] = value;
  }
  if (question.ask === 'paths' && depth && (out.start || out.end)) out.steps = depth;
  return out;
}

/* What must be chosen before this can be asked. */
export type Gap = 'steps' | 'person' | 'metric' | null;
export function gap(question: Question): Gap {
  if (Object.keys(question).some((name) => !known.has(name))) return null; // the server says what it is
  if (question.ask === 'funnel' && !(question.steps ?? []).some((step) => finished(step).length)) return 'steps';
  if (question.ask === 'timeline' && !question.person) return 'person';
  if (question.ask === 'score' && !question.metric) return 'metric';
  return null;
}

/* The question about the events of one group of an answer. */
export const valueClause = (field: string, value: unknown): Clause => (value === null || value === undefined ? { field, exists: false } : { field, is: [value as Scalar] });
export const asConditions = (list: Clause[] | undefined): Condition[] => finished(list) as unknown as Condition[];

/* In the address: the question without spaces. */
export function fromAddress(text: string | null): Question | null {
  if (!text) return null;
  try {
    return fromLanguage(JSON.parse(text));
  } catch {
    return null;
  }
}
export const toAddress = (question: Question): string => JSON.stringify(toLanguage(question));

/* Durations as the language writes them. */
export const units = ['m', 'h', 'd', 'w'] as const;
export type Unit = (typeof units)[number];
export function splitDuration(text: string | undefined): { count: number; unit: Unit } | null {
  const found = /^(\d+)([mhdw])$/.exec(text ?? '');
  return found ? { count: Number(found[1]), unit: found[2] as Unit } : null;
}
