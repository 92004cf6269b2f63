/* Ways to a survey, as the server lists them. */
import type { Page } from '$/lib/api';
import { api } from '$/lib/http';

export const kinds = ['link', 'qr', 'widget', 'kiosk', 'single'] as const;
export type Kind = (typeof kinds)[number];
export interface Link {
  id: string;
  kind: Kind | 'invitation';
  name: string;
  place: string;
  touchpoint: string;
  channel: string;
  locked: boolean;
  most: number;
  finished: number;
  paused: boolean;
  expires_ms: number | null;
  created_ms: number;
  /* Not there for a link that works once, to who may not make such links. */
  url?: string;
}
export interface NewLink {
  kind: Kind;
  name?: string;
  place?: string;
  touchpoint?: string;
  pin?: string;
  most?: number;
  expires_ms?: number;
  count?: number;
}

export const readLinks = (survey: string, kind: string, after: string, signal?: AbortSignal): Promise<Page<Link>> =>
  api.get(`/surveys/${survey}/links?limit=50${kind ? `&kind=${kind}` : ''}${after ? `&after=${after}` : ''}`, { signal });

export async function makeLinks(survey: string, link: NewLink): Promise<Link[]> {
  return (await api.post<{ items: Link[] }>(`/surveys/${survey}/links`, link)).items;
}

export type Standing = 'open' | 'paused' | 'expired' | 'full';
export function standing(link: Link, now = Date.now()): Standing {
  if (link.expires_ms && link.expires_ms <= now) return 'expired';
  if (link.most && link.finished >= link.most) return 'full';
  return link.paused ? 'paused' : 'open';
}

/* Nobody else's phone opens these: where a poster would lead while nobody has said the server's public address. */
export function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || host === '0.0.0.0' || /^127\./.test(host);
}

export const formats = ['poster', 'tent', 'cards'] as const;
export const sheet = (survey: string, link: string | null, format: string, language: string): string =>
  `/api/v1/surveys/${survey}${link ? `/links/${link}` : ''}/sheet.pdf?format=${format}&language=${language}${link ? '' : '&kind=qr'}`;

export const modes = ['popup', 'inline', 'stars'] as const;
export type Mode = (typeof modes)[number];
export interface Embed {
  mode: Mode;
  delay: number;
  scroll: number;
  exit: boolean;
  every: number;
}

/* The line for the company's own page. The token and the address are ours; numbers are numbers. */
export function embedCode(url: string, embed: Embed): string {
  const { origin, pathname } = new URL(url);
  const values: [string, string | number | null][] = [
    ['survey', pathname.split('/')[2] ?? ''],
    ['mode', embed.mode],
    ['delay', embed.mode === 'popup' && embed.delay ? embed.delay : null],
    ['scroll', embed.mode === 'popup' && embed.scroll ? `${embed.scroll}%` : null],
    ['exit', embed.mode === 'popup' && embed.exit ? '' : null],
    ['every', embed.mode === 'popup' && embed.every !== 30 ? embed.every : null],
  ];
  const attributes = values.filter(([, value]) => value !== null).map(([name, value]) => (value === '' ? ` data-${name}` : ` data-${name}="${value}"`));
  return `<script async src="${origin}/w/survey.js"${attributes.join('')}></${'script'}>`;
}

/* One line each: for a mailing, a parcel or a spreadsheet. */
export const asText = (links: Link[]): string => links.map((each) => each.url ?? '').join('\n');
