/* Talks to the server: JSON in and out, refusals as Problem (RFC 9457).
 *
 * Changes are protected by the Origin check of the server, so no token is sent.
 */
import { language, t } from './i18n.svelte';
import { noteStarting, type Progress } from './starting.svelte';

export interface FieldProblem {
  pointer: string;
  detail: string;
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: FieldProblem[] = [],
    /* The server is still reading its data; resolves when it is done. */
    readonly started: Promise<void> | null = null,
  ) {
    super(detail || title);
  }

  /* The complaint about one field ("email" or "/email"), if there is one. */
  of(field: string): string | undefined {
    const pointer = `/${field.replace(/^\//, '')}`;
    return this.errors.find((each) => each.pointer.replace(/^#/, '') === pointer)?.detail;
  }
}

let onSignedOut = () => {};

/* Called when the server answers that the session has ended. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

async function refusal(response: Response): Promise<Problem> {
  try {
    const body = await response.json();
    const progress = body.progress as Progress | undefined;
    const started = progress ? noteStarting(progress) : null;
    return new Problem(response.status, body.title ?? '', body.detail ?? body.title ?? '', body.errors ?? [], started);
  } catch {
    return new Problem(response.status, '', t('ui.error.status', { status: response.status }));
  }
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Problem(0, t('ui.error.offline'), t('ui.error.offline'));
  }
  if (response.ok) return response;
  if (response.status === 401 && path !== '/session') onSignedOut();
  throw await refusal(response);
}

export interface Options {
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

async function call<T>(method: string, path: string, body?: unknown, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': language(), ...options.headers };
  const init: RequestInit = { method, headers, signal: options.signal };
  if (body instanceof Blob) {
    headers['content-type'] ??= 'application/octet-stream';
    init.body = body;
  } else if (body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  const response = await send(path, init);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const api = {
  get: <T>(path: string, options?: Options) => call<T>('GET', path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: Options) => call<T>('POST', path, body, options),
  put: <T>(path: string, body: unknown, options?: Options) => call<T>('PUT', path, body, options),
  patch: <T>(path: string, body: unknown, options?: Options) => call<T>('PATCH', path, body, options),
  delete: <T>(path: string, options?: Options) => call<T>('DELETE', path, undefined, options),
};

/* `?a=1&b=2` of the values that are there; '' when none is. */
export function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

/* Server-sent events: named handlers get the parsed data. Reconnects by itself; returns how to end it. */
export function listen(path: string, handlers: Record<string, (data: never) => void>, onState?: (open: boolean) => void): () => void {
  const source = new EventSource(`/api/v1${path}`);
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handler(JSON.parse((event as MessageEvent<string>).data) as never));
  }
  source.onopen = () => onState?.(true);
  source.onerror = () => onState?.(false);
  return () => source.close();
}
