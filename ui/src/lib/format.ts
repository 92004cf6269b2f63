/* Numbers, dates and money as the reader's language writes them.
 *
 * Vietnamese: 1.234,5 and 22/11/2026 and 1.250.000 ₫. English: 1,234.5 and
 * 22 Nov 2026. Days are days of the installation's time zone.
 */
import { language } from './i18n.svelte';
import { zone } from './session.svelte';

const tag = () => (language() === 'vi' ? 'vi-VN' : 'en-GB');

const numbers = new Map<string, Intl.NumberFormat>();
function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = tag() + JSON.stringify(options);
  let found = numbers.get(key);
  if (!found) numbers.set(key, (found = new Intl.NumberFormat(tag(), options)));
  return found;
}

const dates = new Map<string, Intl.DateTimeFormat>();
function dateFormat(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  const key = tag() + timeZone + JSON.stringify(options);
  let found = dates.get(key);
  if (!found) dates.set(key, (found = new Intl.DateTimeFormat(tag(), { ...options, timeZone })));
  return found;
}

export const number = (value: number, digits = 0): string =>
  numberFormat({ minimumFractionDigits: digits, maximumFractionDigits: digits })
    .format(Number(value.toFixed(digits)) || 0)
    .replace(/^-/, '−');

/* At most so many digits after the mark, none that say nothing. */
export const upTo = (value: number, digits = 2): string => numberFormat({ maximumFractionDigits: digits }).format(value).replace(/^-/, '−');

/* For axes: "885 Tr" and "885M"; small numbers as they are. */
export const compact = (value: number): string => (Math.abs(value) < 100_000 ? upTo(value, 2) : numberFormat({ notation: 'compact', maximumFractionDigits: 1 }).format(value).replace(/^-/, '−'));

/* A share of 1 as "72 %"; the sign never begins a line. */
export const percent = (share: number, digits = 0): string => `${number(share * 100, digits)}\u00a0%`;

export const signed = (value: number, digits = 0): string => (Number(value.toFixed(digits)) > 0 ? '+' : '') + number(value, digits);

/* Minor units as the number of whole ones. */
export function major(minor: number, currency: string): number {
  const { maximumFractionDigits: digits = 0 } = numberFormat({ style: 'currency', currency }).resolvedOptions();
  return minor / 10 ** digits;
}

/* Minor units of an ISO currency: đồng has none. */
export function money(minor: number, currency: string): string {
  const { maximumFractionDigits: digits = 0 } = numberFormat({ style: 'currency', currency }).resolvedOptions();
  const sign = currency === 'VND' ? '₫' : currency;
  return `${number(minor / 10 ** digits, digits)}\u00a0${sign}`;
}

const dayOptions = (): Intl.DateTimeFormatOptions =>
  language() === 'vi' ? { day: '2-digit', month: '2-digit', year: 'numeric' } : { day: 'numeric', month: 'short', year: 'numeric' };

export const date = (ms: number): string => dateFormat(dayOptions(), zone()).format(ms);
export const time = (ms: number): string => dateFormat({ hour: '2-digit', minute: '2-digit', hour12: false }, zone()).format(ms);
export const dateTime = (ms: number): string => `${date(ms)} ${time(ms)}`;
export const weekday = (ms: number): string => dateFormat({ weekday: 'long' }, zone()).format(ms);

/* A calendar day as the API writes it, "2026-11-22". */
export const isoDay = (ms: number): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone(), year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);
const noon = (day: string): number => Date.parse(`${day.slice(0, 10)}T12:00:00Z`);
export const day = (iso: string): string => dateFormat(dayOptions(), 'UTC').format(noon(iso));
// A Vietnamese month is written 11/2026 and a day 22/11; browsers write "tháng 11, 2026" and "22-11".
export const shortDay = (iso: string): string =>
  language() === 'vi' ? `${iso.slice(8, 10)}/${iso.slice(5, 7)}` : dateFormat({ day: 'numeric', month: 'short' }, 'UTC').format(noon(iso));
export const month = (iso: string): string =>
  language() === 'vi' ? `${iso.slice(5, 7)}/${iso.slice(0, 4)}` : dateFormat({ month: 'short', year: 'numeric' }, 'UTC').format(noon(iso));
export const addDays = (iso: string, days: number): string => new Date(noon(iso) + days * 86_400_000).toISOString().slice(0, 10);
export const daysBetween = (from: string, to: string): number => Math.round((noon(to) - noon(from)) / 86_400_000);

/* So many bytes: "512 B", "8,4 MB", "1,2 TB". */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let step = 0;
  while (bytes >= 1000 && step < units.length - 1) {
    bytes /= 1000;
    step++;
  }
  return `${upTo(bytes, step > 0 && bytes < 100 ? 1 : 0)} ${units[step]}`;
}

/* A length of time in its largest sensible unit: "45 phút", "3,5 giờ", "2 ngày"; narrow where there is little room. */
export function duration(seconds: number, unitDisplay: 'long' | 'narrow' = 'long'): string {
  const [unit, size] = seconds < 60 ? (['second', 1] as const) : seconds < 5400 ? (['minute', 60] as const) : seconds < 172_800 ? (['hour', 3600] as const) : (['day', 86_400] as const);
  const value = seconds / size;
  const digits = value < 10 && unit !== 'second' && unit !== 'minute' ? 1 : 0;
  return numberFormat({ style: 'unit', unit, unitDisplay, maximumFractionDigits: digits }).format(value);
}

/* A time limit as a question writes it, "36h", in words; what is no such limit stays as it is. */
export function limitText(within: string): string {
  const found = /^(\d+)\s*([smhdw])$/.exec(within);
  const size = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }[found?.[2] ?? ''];
  return found && size ? duration(Number(found[1]) * size) : within;
}
