/* One view of the ways, or two beside each other: two versions of the map, or two groups of people. Kept in the address. */
import type { Catalogue, Journey, Page, Scalar } from '$/lib/api';
import { fieldsOf } from '$/lib/fields';
import { api, query } from '$/lib/http';
import { t } from '$/lib/i18n.svelte';
import { valueName } from '$/lib/names';
import { count, type Common } from '$/lib/questions';
import { search, setSearch } from '$/lib/router.svelte';
import { readingVersion } from '$/lib/version.svelte';
import { readWays, type Grouping, type Ways } from './ways';

export type Beside = '' | 'version' | (string & {});
export interface Chosen {
  beside: Beside;
  a: string | null;
  b: string | null;
}
export interface Choice {
  value: string;
  /* As an answer holds it: a text, a number, yes or no. */
  is: Scalar;
  label: string;
}
export interface Side {
  label: string | null;
  journey: Journey;
  group: Grouping | null;
  ways: Ways;
}

export const chosen = (): Chosen => ({ beside: search().get('beside') ?? '', a: search().get('a'), b: search().get('b') });
export const choose = (next: Partial<Chosen>): void => setSearch({ ...next });

export interface Comparable {
  fields: string[];
  versions: number[];
}
export async function readComparable(id: string, signal: AbortSignal): Promise<Comparable> {
  const [catalogue, versions] = await Promise.all([
    api.get<Catalogue>('/catalogue', { signal }),
    api.get<Page<{ version: number }>>(`/journeys/${id}/versions`, { signal }).catch(() => ({ items: [] as { version: number }[] })),
  ]);
  return { fields: fieldsOf(catalogue), versions: versions.items.map(({ version }) => version).sort((x, y) => y - x) };
}

/* What the two sides can be: versions newest first, values by how many events begin with them. */
export async function readChoices(beside: Beside, common: Common & { journey: string }, versions: number[], signal: AbortSignal): Promise<Choice[]> {
  if (beside === 'version') return versions.map((version) => ({ value: String(version), is: version, label: t('ui.actual.version', { n: version }) }));
  const rows = await count({ ...common, where: [...(common.where ?? []), { field: 'touchpoint', exists: true }], by: [beside] }, signal);
  return rows
    .filter((row) => row[beside] !== null)
    .sort((x, y) => y.events - x.events)
    .slice(0, 40)
    .map((row) => ({ value: String(row[beside]), is: row[beside] as Scalar, label: valueName(beside, row[beside]) }));
}

/* Both sides as they stand in the address, or the first two there are. */
export function pair(choices: readonly Choice[], { a, b }: Chosen): [Choice, Choice] | null {
  const one = choices.find(({ value }) => value === a) ?? choices[0];
  const other = choices.find(({ value }) => value === b && value !== one?.value) ?? choices.find(({ value }) => value !== one?.value);
  return one && other ? [one, other] : null;
}

export async function readSides(journey: Journey, common: Common & { journey: string }, beside: Beside, two: [Choice, Choice] | null, signal: AbortSignal): Promise<Side[]> {
  if (!two) return [{ label: null, journey, group: null, ways: await readWays(journey, { common, version: readingVersion(), complete: true }, signal) }];
  if (beside === 'version')
    return Promise.all(
      two.map(async ({ value, label }) => {
        const own = await api.get<Journey>(`/journeys/${journey.id}${query({ version: value })}`, { signal });
        return { label, journey: own, group: null, ways: await readWays(own, { common, version: Number(value), complete: true }, signal) };
      }),
    );
  return Promise.all(
    two.map(async ({ value, is, label }) => {
      const group = { field: beside, value, is };
      const ways = await readWays(journey, { common, group, version: readingVersion(), complete: true }, signal);
      return { label, journey, group, ways };
    }),
  );
}
