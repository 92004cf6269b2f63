/* Addresses without a hash: the History API, one table of pages, parameters in the path (":id"). */
import { routes, type Route } from '../routes';

export interface Match {
  route: Route;
  params: Record<string, string>;
}

const state = $state({ path: location.pathname, search: location.search, turn: 0 });

export const path = (): string => state.path;
export const search = (): URLSearchParams => new URLSearchParams(state.search);
/* Grows with every change of page, not with changes of the search part. */
export const turn = (): number => state.turn;

function fits(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/');
  const have = path.replace(/(.)\/$/, '$1').split('/');
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const value = have[i] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return params;
}

export function match(path: string): Match | null {
  for (const route of routes) {
    const params = fits(route.path, path);
    if (params) return { route, params };
  }
  return null;
}

function read(): void {
  if (location.pathname !== state.path) state.turn++;
  state.path = location.pathname;
  state.search = location.search;
}

/* What goes along from page to page: the period, the comparison, the filter. */
export function carried(): string {
  const now = search();
  const next = new URLSearchParams([...now].filter(([name]) => ['period', 'from', 'to', 'compare', 'f', 'journey'].includes(name)));
  return next.size ? `?${next}` : '';
}

export function go(address: string, how: { replace?: boolean } = {}): void {
  if (how.replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  read();
}

/* Changes part of the search; null removes a name. */
export function setSearch(values: Record<string, string | null>, how: { replace?: boolean } = { replace: true }): void {
  const next = search();
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  go(state.path + (text ? `?${text}` : ''), how);
}

function plainClick(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = (event.target as Element).closest('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return null;
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return null; // a place on this page is the browser's to find
  return match(link.pathname) ? link.pathname + link.search + link.hash : null;
}

export function startRouter(): void {
  addEventListener('popstate', read);
  document.addEventListener('click', (event) => {
    const address = plainClick(event);
    if (address === null) return;
    event.preventDefault();
    go(address);
  });
}
