/* The draft under the editor's hands: saved by itself a moment after each change, with undo and redo.
 *
 * The server refuses a draft that was written over another one it has not seen
 * (If-Match); then nothing is lost on either side and the person decides.
 */
import type { Journey } from '$/lib/api';
import { api, Problem } from '$/lib/http';
import { isUnnamed, sent } from './model';

const pauseMs = 700;
const undoMax = 100;

export type DraftState = 'same' | 'unsaved' | 'saving' | 'saved' | 'failed' | 'conflict';

export class Draft {
  journey = $state.raw() as Journey;
  state = $state<DraftState>('same');
  savedMs = $state(0);
  problem = $state.raw<Problem | null>(null);
  #past = $state.raw<Journey[]>([]);
  #future = $state.raw<Journey[]>([]);
  #group = '';
  #timer = 0;
  #running: Promise<void> | null = null;

  constructor(journey: Journey) {
    this.journey = journey;
    if (journey.draft) this.state = 'saved';
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /* Takes a changed journey. Changes of the same `group` (typing in one field) are undone together. */
  change(next: Journey, group = ''): void {
    if (next === this.journey) return;
    if (group === '' || group !== this.#group) this.#past = [...this.#past.slice(-undoMax), this.journey];
    this.#group = group;
    this.#future = [];
    this.#show(next);
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.journey];
    this.#group = '';
    this.#show(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.journey];
    this.#group = '';
    this.#show(after);
  }

  /* Saves what is not saved yet; done when the server has it or has refused it. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#running) await this.#running;
    if ((this.state !== 'unsaved' && this.state !== 'failed') || isUnnamed(this.journey)) return;
    this.#running = this.#put(this.journey).finally(() => (this.#running = null));
    await this.#running;
  }

  /* Ends a conflict: with the newer draft in place of ours, or with ours over it. */
  async settle(keepMine: boolean): Promise<void> {
    const theirs = await api.get<Journey>(`/journeys/${this.journey.id}?version=draft`);
    if (!keepMine) this.#past = [...this.#past, this.journey];
    this.journey = keepMine ? { ...this.journey, etag: theirs.etag } : theirs;
    this.state = keepMine ? 'unsaved' : 'saved';
    this.savedMs = Date.now();
    if (keepMine) await this.save();
  }

  #show(next: Journey): void {
    // The etag belongs to what the server holds, whatever the undo list remembers.
    this.journey = { ...next, etag: this.journey.etag };
    if (this.state === 'conflict') return;
    this.state = 'unsaved';
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.save(), pauseMs);
  }

  async #put(journey: Journey): Promise<void> {
    this.state = 'saving';
    try {
      const stored = await api.put<Journey>(`/journeys/${journey.id}/draft`, sent(journey), { headers: { 'if-match': journey.etag } });
      const changedMeanwhile = this.journey !== journey;
      // Only the etag is taken over: the words stay as they were typed.
      this.journey = { ...this.journey, etag: stored.etag, draft: true };
      this.savedMs = Date.now();
      this.problem = null;
      this.state = changedMeanwhile ? 'unsaved' : 'saved';
    } catch (cause) {
      this.problem = cause instanceof Problem ? cause : new Problem(0, '', String(cause));
      this.state = this.problem.status === 412 ? 'conflict' : 'failed';
    }
  }
}
