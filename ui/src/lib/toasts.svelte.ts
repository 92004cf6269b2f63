/* Short notes that something was done or failed; read aloud by screen readers, gone after a while. */
import { Problem } from './http';

export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  text: string;
}

let last = 0;
const list = $state<Toast[]>([]);

export const toasts = (): readonly Toast[] => list;

export function dismiss(id: number): void {
  const at = list.findIndex((each) => each.id === id);
  if (at >= 0) list.splice(at, 1);
}

function show(kind: Toast['kind'], text: string): void {
  const id = ++last;
  list.push({ id, kind, text });
  setTimeout(() => dismiss(id), kind === 'done' ? 5000 : 12000);
}

export const done = (text: string): void => show('done', text);
export const failed = (cause: unknown): void => show('failed', cause instanceof Problem ? cause.detail : String(cause));
