/* The import map: which column, constant or option becomes which part of an event.
 *
 * The map is the same JSON that `cham import --map` reads, so the page keeps it as
 * that JSON and only looks at it through the functions below: what this page does
 * not know is carried along untouched.
 */

export const TARGETS = [
  'person',
  'user',
  'anonymous',
  'email',
  'phone',
  'at',
  'kind',
  'channel',
  'place',
  'touchpoint',
  'id',
  'amount',
  'score',
  'text',
] as const;

export type Target = (typeof TARGETS)[number];

/* An option of a target: a text is a constant, an object names a column. */
export type Option = string | { column: string };

/* One target of the map: a column or a constant, with the options of that target. */
export interface Field {
  column?: string;
  columns?: string[];
  value?: string | number;
  format?: string;
  zone?: string;
  times?: string | { column: string };
  currency?: Option;
  metric?: Option;
  question?: Option;
  scale?: Option;
  text?: string | { column: string };
  reversed?: boolean;
}

export interface ImportMap {
  props?: '*' | string[];
  missing?: string[];
  separator?: string;
  decimal?: string;
  thousands?: string;
  encoding?: string;
  sheet?: string;
  source?: string;
  [target: string]: unknown;
}

/* The targets in the order in which people think of them, in groups with a heading each. */
export const GROUPS: { key: 'who' | 'what' | 'where' | 'worth'; targets: Target[] }[] = [
  { key: 'who', targets: ['person', 'user', 'anonymous', 'email', 'phone'] },
  { key: 'what', targets: ['at', 'kind', 'id'] },
  { key: 'where', targets: ['channel', 'place', 'touchpoint'] },
  { key: 'worth', targets: ['amount', 'score', 'text'] },
];

export const TIME_FORMATS = ['iso', '%Y-%m-%d %H:%M:%S', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M', '%d/%m/%Y', '%m/%d/%Y %H:%M', '%Y-%m-%d'];

const LETTERS: Record<string, string> = {
  Y: '\\d{4}',
  m: '(?:0?[1-9]|1[0-2])',
  d: '(?:0?[1-9]|[12]\\d|3[01])',
  H: '(?:[01]?\\d|2[0-3])',
  M: '[0-5]\\d',
  S: '[0-5]\\d',
};

/* The way in which most of these times are written, the first of TIME_FORMATS where two fit alike; none when none fits. */
export function formatOf(values: string[]): string | undefined {
  const given = values.map((value) => value.trim()).filter(Boolean);
  const fitting = (format: string) => {
    const pattern = format === 'iso' ? '\\d{4}-\\d{2}-\\d{2}(?:[T ].*)?' : format.replace(/%(.)/g, (whole, letter: string) => LETTERS[letter] ?? whole);
    return given.filter((value) => new RegExp(`^${pattern}$`).test(value)).length;
  };
  const best = TIME_FORMATS.map((format) => ({ format, fits: fitting(format) })).reduce((a, b) => (b.fits > a.fits ? b : a));
  return best.fits ? best.format : undefined;
}

/* A time written in a format, as an example: 22 November 2026, half past eight. */
export function sampleOf(format: string): string {
  const parts: Record<string, string> = {
    Y: '2026',
    y: '26',
    m: '11',
    d: '22',
    e: '22',
    H: '08',
    I: '08',
    M: '30',
    S: '00',
    p: 'AM',
    b: 'Nov',
    B: 'November',
    f: '000',
    z: '+0700',
    '%': '%',
  };
  return format.replace(/%(.)/g, (whole, letter: string) => parts[letter] ?? whole);
}

/* The scale an answer has when the map names none. */
export const SCALES: Record<string, string> = { nps: '0-10', csat: '1-5', ces: '1-7' };

const asField = (raw: unknown): Field => (typeof raw === 'string' ? { column: raw } : (raw as Field));

export function fieldOf(map: ImportMap, target: Target): Field | null {
  const raw = map[target];
  return raw === undefined || raw === null || Array.isArray(raw) ? null : asField(raw);
}

/* A line may hold several answers: then `score` is a list. */
export function answersOf(map: ImportMap): Field[] {
  const raw = map.score;
  if (raw === undefined || raw === null) return [];
  return Array.isArray(raw) ? raw.map(asField) : [asField(raw)];
}

/* A field as the map writes it: without what is empty, a bare column as its name. */
function written(field: Field): unknown {
  const parts = Object.entries(field).filter(([name, value]) => value !== undefined && (value !== '' || name === 'value'));
  return parts.length === 1 && parts[0]?.[0] === 'column' ? parts[0][1] : Object.fromEntries(parts);
}

/* The map with `target` set to `field`, or without it. */
export function withField(map: ImportMap, target: Target, field: Field | null): ImportMap {
  const next: ImportMap = { ...map };
  if (field === null) delete next[target];
  else next[target] = written(field);
  return next;
}

export function withAnswers(map: ImportMap, answers: Field[]): ImportMap {
  const next: ImportMap = { ...map };
  if (answers.length === 0) delete next.score;
  else next.score = answers.length === 1 ? written(answers[0]!) : answers.map(written);
  return next;
}

/* The map with one of its top-level options set, or left out when it is empty. */
export function withOption(map: ImportMap, option: string, value: unknown): ImportMap {
  const next: ImportMap = { ...map };
  const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (empty) delete next[option];
  else next[option] = value;
  return next;
}

/* What of the map is still the guess the server made. */
export function isGuess(map: ImportMap, guess: ImportMap, target: string): boolean {
  return guess[target] !== undefined && JSON.stringify(map[target]) === JSON.stringify(guess[target]);
}

/* Every column that a field names. */
export function columnsOf(field: Field): string[] {
  const named = [field.times, field.text].map((each) => (typeof each === 'string' ? each : each?.column));
  const options = [field.currency, field.metric, field.question, field.scale].map((each) => (typeof each === 'object' ? each.column : undefined));
  return [field.column, ...(field.columns ?? []), ...named, ...options].filter((each) => each !== undefined);
}

/* The targets that use a column, so that the preview can say it in the column's head. */
export function usersOf(map: ImportMap, column: string): string[] {
  const fields = (target: Target) => (target === 'score' ? answersOf(map) : [fieldOf(map, target)]);
  const users: string[] = TARGETS.filter((target) => fields(target).some((field) => field && columnsOf(field).includes(column)));
  if (users.length === 0 && (map.props === '*' || (Array.isArray(map.props) && map.props.includes(column)))) users.push('props');
  return users;
}

/* The map as the file that `cham import --map` reads. */
export function mapText(map: ImportMap): string {
  return JSON.stringify(map, null, 2) + '\n';
}

/* A map out of a file; throws with a reason when it is something else. */
export function knownMap(value: unknown): ImportMap {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('{ }');
  if (!TARGETS.some((target) => target in value)) throw new Error(TARGETS.join(', '));
  return value as ImportMap;
}

const readingOptions = ['encoding', 'separator', 'sheet', 'missing', 'source'];

/* Only what the map says about reading the file. */
export const aboutReading = (map: ImportMap): ImportMap => Object.fromEntries(Object.entries(map).filter(([name]) => readingOptions.includes(name)));

/* A map without any target: the server is asked to guess. */
export const isFresh = (map: ImportMap): boolean => map.props === undefined && !TARGETS.some((target) => target in map);
