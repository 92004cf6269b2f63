/* What the results page shows: the figures of the server, put beside the questions they answer. */
import type { Condition, Figure, Metric } from '$/lib/api';
import { isMetric } from '$/lib/metric';
import { query } from '../api';
import { bounds, isNumber, textOf, type Question, type Survey } from '../document';

export interface FunnelStep {
  id: 'opened' | 'started' | 'finished';
  n: number;
  href?: string;
}
export interface Tally {
  value: string;
  n: number;
}
/* One question in one series, as the server counts it. */
export interface Counted {
  id: string;
  series: string;
  type: Question['type'];
  metric: Metric | null;
  versions: number[];
  /* Who saw it, answered it, went on without an answer, and stopped at it. */
  seen: number;
  answered: number;
  skipped: number;
  left: number;
  seconds: number | null;
  figure: Omit<Figure, 'counts'> | null;
  tallies: Tally[];
  /* By row of a matrix. */
  rows?: { id: string; tallies: Tally[] }[];
  /* Mean rank, mean strength. */
  means?: { value: string; mean: number; n: number }[];
  /* Of a slider: the middle half of the answers. */
  middle?: { q25: number; median: number; q75: number } | null;
}
export interface Results {
  invited: number;
  /* Of those who were invited. */
  answered_invited: number;
  opened: number;
  started: number;
  finished: number;
  partial: number;
  /* Came when a quota was full: kept, counted nowhere. */
  over: number;
  seconds_median: number | null;
  seconds_p90: number | null;
  questions: Counted[];
}

/* As the server counts: each type in members of its own. */
interface Count {
  id: string;
  n: number;
  mean?: number;
}
interface Value {
  value: number;
  n: number;
}
export interface Sent extends Omit<Results, 'questions'> {
  questions: {
    id: string;
    series: string;
    type: Question['type'];
    versions: { version: number }[];
    seen: number;
    answered: number;
    skipped: number;
    left: number;
    seconds_median: number | null;
    figure?: (Figure & { metric: string; scale: string; counts: Value[] }) | null;
    options?: Count[];
    rows?: { id: string; options: Count[] }[];
    ranks?: Count[];
    emotions?: Count[];
    histogram?: Value[];
    q25?: number | null;
    median?: number | null;
    q75?: number | null;
  }[];
}
const tally = ({ id, n }: Count): Tally => ({ value: id, n });
export function read(sent: Sent): Results {
  const questions = sent.questions.map((each): Counted => {
    const values = (each.figure?.counts ?? each.histogram ?? []).map(({ value, n }) => ({ value: String(value), n }));
    const counts = each.options ?? each.emotions ?? each.ranks ?? [];
    const means = each.ranks ?? each.emotions;
    return {
      ...each,
      versions: each.versions.map(({ version }) => version),
      metric: isMetric(each.figure?.metric) ? each.figure.metric : null,
      seconds: each.seconds_median,
      figure: each.figure ?? null,
      tallies: values.length ? values : counts.map(tally),
      rows: each.rows?.map((row) => ({ id: row.id, tallies: row.options.map(tally) })),
      means: means?.filter((one) => one.n > 0).map(({ id, n, mean }) => ({ value: id, n, mean: mean ?? 0 })),
      middle: each.median === null || each.median === undefined ? null : { q25: each.q25 ?? each.median, median: each.median, q75: each.q75 ?? each.median },
    };
  });
  return { ...sent, questions };
}

/* What narrows the page, as it stands in its address. */
export const filterNames = ['version', 'link', 'place', 'language', 'channel'] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Partial<Record<FilterName, string>>;
export function filterOf(search: URLSearchParams): Filter {
  return Object.fromEntries(filterNames.flatMap((name) => (search.get(name) ? [[name, search.get(name)!]] : [])));
}
export const responsesAddress = (id: string, filter: Filter, more: Record<string, string | number | null | undefined> = {}): string => `/voices/surveys/${id}/responses${query({ ...filter, ...more })}`;

/* Questions in the order of the document; of each first the series that is asked now, then those before it. */
export interface Shown {
  question: Question;
  now: Counted | null;
  before: Counted[];
}
export function inOrder(survey: Survey, counted: Counted[]): Shown[] {
  const known = survey.questions.filter((each) => each.type !== 'note');
  const shown = known.map((question): Shown => {
    const all = counted.filter((each) => each.id === question.id).sort((a, b) => Math.max(0, ...b.versions) - Math.max(0, ...a.versions));
    const now = all.find((each) => each.series === question.series) ?? all[0] ?? null;
    return { question, now, before: all.filter((each) => each !== now) };
  });
  return shown;
}
/* Questions that an older version asked and this one does not. */
export const gone = (survey: Survey, counted: Counted[]): Counted[] => counted.filter((each) => !survey.questions.some((question) => question.id === each.id));

/* A column for every number that can be answered, also where nobody did. */
export function scaleTallies(question: Question, tallies: Tally[]): Tally[] {
  const [low, high] = bounds(question);
  if (!isNumber(question.type) || question.type === 'slider' || high - low > 20) return tallies;
  return Array.from({ length: high - low + 1 }, (_, at) => String(low + at)).map((value) => ({ value, n: tallies.find((each) => each.value === value)?.n ?? 0 }));
}
/* Sliders have many values: put together in ten equal parts. */
export function binned(question: Question, tallies: Tally[], parts = 10): (Tally & { from: number; to: number })[] {
  const [low, high] = bounds(question);
  const width = (high - low) / parts;
  return Array.from({ length: parts }, (_, at) => {
    const [from, to] = [low + at * width, low + (at + 1) * width];
    const inside = (value: number) => value >= from && (value < to || (at === parts - 1 && value <= to));
    return { value: `${from}–${to}`, from, to, n: tallies.reduce((sum, each) => sum + (inside(Number(each.value)) ? each.n : 0), 0) };
  });
}
/* Promoters, passives, detractors: the column of an NPS answer. */
export const npsKind = (value: string): string => (Number(value) >= 9 ? 'promoters' : Number(value) >= 7 ? 'passives' : 'detractors');

/* The events behind a figure. */
export const rowsOf = (survey: string, counted: Counted): Condition[] => [
  { field: 'question', is: [counted.series] },
  { field: 'prop:survey', is: [survey] },
];
export const metricOf = (counted: Counted): Metric | null => (isMetric(counted.metric) ? counted.metric : null);

/* Where most of those who began it gave up, if a twentieth or more of them did. */
export function leak(counted: Counted[]): Counted | null {
  const worst = counted.filter((each) => each.seen >= 20).sort((a, b) => b.left / b.seen - a.left / a.seen)[0];
  return worst && worst.left / worst.seen >= 0.05 ? worst : null;
}
export const titleOf = (survey: Survey, question: Question, language: string): string => textOf(question.title, language, survey).replace(/\{\{.*?\}\}/g, '…');
