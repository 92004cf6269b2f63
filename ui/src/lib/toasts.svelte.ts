/* Short notes that something was done or failed; read aloud by screen readers, gone after a while. */
import { Problem } from './http';

export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  text: string;
  /* What was done can be taken back while the note is shown. */
  undo?: () => Promise<void>;
}

let last = 0;
const list = $state<Toast[]>([]);

export const toasts = (): readonly Toast[] => list;

export function dismiss(id: number): void {
  const at = list.findIndex((each) => each.id === id);
  if (at >= 0) list.splice(at, 1);
}

function show(kind: Toast['kind'], text: string, undo?: Toast['undo']): void {
  const id = ++last;
  list.push({ id, kind, text, undo });
  setTimeout(() => dismiss(id), kind === 'done' && !undo ? 5000 : 12000);
}

export const undoable = (text: string, undo: () => Promise<void>): void => show('done', text, undo);

export async function takeBack(toast: Toast): Promise<void> {
  dismiss(toast.id);
  await toast.undo?.().catch(failed);
}

export const done = (text: string): void => show('done', text);
export const failed = (cause: unknown): void => show('failed', cause instanceof Problem ? cause.detail : String(cause));
