/* What really occurs in the data, for choosing from: fields, and the values of each with how often they occur. */
import type { Catalogue, Counted } from './api';
import { api, query } from './http';
import { t } from './i18n.svelte';
import { fieldName, kindName, valueName } from './names';
import { stageName, touchpointName } from './places.svelte';
import { may } from './session.svelte';
import type { Option } from '$/widgets/Choose.svelte';

export type Full = Catalogue & { questions?: Counted[]; currencies?: Counted[] };

export const readCatalogue = (journey: string | undefined, signal?: AbortSignal): Promise<Full> => api.get<Full>(`/catalogue${query({ journey })}`, { signal });

const sum = (list: Counted[] | undefined): number => (list ?? []).reduce((all, each) => all + each.events, 0);
const fieldWord = (field: string): string => {
  const own: Record<string, string> = { declared: t('ui.explore.field.declared'), question: t('ui.explore.field.question'), scale: t('ui.explore.field.scale'), currency: t('ui.explore.field.currency'), text: t('ui.explore.field.text'), version: t('ui.explore.field.version') };
  return own[field] ?? fieldName(field);
};

/* The fields there are: those of every event with so many events as have one, then the properties. */
export function fieldOptions(catalogue: Full | undefined, use: 'where' | 'by'): Option[] {
  const lists: [string, Counted[] | undefined][] = [
    ['kind', catalogue?.kinds],
    ['channel', catalogue?.channels],
    ['place', catalogue?.places],
    ['touchpoint', catalogue?.touchpoints],
    ['stage', undefined],
    ['source', catalogue?.sources],
    ['metric', catalogue?.metrics],
    ['question', catalogue?.questions],
    ['currency', catalogue?.currencies],
  ];
  const event: Option[] = lists.map(([value, list]) => ({ value, label: fieldWord(value), count: list ? sum(list) : undefined, group: t('ui.explore.group.event') }));
  const more = use === 'where' ? ['score', 'amount', 'text', 'declared'] : ['version'];
  const props: Option[] = [...(catalogue?.props ?? [])]
    .filter((each) => !each.value.startsWith('$'))
    .sort((a, b) => b.events - a.events)
    .map((each) => ({ value: `prop:${each.value}`, label: fieldName(`prop:${each.value}`), code: each.value, count: each.events, group: t('ui.explore.group.props') }));
  return [...event, ...more.map((value) => ({ value, label: fieldWord(value), group: t('ui.explore.group.event') })), ...props];
}

const counted = (list: Counted[] | undefined, name: (value: string) => string): Option[] => (list ?? []).map((each) => ({ value: each.value, label: name(each.value), code: each.value, count: each.events }));

/* Kinds of events and touchpoints together: what somebody calls "something that happened". */
export function eventOptions(catalogue: Full | undefined): Option[] {
  const kinds = counted(catalogue?.kinds, kindName).map((each) => ({ ...each, value: `kind:${each.value}`, group: t('ui.explore.group.kinds') }));
  const points = counted(catalogue?.touchpoints, touchpointName).map((each) => ({ ...each, code: undefined, value: `touchpoint:${each.value}`, group: t('ui.explore.group.touchpoints') }));
  return [...kinds, ...points];
}

/* The values of a field; a property's are counted on the server when they are first asked for. */
export function valueOptions(catalogue: Full | undefined, field: string): Option[] {
  const name = (value: string) => valueName(field, value);
  const lists: Record<string, Option[]> = {
    kind: counted(catalogue?.kinds, name),
    channel: counted(catalogue?.channels, name),
    place: counted(catalogue?.places, name),
    source: counted(catalogue?.sources, name),
    touchpoint: counted(catalogue?.touchpoints, touchpointName),
    declared: [],
    metric: counted(catalogue?.metrics, name),
    question: counted(catalogue?.questions, name),
    currency: counted(catalogue?.currencies, name),
  };
  if (lists[field]) return lists[field];
  const prop = catalogue?.props.find((each) => `prop:${each.value}` === field);
  return (prop?.sample ?? []).map((value) => ({ value, label: name(value), code: value }));
}

const asked = new Map<string, Promise<Option[] | null>>();
const valuesMost = 2000;

/* With counts; null where the server does not tell (too many values, or not for this reader). */
export function countedValues(catalogue: Full | undefined, field: string, journey: string | undefined): Promise<Option[] | null> {
  const prop = catalogue?.props.find((each) => `prop:${each.value}` === field);
  const worth = ['stage', 'declared', 'version'].includes(field) || (prop && prop.distinct <= (may('people.read') ? valuesMost : 200));
  if (!worth) return Promise.resolve(null);
  const key = `${field}|${journey ?? ''}`;
  if (!asked.has(key)) {
    const answer = api.post<{ rows: Record<string, unknown>[] }>('/ask', { ask: 'count', of: ['events'], by: [field], ...(journey ? { journey } : {}) }).then(
      ({ rows }) =>
        rows
          .filter((row) => row[field] !== null && row[field] !== undefined)
          .sort((a, b) => Number(b.events) - Number(a.events))
          .map((row): Option => ({ value: String(row[field]), label: field === 'stage' ? stageName(String(row[field])) : field === 'declared' ? touchpointName(String(row[field])) : valueName(field, row[field]), code: String(row[field]), count: Number(row.events) })),
      () => {
        asked.delete(key);
        return null;
      },
    );
    asked.set(key, answer);
  }
  return asked.get(key)!;
}
