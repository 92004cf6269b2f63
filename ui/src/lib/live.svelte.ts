/* What the server tells by itself: new events, imports under way, read-only state.
 *
 * `beat()` changes at most every five seconds while events arrive; a page that
 * reads it inside `loaded` is therefore never older than that.
 */
import type { Import } from './api';
import { listen } from './http';
import { setReadonly } from './session.svelte';

const pause = 5000;
const state = $state<{ beat: number; imports: Record<string, Import>; surveys: Record<string, number> }>({ beat: 0, imports: {}, surveys: {} });
let due = 0;
const dueSurveys = new Map<string, number>();

export const beat = (): number => state.beat;
/* Changes at most every two seconds while answers to this survey arrive. */
export const surveyBeat = (id: string): number => state.surveys[id] ?? 0;
export const liveImport = (id: string): Import | undefined => state.imports[id];

function arrived(): void {
  if (due) return;
  due = window.setTimeout(() => {
    due = 0;
    if (!document.hidden) state.beat++;
  }, pause);
}

function answered(survey: string): void {
  if (dueSurveys.has(survey)) return;
  const beats = () => {
    dueSurveys.delete(survey);
    if (!document.hidden) state.surveys[survey] = (state.surveys[survey] ?? 0) + 1;
  };
  dueSurveys.set(survey, window.setTimeout(beats, 2000));
}

export function startLive(): () => void {
  return listen('/live', {
    events: arrived,
    survey: ({ survey }: { survey: string }) => answered(survey),
    import: (each: Import) => void (state.imports[each.id] = each),
    readonly: (now: { readonly: boolean }) => setReadonly(now.readonly),
  });
}
