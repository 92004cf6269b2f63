/* The journeys' stages and touchpoints by name: events carry only their ids. */
import type { Journey, JourneySummary, Page } from './api';
import { api } from './http';
import { may } from './session.svelte';

export interface Places {
  id: string;
  names: Map<string, string>;
}

const most = 20;
let names = $state.raw(new Map<string, string>());
let journeysOf = $state.raw(new Map<string, string>());
let stages = $state.raw(new Map<string, string>());
let asked = false;

export async function readJourneys(signal?: AbortSignal): Promise<Journey[]> {
  const { items } = await api.get<Page<JourneySummary>>('/journeys', { signal });
  const journeys = await Promise.all(items.slice(0, most).map((each) => api.get<Journey>(`/journeys/${each.id}`, { signal })));
  names = new Map(journeys.toReversed().flatMap((journey) => journey.touchpoints.map((each) => [each.id, each.name] as const)));
  journeysOf = new Map(journeys.toReversed().flatMap((journey) => journey.touchpoints.map((each) => [each.id, journey.id] as const)));
  stages = new Map(journeys.toReversed().flatMap((journey) => journey.stages.map((each) => [each.id, each.name] as const)));
  asked = true;
  return journeys;
}

/* The name of a touchpoint in the oldest journey that has it; its id until the maps are read. */
export function touchpointName(id: string): string {
  readOnce();
  return names.get(id) ?? id;
}
/* The journey on whose map a touchpoint is; null where it is on none, or until the maps are read. */
export function journeyOf(touchpoint: string): string | null {
  readOnce();
  return journeysOf.get(touchpoint) ?? null;
}
export function stageName(id: string): string {
  readOnce();
  return stages.get(id) ?? id;
}
function readOnce(): void {
  if (asked || !may('journeys.read')) return;
  asked = true;
  readJourneys().catch(() => (asked = false));
}

/* The journey whose touchpoints and stages are meant, and their names. */
export async function readPlaces(wanted: string | null, signal: AbortSignal): Promise<Places | null> {
  const journeys = await readJourneys(signal);
  const journey = journeys.find((each) => each.id === wanted) ?? journeys[0];
  return journey ? { id: journey.id, names: new Map([...journey.stages, ...journey.touchpoints].map((each) => [each.id, each.name])) } : null;
}
