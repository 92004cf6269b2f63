/* Every page: its address, the right it needs, and where its code is. Each is loaded when it is first opened. */
import type { Component } from 'svelte';
import type { Right } from '$/lib/api';
import type { Key } from '$/lib/i18n.svelte';

export interface Route {
  path: string;
  title: Key;
  right: Right;
  load: () => Promise<{ default: Component<any> }>;
  /* Public pages are shown without the menu. */
  bare?: boolean;
}

export const routes: Route[] = [
  { path: '/', title: 'ui.menu.journeys', right: 'journeys.read', load: () => import('$/pages/journeys/Journeys.svelte') },
  { path: '/glossary', title: 'ui.menu.glossary', right: 'public', load: () => import('$/pages/glossary/Glossary.svelte') },
  { path: '/sign-in', title: 'ui.signin.title', right: 'public', bare: true, load: () => import('$/pages/signin/SignIn.svelte') },
];

export interface MenuItem {
  path: string;
  label: Key;
  icon: string;
}

/* In the order of the menu; an item is shown when the user has the right of its page. */
export const menu: MenuItem[] = [
  { path: '/', label: 'ui.menu.journeys', icon: 'journey' },
  { path: '/glossary', label: 'ui.menu.glossary', icon: 'book' },
];
