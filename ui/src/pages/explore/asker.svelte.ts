/* Asks a question whenever it changes, a moment after the last change.
 *
 * The answer before stays until the next one is there. A question that runs can
 * be cancelled; a slow one that is overtaken by another is cancelled on the server too.
 */
import { untrack } from 'svelte';
import type { Answer } from '$/lib/api';
import { api, Problem } from '$/lib/http';
import { groupKey, isVariant, type Answered, type Row } from './answers';
import { toLanguage, valueClause, type Question } from './question';
import type { Span } from '$/lib/period.svelte';

const wait_ms = 350;
const slow_ms = 900;

interface Run {
  run: string;
  progress: number;
}
type Full = Answer<Row> & { next?: string | null; read?: Answered['read'] };

const runId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(36).padStart(2, '0')).join('');

export const drawnMost = 10;

/* The question for all the groups that are too many to draw: everything but the first ones. */
export function othersOf(question: Question, rows: Row[], top: string[]): Question | null {
  const by = question.by ?? [];
  if (!by.length || !top.length) return null;
  const groups = top.map((key) => rows.find((row) => groupKey(question, row) === key)!);
  if (groups.length * by.length > 40) return null;
  const chosen = groups.map((row) => by.map((field) => valueClause(field, row[field])));
  return { ...question, by: [], where: [...(question.where ?? []), { not: { any: chosen.map((each) => (each.length === 1 ? each[0]! : each)) } }] };
}

/* The groups of an answer, the largest first. */
export function largest(question: Question, rows: Row[]): string[] {
  const sizes = new Map<string, number>();
  for (const row of rows) {
    const size = Number(row.events ?? row.n ?? row.people ?? row.size ?? row.amount ?? 0);
    sizes.set(groupKey(question, row), (sizes.get(groupKey(question, row)) ?? 0) + size);
  }
  return [...sizes].sort((a, b) => b[1] - a[1]).map(([key]) => key);
}

const edgesTop = 1000;

/* Are all edges of every group among these rows? Only then do they tell how often each event occurs. */
export function holdsAllEdges(question: Question, rows: Row[], top: number): boolean {
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (isVariant(row)) continue;
    const key = groupKey(question, row) + String(row.period ?? '');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.values()].every((n) => n < top);
}

const ask = (asked: object, run: string, signal: AbortSignal): Promise<Full> => api.post<Full>(`/ask?run=${run}`, asked, { signal });

async function whole(question: Question, span: Span | null, run: () => string, signal: AbortSignal): Promise<Answered> {
  const { from, to, ...rest } = toLanguage(question);
  const bounds = from !== undefined || to !== undefined ? { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } : (span ?? {});
  const asked = question.ask === 'timeline' ? rest : { ...rest, ...bounds };
  const answer = await ask(asked, run(), signal);
  const answered: Answered = { question, asked, rows: answer.rows, others: [], othersOf: null, next: answer.next ?? null, as_of: answer.as_of, took_ms: answer.took_ms, read: answer.read };
  const groups = largest(question, answer.rows);
  const rest_ = (question.ask === 'score' || question.ask === 'count') && groups.length > drawnMost ? othersOf(question, answer.rows, groups.slice(0, drawnMost)) : null;
  if (rest_) {
    answered.othersOf = { question: rest_, asked: { ...toLanguage(rest_), ...bounds } };
    answered.others = (await ask(answered.othersOf.asked, run(), signal)).rows;
  }
  if (question.ask === 'paths' && answer.rows.some((row) => !isVariant(row))) {
    // Drawn are the edges that were asked for; what a box says needs the others too.
    if (question.ends && holdsAllEdges(question, answer.rows, question.top ?? 20)) answered.whole = answer.rows;
    else answered.whole = await allEdges(question, asked, run(), signal);
  }
  return answered;
}

async function allEdges(question: Question, asked: object, run: string, signal: AbortSignal): Promise<Row[] | undefined> {
  try {
    const { rows } = await ask({ ...asked, of: 'edges', ends: true, top: edgesTop }, run, signal);
    return holdsAllEdges(question, rows, edgesTop) ? rows : undefined;
  } catch (cause) {
    // Where they are more than a question may take, the drawing does without.
    if (signal.aborted) throw cause;
    return undefined;
  }
}

export class Asker {
  answer = $state.raw<Answered>();
  problem = $state.raw<Problem>();
  running = $state(false);
  /* It takes long enough to say so. */
  slow = $state(false);
  progress = $state<number | null>(null);
  cancelled = $state(false);
  turn = $state(0);

  #give: (() => void) | null = null;

  /* `wanted` gives the question that is ready to be asked, or null. */
  constructor(wanted: () => { question: Question; span: Span | null } | null, wait = wait_ms) {
    let first = true;
    $effect(() => {
      const next = wanted();
      void this.turn;
      if (!next) {
        return untrack(() => {
          this.problem = undefined;
          this.#rest();
        });
      }
      const control = new AbortController();
      const timer = setTimeout(() => void this.#run(next.question, next.span, control), first ? 0 : wait);
      first = false;
      return () => {
        clearTimeout(timer);
        control.abort();
      };
    });
  }

  /* The next rows of an answer that comes in pages. */
  more = async () => {
    const before = this.answer;
    if (!before?.next || this.running) return;
    this.running = true;
    try {
      const page = await api.post<Full>('/ask', { ...before.asked, after: before.next });
      if (this.answer === before) this.answer = { ...before, rows: [...before.rows, ...page.rows], next: page.next ?? null };
    } catch (cause) {
      this.problem = cause instanceof Problem ? cause : new Problem(0, '', String(cause));
    }
    this.#rest();
  };
  again = () => void this.turn++;
  cancel = () => this.#give?.();

  async #run(question: Question, span: Span | null, control: AbortController) {
    let run = '';
    const named = () => (run = runId());
    const { signal } = control;
    const late = setTimeout(() => void this.#follow(() => run, signal), slow_ms);
    let over = false;
    this.running = true;
    this.slow = false;
    this.cancelled = false;
    this.#give = () => {
      this.cancelled = true;
      control.abort();
    };
    signal.addEventListener('abort', () => {
      clearTimeout(late);
      // One that has just begun is over before the server could be told.
      if (!over && this.slow && run) api.delete(`/asks/${run}`).catch(() => {});
      if (this.cancelled) this.#rest();
    });
    try {
      const answer = await whole(question, span, named, signal);
      if (signal.aborted) return;
      this.answer = answer;
      this.problem = undefined;
    } catch (cause) {
      if (signal.aborted) return;
      this.problem = cause instanceof Problem ? cause : new Problem(0, '', String(cause));
    } finally {
      over = true;
      clearTimeout(late);
      if (!signal.aborted) this.#rest();
    }
  }

  #rest() {
    this.running = false;
    this.slow = false;
    this.progress = null;
  }

  async #follow(run: () => string, signal: AbortSignal) {
    this.slow = true;
    while (this.running && !signal.aborted) {
      const list = await api.get<{ items: Run[] }>('/asks', { signal }).catch(() => null);
      this.progress = list?.items.find((each) => each.run === run())?.progress ?? this.progress;
      await new Promise((done) => setTimeout(done, 700));
    }
  }
}
