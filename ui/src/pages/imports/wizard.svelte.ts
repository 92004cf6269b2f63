/* The state of one import on its way in: the file, how it is read, the map, what is wrong with it. */
import { api, Problem } from '$/lib/http';
import type { Import } from '$/lib/api';
import { upload, type Uploaded } from '$/lib/upload';
import { aboutReading, isFresh, isGuess, knownMap, withOption, type ImportMap } from './map';

export interface Preview {
  columns: string[];
  rows: (string | null)[][];
  map: ImportMap;
  encoding: string;
  separator: string | null;
  kind: 'csv' | 'tsv' | 'xlsx' | 'jsonl';
  sheets?: string[] | null;
  problems: { target: string; detail: string }[];
  /* What the first rows become, by target. */
  examples?: { target: string; values: (string | null)[] }[] | null;
}

const pauseMs = 300;
const asProblem = (cause: unknown) => (cause instanceof Problem ? cause : new Problem(0, '', String(cause)));

export class Wizard {
  step = $state<'file' | 'preview' | 'map'>('file');
  file = $state.raw<Uploaded | null>(null);
  name = $state('');
  sending = $state.raw<{ name: string; sent: number; size: number } | null>(null);
  preview = $state.raw<Preview | null>(null);
  guess = $state.raw<ImportMap>({});
  map = $state.raw<ImportMap>({});
  /* What the server was not sure of when it guessed; a person's choice settles it. */
  doubts = $state.raw<Preview['problems']>([]);
  /* What the file is said to hold: reviews, or what was said on social media. */
  as: 'reviews' | 'mentions' | null = null;
  /* A map file that was opened before the data file. */
  given = $state.raw<{ name: string; map: ImportMap } | null>(null);
  reading = $state(false);
  starting = $state(false);
  problem = $state.raw<Problem | null>(null);
  #sender: AbortController | null = null;
  #reader: AbortController | null = null;
  #timer = 0;

  /* Sends the file and reads its first rows. */
  async take(file: File): Promise<void> {
    this.problem = null;
    this.#sender = new AbortController();
    this.sending = { name: file.name, sent: 0, size: file.size };
    try {
      const progress = (sent: number) => (this.sending = { name: file.name, sent, size: file.size });
      this.file = await upload(file, progress, this.#sender.signal);
      this.name = file.name;
      this.map = this.given?.map ?? {};
      await this.#read();
      if (this.preview) this.step = 'preview';
    } catch (cause) {
      this.problem = asProblem(cause);
    }
    this.sending = null;
  }

  /* Begins with the file and the map of an import that did not end well. */
  async again(id: string): Promise<void> {
    try {
      const old = await api.get<Import>(`/imports/${id}`);
      if (!old.file) return;
      this.file = { id: old.file, name: old.name, size: 0 };
      this.name = old.name;
      this.map = knownMap(old.map);
      await this.#read();
      if (this.preview) this.step = 'map';
    } catch (cause) {
      this.problem = asProblem(cause);
    }
  }

  cancelUpload(): void {
    this.#sender?.abort();
  }

  async takeMap(file: File): Promise<void> {
    const map = knownMap(JSON.parse(await file.text()));
    this.given = { name: file.name, map };
    if (this.file) this.change(map);
  }

  /* The map as it shall be; the server says shortly after what becomes of it. */
  change(map: ImportMap): void {
    this.map = map;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#read(), pauseMs);
  }

  /* Another way of reading the bytes gives other columns: the map is guessed anew, what was said about reading stays. */
  reread(option: 'encoding' | 'separator' | 'sheet', value: string): void {
    this.change(withOption(aboutReading(this.map), option, value));
  }

  /* The map can be used as it is; what is still said about it are lines that would be refused. */
  get runs(): boolean {
    const { problems, examples } = this.preview ?? { problems: [], examples: [] };
    return problems.length === 0 || (examples ?? []).length > 0;
  }

  problemsOf(target: string): string | undefined {
    return this.runs ? undefined : this.#said(target);
  }

  /* What a person should look at: what was not certain when it was guessed, lines that would be refused. */
  doubtsOf(target: string): string | undefined {
    const doubts = this.doubts.filter((each) => each.target === target && isGuess(this.map, this.guess, target));
    const said = this.#said(target);
    const found = doubts.map((each) => each.detail).filter((each) => each !== said);
    if (this.runs && said) found.push(said);
    return found.join(' ') || undefined;
  }

  #said(target: string): string | undefined {
    const found = this.preview?.problems.filter((each) => each.target === target || each.target.startsWith(`${target}/`)) ?? [];
    return found.map((each) => each.detail).join(' ') || undefined;
  }

  async start(): Promise<Import | null> {
    this.starting = true;
    this.problem = null;
    try {
      clearTimeout(this.#timer);
      return await api.post<Import>('/imports', { file: this.file?.id, map: this.map, name: this.name });
    } catch (cause) {
      this.problem = asProblem(cause);
      return null;
    } finally {
      this.starting = false;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#sender?.abort();
    this.#reader?.abort();
  }

  async #read(): Promise<void> {
    this.#reader?.abort();
    const reader = (this.#reader = new AbortController());
    this.reading = true;
    const asked = this.map;
    const fresh = isFresh(asked);
    try {
      const body = Object.keys(asked).length === 0 ? { file: this.file?.id } : { file: this.file?.id, map: asked };
      const preview = await api.post<Preview>('/imports/preview', body, { signal: reader.signal });
      this.problem = null;
      this.preview = preview;
      if (fresh) {
        this.map = this.guess = { ...preview.map, ...(this.as ? { kind: { value: this.as === 'reviews' ? 'Product Reviewed' : 'Mention Found' } } : {}), ...asked };
        this.doubts = preview.problems;
        if (!isFresh(this.map)) return await this.#read();
      }
      this.reading = false;
    } catch (cause) {
      if (reader.signal.aborted) return;
      this.reading = false;
      this.problem = asProblem(cause);
    }
  }
}
