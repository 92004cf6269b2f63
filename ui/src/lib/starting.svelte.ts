/* A server that is still reading its data says how far it is; it is asked again until it is done. */
import { language } from './i18n.svelte';

export interface Progress {
  share: number;
  doing: string;
  events: number;
  of: number;
}

const AGAIN_MS = 1000;
const state = $state<{ progress: Progress | null }>({ progress: null });
let waiting: Promise<void> | null = null;

/* How far it is; null: it is ready, as far as anybody knows. */
export const starting = (): Progress | null => state.progress;

async function look(): Promise<Progress | null> {
  const response = await fetch('/readyz', { headers: { 'accept-language': language() } });
  return response.status === 503 ? ((await response.json()).progress ?? null) : null;
}

async function watch(): Promise<void> {
  while (state.progress !== null) {
    await new Promise((done) => setTimeout(done, AGAIN_MS));
    try {
      state.progress = await look();
    } catch {
      // It is gone for a moment: it stays what it was.
    }
  }
  waiting = null;
}

/* Somebody met a server that is starting. Resolves when it is ready. */
export function noteStarting(progress: Progress): Promise<void> {
  state.progress = progress;
  waiting ??= watch();
  return waiting;
}
