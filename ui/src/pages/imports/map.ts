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

/** One target of the map: a column or a constant, with the options of that target. */
export interface Field {
  column?: string;
  value?: string | number;
  format?: string;
  zone?: string;
  times?: string;
  currency?: string;
  metric?: string;
  question?: string;
  scale?: string;
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

/** The targets in the order in which people think of them, in groups with a heading each. */
export const GROUPS: { key: 'who' | 'what' | 'where' | 'worth'; targets: Target[] }[] = [
  { key: 'who', targets: ['person', 'user', 'anonymous', 'email', 'phone'] },
  { key: 'what', targets: ['at', 'kind', 'id'] },
  { key: 'where', targets: ['channel', 'place', 'touchpoint'] },
  { key: 'worth', targets: ['amount', 'score', 'text'] },
];

export const TIME_FORMATS = ['iso', '%Y-%m-%d %H:%M:%S', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M', '%d/%m/%Y', '%m/%d/%Y %H:%M', '%Y-%m-%d'];

/** The scale an answer has when the map names none. */
export const SCALES: Record<string, string> = { nps: '0-10', csat: '1-5', ces: '1-7' };

export function fieldOf(map: ImportMap, target: Target): Field | null {
  const raw = map[target];
  if (raw === undefined || raw === null) return null;
  if (typeof raw === 'string') return { column: raw };
  return raw as Field;
}

/** The map with `target` set to `field`, or without it; a bare column is written as its name. */
export function withField(map: ImportMap, target: Target, field: Field | null): ImportMap {
  const next: ImportMap = { ...map };
  const options = Object.entries(field ?? {}).filter(([, value]) => value !== undefined && value !== '');
  if (options.length === 0) {
    delete next[target];
  } else if (options.length === 1 && options[0]?.[0] === 'column') {
    next[target] = options[0][1];
  } else {
    next[target] = Object.fromEntries(options);
  }
  return next;
}

/** The map with one of its top-level options set, or left out when it is empty. */
export function withOption(map: ImportMap, option: string, value: unknown): ImportMap {
  const next: ImportMap = { ...map };
  const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (empty) delete next[option];
  else next[option] = value;
  return next;
}

/** What of the map is still the guess the server made. */
export function isGuess(map: ImportMap, guess: ImportMap, target: string): boolean {
  return guess[target] !== undefined && JSON.stringify(map[target]) === JSON.stringify(guess[target]);
}

/** The targets that use a column, so that the preview can say it in the column's head. */
export function usersOf(map: ImportMap, column: string): string[] {
  const users: string[] = TARGETS.filter((target) => {
    const field = fieldOf(map, target);
    return field?.column === column || field?.times === column;
  });
  if (map.props === '*' || (Array.isArray(map.props) && map.props.includes(column))) users.push('props');
  return users;
}

/** The map as the file that `cham import --map` reads. */
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
export const aboutReading = (map: ImportMap): ImportMap =>
  Object.fromEntries(Object.entries(map).filter(([name]) => readingOptions.includes(name)));

/* A map without any target: the server is asked to guess. */
export const isFresh = (map: ImportMap): boolean => map.props === undefined && !TARGETS.some((target) => target in map);
