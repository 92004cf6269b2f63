/* Who is signed in, what they may do, and what the installation is like. */
import type { Right, Session } from './api';
import { api, Problem, whenSignedOut } from './http';
import { kept } from './kept';
import { preferred, speak } from './i18n.svelte';

const nobody: Session = {
  user: null,
  rights: [],
  installation: { organisation: '', zone: 'Asia/Ho_Chi_Minh', language: 'vi', minimum_n: 30, demo: false, needs_owner: false, readonly: false, version: '' },
};

const state = $state<{ session: Session; ready: boolean }>({ session: nobody, ready: false });

export const session = (): Session => state.session;
export const ready = (): boolean => state.ready;
export const signedIn = (): boolean => state.session.user !== null;
export const may = (right: Right): boolean => right === 'public' || state.session.rights.includes(right) || (right === 'signed_in' && signedIn());
/* Whether the user sees a part of the company only. */
export const limited = (): boolean => Boolean(state.session.user?.places.length || state.session.user?.departments.length);
export const zone = (): string => state.session.installation.zone;

/* Takes a session the server answered with; the user's language wins unless this device chose one. */
export async function enter(next: Session): Promise<void> {
  state.session = next;
  state.ready = true;
  const wish = kept('language') ? preferred() : (next.user?.language ?? preferred());
  await speak(wish === 'en' ? 'en' : 'vi');
}

/* Who asks a server that is still reading its data waits for it. */
async function whenStarted(): Promise<Session> {
  for (;;) {
    try {
      return await api.get<Session>('/session', { headers: { 'accept-language': preferred() } });
    } catch (cause) {
      if (!(cause instanceof Problem && cause.started)) throw cause;
      await cause.started;
    }
  }
}

export async function open(): Promise<void> {
  whenSignedOut(() => void (state.session = { ...state.session, user: null, rights: [] }));
  await enter(await whenStarted());
}

export async function leave(): Promise<void> {
  await api.delete('/session');
  state.session = { ...state.session, user: null, rights: [] };
}

export function setReadonly(readonly: boolean): void {
  state.session.installation.readonly = readonly;
}
