/* The pages about what people said, in the order of their tabs. A tab is shown when its page exists and the user has its right. */
import type { Key } from '$/lib/i18n.svelte';
import { match } from '$/lib/router.svelte';
import { may } from '$/lib/session.svelte';

interface Tab {
  path: string;
  label: Key;
}

const tabs: Tab[] = [
  { path: '/voices', label: 'ui.voices.inbox' },
  { path: '/voices/surveys', label: 'ui.voices.surveys' },
  { path: '/voices/topics', label: 'ui.voices.topics' },
  { path: '/voices/drivers', label: 'ui.voices.drivers' },
  { path: '/voices/trends', label: 'ui.voices.trends' },
  { path: '/voices/pains', label: 'ui.voices.pains' },
  { path: '/voices/promises', label: 'ui.voices.promises' },
  { path: '/voices/proposals', label: 'ui.voices.proposals' },
  { path: '/voices/studies', label: 'ui.voices.studies' },
  { path: '/voices/models', label: 'ui.voices.models' },
];

// A page below a tab, such as one pain point, is no page of the tab's address.
function exists(path: string): boolean {
  const route = match(path)?.route;
  return route?.path === path && may(route.right);
}

export const shownTabs = (): Tab[] => tabs.filter((each) => exists(each.path));

/* Pages that belong to a tab without standing below its address. */
const within: Record<string, string> = {
  '/voices/meeting': '/voices/proposals',
  '/voices/benchmarks': '/voices/surveys',
  '/voices/sample-size': '/voices/surveys',
};

/* The tab on whose page, or below which, an address is. */
export function tabOf(path: string): string | undefined {
  const below = tabs.filter((each) => each.path !== '/voices' && `${path}/`.startsWith(`${each.path}/`)).map((each) => each.path);
  return below[0] ?? within[path] ?? (path === '/voices' ? path : undefined);
}
