/* What the command palette can do: pages, touchpoints, places, people, actions. */
import { routes, menu } from '../routes';
import type { Catalogue, Page, PersonSummary } from '$/lib/api';
import { api, query } from '$/lib/http';
import { language, speak, t } from '$/lib/i18n.svelte';
import { go } from '$/lib/router.svelte';
import { readJourneys } from '$/lib/places.svelte';
import { dashboards, savedQuestions } from '$/lib/saved';
import { may } from '$/lib/session.svelte';
import { setTheme, theme } from '$/lib/theme.svelte';

export interface Command {
  id: string;
  label: string;
  group: string;
  icon: string;
  run: () => void;
}

function pages(): Command[] {
  // Every page that needs no more than its address; those below a page of the menu take its icon.
  const above = (path: string) => menu.find((item) => item.path === path) ?? menu.find((item) => path.startsWith(`${item.path}/`));
  return routes
    .filter((route) => !route.bare && !route.path.includes(':') && may(route.right))
    .map((route) => {
      const item = above(route.path);
      const label = item?.path === route.path ? item.label : route.title;
      const group = item && item.path !== route.path ? t(item.label) : t('ui.palette.page');
      return { id: `page:${route.path}`, label: t(label), group, icon: item?.icon ?? 'user', run: () => go(route.path) };
    });
}

function actions(): Command[] {
  const group = t('ui.palette.action');
  const other = language() === 'vi' ? 'en' : 'vi';
  return [
    { id: 'language', label: other === 'en' ? 'English' : 'Tiếng Việt', group, icon: 'language', run: () => void speak(other, true) },
    { id: 'theme', label: t('ui.palette.theme'), group, icon: 'theme', run: () => setTheme(theme() === 'dark' ? 'light' : 'dark') },
    { id: 'print', label: t('ui.palette.print'), group, icon: 'print', run: () => setTimeout(print, 50) },
  ];
}

async function touchpoints(): Promise<Command[]> {
  if (!may('journeys.read')) return [];
  const journeys = await readJourneys();
  return journeys.flatMap((journey) =>
    journey.touchpoints.map((each) => ({
      id: `touchpoint:${journey.id}:${each.id}`,
      label: each.name,
      group: journey.name,
      icon: 'card',
      run: () => go(`/journeys/${journey.id}/touchpoints/${each.id}`),
    })),
  );
}

/* A place narrows the home page to itself; the places with the most events come first. */
async function places(): Promise<Command[]> {
  if (!may('journeys.read')) return [];
  const catalogue = await api.get<Catalogue>('/catalogue');
  return catalogue.places.map(({ value }) => ({ id: `place:${value}`, label: value, group: t('ui.field.place'), icon: 'place', run: () => go(`/?${new URLSearchParams({ f: `place~${value}` })}`) }));
}

/* Saved questions and dashboards by their names. */
async function explored(): Promise<Command[]> {
  if (!may('ask')) return [];
  const [questions, boards] = await Promise.all([savedQuestions(), dashboards()]);
  return [
    ...boards.map((each) => ({ id: `board:${each.id}`, label: each.name, group: t('ui.explore.board'), icon: 'chart', run: () => go(`/explore/dashboards/${each.id}`) })),
    ...questions.map((each) => ({ id: `question:${each.id}`, label: each.name, group: t('ui.explore.question'), icon: 'compass', run: () => go(`/explore/ask?saved=${each.id}`) })),
  ];
}

/* Surveys by their names: whoever builds them goes to the builder, everybody else to what they found. */
async function surveys(): Promise<Command[]> {
  if (!may('surveys.read')) return [];
  const { items } = await api.get<Page<{ id: string; name: string; state: string }>>('/surveys');
  const part = may('surveys.write') ? '' : '/results';
  return items.filter((each) => each.state !== 'archived').map((each) => ({ id: `survey:${each.id}`, label: each.name, group: t('ui.voices.surveys'), icon: 'voices', run: () => go(`/voices/surveys/${each.id}${part}`) }));
}

/* What was promised, and what hurts, by its words. */
async function voices(): Promise<Command[]> {
  if (!may('voices.read')) return [];
  interface Named {
    id: string;
    text_vi?: string | null;
    text_en?: string | null;
    name?: string;
    merged?: string | null;
  }
  const [promises, pains] = await Promise.all([api.get<Page<Named>>('/promises'), api.get<Page<Named>>('/pains')]);
  const words = (each: Named) => (language() === 'vi' ? each.text_vi || each.text_en : each.text_en || each.text_vi) ?? '';
  return [
    ...pains.items.filter((each) => !each.merged).map((each) => ({ id: `pain:${each.id}`, label: each.name ?? '', group: t('ui.voices.pains'), icon: 'voices', run: () => go(`/voices/pains/${each.id}`) })),
    ...promises.items.map((each) => ({ id: `promise:${each.id}`, label: words(each), group: t('ui.voices.promises'), icon: 'voices', run: () => go(`/voices/promises/${each.id}`) })),
  ];
}

export async function commands(): Promise<Command[]> {
  const [points, kept, asked, said, shops] = await Promise.all([touchpoints().catch(() => []), explored().catch(() => []), surveys().catch(() => []), voices().catch(() => []), places().catch(() => [])]);
  return [...pages(), ...points, ...kept, ...asked, ...said, ...actions(), ...shops];
}

export async function people(wanted: string, signal: AbortSignal): Promise<Command[]> {
  if (!may('people.read')) return [];
  const { items } = await api.get<Page<PersonSummary>>(`/people${query({ q: wanted, limit: 6 })}`, { signal });
  return items.map((each) => ({
    id: `person:${each.id}`,
    label: each.name || each.aliases[0]?.value || each.id,
    group: t('ui.menu.people'),
    icon: 'user',
    run: () => go(`/people/${each.id}`),
  }));
}
