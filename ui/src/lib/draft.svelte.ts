/* Something under the hands of an author: saved by itself a moment after each change, with undo and redo.
 *
 * The server refuses a draft that was written over another one it has not seen
 * (If-Match); then nothing is lost on either side and the person decides.
 */
import { Problem } from './http';

const pauseMs = 700;
const undoMax = 100;

export type DraftState = 'same' | 'unsaved' | 'saving' | 'saved' | 'failed' | 'conflict';

/* Where drafts are kept. The tag belongs to what the server holds, whatever the undo list remembers. */
export interface Store<T> {
  put: (value: T, tag: string) => Promise<string>;
  get: () => Promise<{ value: T; tag: string }>;
  /* False while it is not fit to be saved: a name is being typed. */
  ready?: (value: T) => boolean;
}

export class Draft<T> {
  value = $state.raw() as T;
  state = $state<DraftState>('same');
  savedMs = $state(0);
  problem = $state.raw<Problem | null>(null);
  #tag: string;
  #store: Store<T>;
  #past = $state.raw<T[]>([]);
  #future = $state.raw<T[]>([]);
  #group = '';
  #timer = 0;
  #running: Promise<void> | null = null;

  constructor(value: T, tag: string, store: Store<T>, changed = false) {
    this.value = value;
    this.#tag = tag;
    this.#store = store;
    if (changed) this.state = 'saved';
  }

  get tag(): string {
    return this.#tag;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }
  /* Whether closing the window would lose something. */
  get unsafe(): boolean {
    return this.state === 'unsaved' || this.state === 'saving' || this.state === 'failed';
  }

  /* Takes a changed value. Changes of the same `group` (typing in one field) are undone together. */
  change(next: T, group = ''): void {
    if (next === this.value) return;
    if (group === '' || group !== this.#group) this.#past = [...this.#past.slice(-undoMax), this.value];
    this.#group = group;
    this.#future = [];
    this.#show(next);
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (before === undefined) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.value];
    this.#group = '';
    this.#show(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (after === undefined) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.value];
    this.#group = '';
    this.#show(after);
  }

  /* Saves what is not saved yet; done when the server has it or has refused it. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#running) await this.#running;
    if ((this.state !== 'unsaved' && this.state !== 'failed') || this.#store.ready?.(this.value) === false) return;
    this.#running = this.#put(this.value).finally(() => (this.#running = null));
    await this.#running;
  }

  /* Ends a conflict: with the newer draft in place of ours, or with ours over it. */
  async settle(keepMine: boolean): Promise<void> {
    const theirs = await this.#store.get();
    this.#tag = theirs.tag;
    if (!keepMine) {
      this.#past = [...this.#past, this.value];
      this.value = theirs.value;
    }
    this.state = keepMine ? 'unsaved' : 'saved';
    this.savedMs = Date.now();
    if (keepMine) await this.save();
  }

  #show(next: T): void {
    this.value = next;
    if (this.state === 'conflict') return;
    this.state = 'unsaved';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), pauseMs) as unknown as number;
  }

  async #put(value: T): Promise<void> {
    this.state = 'saving';
    try {
      this.#tag = await this.#store.put(value, this.#tag);
      this.savedMs = Date.now();
      this.problem = null;
      // The words stay as they were typed meanwhile.
      this.state = this.value === value ? 'saved' : 'unsaved';
    } catch (cause) {
      this.problem = cause instanceof Problem ? cause : new Problem(0, '', String(cause));
      this.state = this.problem.status === 412 ? 'conflict' : 'failed';
    }
  }
}
