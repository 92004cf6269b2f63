/* What staff decide about feedback: who looks after it, how far that is, what was read wrongly. */
import type { Page } from '$/lib/api';
import { number } from '$/lib/format';
import { api } from '$/lib/http';
import { t } from '$/lib/i18n.svelte';
import { may, session } from '$/lib/session.svelte';
import { done, failed, undoable } from '$/lib/toasts.svelte';
import type { Class, Feedback, Filter, SaidTopic, Status } from '../feedback';

export interface Corrected {
  class?: Class;
  emotion?: string;
  language?: string;
  complaint?: boolean;
  spam?: boolean;
  topics?: SaidTopic[];
  touchpoint?: string;
}
export interface Work {
  status?: Status;
  owner?: string | null;
  corrected?: Corrected;
  pain?: string;
  not_pain?: string;
}

let users = $state.raw<{ id: string; name: string }[]>([]);
let asked = false;

/* Who may be given something: everybody for those who see the users, else oneself alone (and then it is none to choose from). */
export function owners(): { id: string; name: string }[] {
  if (!asked && may('users.manage')) {
    asked = true;
    api.get<Page<{ id: string; name: string; active?: boolean }>>('/users').then(
      ({ items }) => (users = items.filter((each) => each.active !== false)),
      () => (asked = false),
    );
  }
  return users;
}
export const ownerName = (id: string): string => users.find((each) => each.id === id)?.name ?? (session().user?.id === id ? (session().user?.name ?? id) : t('ui.feedback.somebody'));

export async function change(row: Feedback, work: Work): Promise<Feedback | null> {
  try {
    return await api.patch<Feedback>(`/feedback/${row.id}`, asSent(work));
  } catch (cause) {
    failed(cause);
    return null;
  }
}
// Nobody is a word of its own: what is not given stays as it is.
const asSent = (work: Work) => ({ ...work, ...(work.owner === null ? { owner: 'none' } : {}) });

interface Bulk {
  id: string;
  changed: number;
  state: 'running' | 'done' | 'undoing' | 'undone';
}

/* The same for many at once, by a filter; what each was before can be had back for a while. */
export async function changeAll(filter: Filter, work: Work, again: () => void): Promise<boolean> {
  try {
    const bulk = await ended(await api.post<Bulk>('/feedback/bulk', { filter: asBody(filter), change: asSent(work) }));
    undoable(t('ui.feedback.bulk.done', { n: number(bulk.changed) }), async () => {
      await ended(await api.post<Bulk>(`/feedback/bulk/${bulk.id}/undo`));
      done(t('ui.feedback.bulk.undone'));
      again();
    });
    return true;
  } catch (cause) {
    failed(cause);
    return false;
  }
}
/* Few are done at once; many take a while. */
async function ended(bulk: Bulk): Promise<Bulk> {
  while (bulk.state === 'running' || bulk.state === 'undoing') {
    await new Promise((wake) => setTimeout(wake, 400));
    bulk = await api.get<Bulk>(`/feedback/bulk/${bulk.id}`);
  }
  return bulk;
}
/* A filter as a body has it: numbers are numbers there. */
export const asBody = (filter: Filter): Record<string, unknown> => Object.fromEntries(Object.entries(filter).map(([key, value]) => [key, key.startsWith('score_') ? Number(value) : value]));
