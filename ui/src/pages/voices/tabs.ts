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
