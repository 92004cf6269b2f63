/* Who is behind a figure: the events and the people that a click on it opens. */
import type { Condition } from '$/lib/api';
import { t, type Key } from '$/lib/i18n.svelte';
import { isMetric } from '$/lib/metric';
import type { Span } from '$/lib/period.svelte';
import { showRows } from '$/lib/rows.svelte';
import { cohortName, groupName, isVariant, kindTitle, nodeName, periodName, stepName, type Answered, type Row } from './answers';
import { asConditions, valueClause, type Clause, type Question } from './question';
import { periodSpan } from './series';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/* What names a row to POST /behind: its group, its period or cohort, and its place in the answer. */
export function identity(question: Question, row: Row): Row {
  const names = [...(question.by ?? []), 'period', 'cohort', 'step', 'from', 'to', 'begin', 'end', 'path', 'touchpoint', 'metric', 'scale', 'currency'];
  return Object.fromEntries(names.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));
}

function spanOf(answer: Answered): Span | null {
  const [from, to] = [text(answer.asked.from), text(answer.asked.to)];
  return from && to ? { from, to } : null;
}

/* The events of one group and period. */
function eventsOf(answer: Answered, row: Row, more: Clause[]): { span: Span | null; where: Condition[]; journey?: string } {
  const { question } = answer;
  const span = spanOf(answer);
  const by = (question.by ?? []).filter((field) => field !== 'version').map((field) => valueClause(field, row[field]));
  const period = text(row.period);
  return { span: period && question.every ? periodSpan(period, question.every, span) : span, where: asConditions([...(question.where ?? []), ...by, ...more]), journey: question.journey };
}

const metricClause = (question: Question): Clause => ({ field: isMetric(question.metric) ? 'metric' : 'question', is: [question.metric ?? null] });

const titled = (answer: Answered, row: Row, ...parts: string[]): string => {
  const { question } = answer;
  const group = question.by?.length ? [groupName(question, row)] : [];
  const period = text(row.period) ? [periodName(String(row.period), question.every)] : [];
  return [...parts, ...group, ...period].filter(Boolean).join(' · ');
};

export interface Opened {
  /* Of a funnel: reached or lost; of adherence: reached, late, skipped …; of retention: which period. */
  what?: string;
  k?: number | null;
}

/* Opens what is behind a row of the answer; false where nothing can be. */
export function openRow(answer: Answered, row: Row, { what, k = null }: Opened = {}): boolean {
  const { question, asked } = answer;
  const behind = (of: string) => ({ question: asked, row: identity(question, row), what: of });
  switch (question.ask) {
    case 'score':
      showRows({ ...eventsOf(answer, row, [metricClause(question)]), title: titled(answer, row, kindTitle('score')), voices: true, behind: behind('people') });
      return true;
    case 'count':
      showRows({ ...eventsOf(answer, row, row.currency !== undefined ? [valueClause('currency', row.currency)] : []), title: titled(answer, row, kindTitle('count')), behind: behind('people') });
      return true;
    case 'funnel': {
      const of = what ?? 'reached';
      const step = Number(row.step);
      showRows({ span: spanOf(answer), title: titled(answer, row, t(of === 'lost' ? 'ui.explore.behind.lost' : 'ui.explore.behind.reached', { step: `${step}. ${stepName(question, step)}` })), behind: behind(of) });
      return true;
    }
    case 'retention': {
      const cohort = cohortName(question, row);
      const title = k === null ? t('ui.explore.behind.cohort', { cohort }) : t(k === 0 ? 'ui.explore.behind.returned_first' : 'ui.explore.behind.returned', { cohort, n: k });
      showRows({ span: null, title: titled(answer, { ...row, period: undefined }, title), behind: { ...behind(k === null ? 'cohort' : 'returned'), ...(k === null ? {} : { k }) } });
      return true;
    }
    case 'paths': {
      const names = isVariant(row) ? (row.path as unknown[]).map((each) => nodeName(question, each)).join(' → ') : `${row.begin ? t('ui.explore.begins') : nodeName(question, row.from)} → ${row.end ? t('ui.explore.ends') : nodeName(question, row.to)}`;
      showRows({ span: spanOf(answer), title: titled(answer, row, names), behind: behind(isVariant(row) ? 'path' : 'edge') });
      return true;
    }
    case 'adherence': {
      const of = what ?? 'reached';
      const events = of === 'reached' ? eventsOf(answer, row, [valueClause('touchpoint', row.touchpoint)]) : { span: spanOf(answer) };
      const title = titled(answer, row, String(row.name || t('ui.unmapped.title')), t(of === 'reached' ? 'ui.explore.column.visits' : (`ui.explore.column.${of}` as Key)));
      showRows({ ...events, title, ...(row.touchpoint === null ? {} : { behind: behind(of) }) });
      return true;
    }
    default:
      return false;
  }
}

/* The same for a column of the table. */
export function openCell(answer: Answered, row: Row, column: string): boolean {
  if (answer.question.ask === 'adherence') return openRow(answer, row, { what: column });
  if (column.startsWith('returned:')) return openRow(answer, row, { k: Number(column.slice(9)) });
  return openRow(answer, row);
}
