/* What arrives, newest first: the last entries the server remembers, then each as it comes. */
import type { Page } from '$/lib/api';
import { api, listen, Problem } from '$/lib/http';

export type Outcome = 'stored' | 'duplicate' | 'refused';

export interface Entry {
  at_ms: number;
  source: string;
  route: string;
  type: string;
  kind: string;
  alias: string;
  outcome: Outcome;
  reason: string | null;
  message_id: string | null;
  excerpt: string | null;
}
export type Shown = Entry & { key: number };

const remembered = 500;
// As many as one answer may hold.
const past = 200;

export class Entries {
  list = $state.raw<Shown[]>([]);
  waiting = $state.raw<Shown[]>([]);
  paused = $state(false);
  connected = $state(true);
  ready = $state(false);
  problem = $state.raw<Problem | null>(null);
  #last = 0;
  #pending: Shown[] = [];
  #frame = 0;

  /* Begins to listen; returns how to end it. */
  start(): () => void {
    void this.#past();
    const stop = listen('/debugger/stream', { entry: (entry: Entry) => this.#arrived(entry) }, (open) => (this.connected = open));
    return () => {
      stop();
      cancelAnimationFrame(this.#frame);
    };
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.list = [...this.waiting, ...this.list].slice(0, remembered);
    this.waiting = [];
  }

  clear(): void {
    this.list = [];
    this.waiting = [];
  }

  async #past(): Promise<void> {
    try {
      const page = await api.get<Page<Entry>>(`/debugger?limit=${past}`);
      const seen = new Set(this.list.map(sameness));
      const older = page.items.filter((each) => !seen.has(sameness(each))).map((each) => ({ ...each, key: ++this.#last }));
      this.list = [...this.list, ...older].sort((a, b) => b.at_ms - a.at_ms);
    } catch (cause) {
      this.problem = cause instanceof Problem ? cause : new Problem(0, '', String(cause));
    }
    this.ready = true;
  }

  // A burst is drawn once a frame, not once an event.
  #arrived(entry: Entry): void {
    this.#pending.unshift({ ...entry, key: ++this.#last });
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.paused) this.waiting = [...this.#pending, ...this.waiting].slice(0, remembered);
      else this.list = [...this.#pending, ...this.list].slice(0, remembered);
      this.#pending = [];
    });
  }
}

const sameness = (entry: Entry) => [entry.at_ms, entry.message_id, entry.kind, entry.alias, entry.outcome, entry.excerpt].join('\n');
