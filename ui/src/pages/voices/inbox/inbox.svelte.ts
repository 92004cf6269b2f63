/* The list of the inbox: its rows, what came since, what is chosen and where the keyboard stands. */
import { untrack } from 'svelte';
import { Problem } from '$/lib/http';
import { filterQuery, readFeedback, type Feedback, type Filter } from '../feedback';

const page = 50;

export class Inbox {
  rows = $state.raw<Feedback[]>([]);
  next = $state<string | null>(null);
  loading = $state(true);
  ready = $state(false);
  problem = $state.raw<Problem | null>(null);
  /* What arrived while the list was looked at. */
  arrived = $state.raw<Feedback[]>([]);
  at = $state(0);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  #filter: Filter = {};
  #key = '';
  #turn = 0;

  current = $derived(this.rows[this.at]);
  chosenRows = $derived(this.rows.filter((row) => this.chosen.has(row.id)));

  /* Reads from the newest on; what is on screen stays until the answer is there. */
  async open(filter: Filter, id: string | null): Promise<void> {
    const key = filterQuery(filter);
    if (key === this.#key && this.ready) return;
    this.#key = key;
    this.#filter = filter;
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const first = await readFeedback(filter, page, null);
      if (turn !== this.#turn) return;
      this.rows = first.items;
      this.next = first.next ?? null;
      this.arrived = [];
      this.chosen = new Set();
      this.at = Math.max(0, first.items.findIndex((row) => row.id === id));
      this.problem = null;
      this.ready = true;
    } catch (cause) {
      if (turn === this.#turn) this.problem = cause instanceof Problem ? cause : new Problem(0, '', String(cause));
    }
    if (turn === this.#turn) this.loading = false;
  }
  again(): void {
    this.#key = '';
    void this.open(this.#filter, untrack(() => this.current?.id ?? null));
  }
  async more(): Promise<void> {
    if (!this.next || this.loading) return;
    const turn = this.#turn;
    this.loading = true;
    try {
      const more = await readFeedback(this.#filter, page, this.next);
      if (turn !== this.#turn) return;
      const known = new Set(this.rows.map((row) => row.id));
      this.rows = [...this.rows, ...more.items.filter((row) => !known.has(row.id))];
      this.next = more.next ?? null;
    } catch (cause) {
      this.problem = cause instanceof Problem ? cause : new Problem(0, '', String(cause));
    }
    this.loading = false;
  }

  /* Looks what came at the top; the list does not move until somebody asks for it. */
  async look(): Promise<void> {
    if (!this.ready || this.problem) return;
    const turn = this.#turn;
    try {
      const { items } = await readFeedback(this.#filter, page, null);
      if (turn !== this.#turn) return;
      const known = new Set(this.rows.map((row) => row.id));
      this.arrived = this.rows.length ? items.filter((row) => !known.has(row.id)) : items;
    } catch {
      // the next beat asks again
    }
  }
  take(): void {
    this.rows = [...this.arrived, ...this.rows];
    this.arrived = [];
    this.at = 0;
  }

  move(step: number): void {
    this.at = Math.min(Math.max(this.at + step, 0), Math.max(this.rows.length - 1, 0));
    if (this.at > this.rows.length - 8) void this.more();
  }
  toggle(id: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(id)) next.add(id);
    this.chosen = next;
  }
  chooseAll(on: boolean): void {
    this.chosen = on ? new Set(this.rows.map((row) => row.id)) : new Set();
  }
  put(row: Feedback): void {
    this.rows = this.rows.map((each) => (each.id === row.id ? row : each));
  }
}
