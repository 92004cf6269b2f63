/* What the server tells by itself: new events, imports under way, read-only state.
 *
 * `beat()` changes at most every five seconds while events arrive; a page that
 * reads it inside `loaded` is therefore never older than that.
 */
import type { Import } from './api';
import { listen } from './http';
import { setReadonly } from './session.svelte';

const pause = 5000;
const state = $state<{ beat: number; imports: Record<string, Import> }>({ beat: 0, imports: {} });
let due = 0;

export const beat = (): number => state.beat;
export const liveImport = (id: string): Import | undefined => state.imports[id];

function arrived(): void {
  if (due) return;
  due = window.setTimeout(() => {
    due = 0;
    if (!document.hidden) state.beat++;
  }, pause);
}

export function startLive(): () => void {
  return listen('/live', {
    events: arrived,
    import: (each: Import) => void (state.imports[each.id] = each),
    readonly: (now: { readonly: boolean }) => setReadonly(now.readonly),
  });
}
