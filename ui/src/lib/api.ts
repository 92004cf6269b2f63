/* The shapes of the API that the pages use. Times are milliseconds UTC; ids are short strings. */

export type Right =
  | 'collect' | 'signed_in' | 'ask' | 'explore.write' | 'journeys.read' | 'journeys.write' | 'people.read' | 'people.erase' | 'imports.read'
  | 'imports.write' | 'debugger.read' | 'users.manage' | 'keys.manage' | 'settings.write' | 'audit.read' | 'voices.read' | 'voices.write'
  | 'surveys.read' | 'surveys.write' | 'rules.read' | 'rules.write' | 'consents.read' | 'consents.write' | 'public';
export type Role = 'owner' | 'manager' | 'analyst' | 'agent' | 'viewer';

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface SessionUser {
  id: string;
  email: string;
  name: string;
  role: Role;
  language: 'vi' | 'en' | null;
  places: string[];
  departments: string[];
}
export interface Installation {
  organisation: string;
  zone: string;
  language: 'vi' | 'en';
  minimum_n: number;
  demo: boolean;
  needs_owner: boolean;
  readonly: boolean;
  version: string;
}
export interface Session {
  user: SessionUser | null;
  rights: Right[];
  installation: Installation;
}

export type Metric = 'nps' | 'csat' | 'ces';
export type Scalar = string | number | boolean | null;
export type Condition =
  | { field: string; is?: Scalar[]; is_not?: Scalar[]; gt?: Scalar; gte?: Scalar; lt?: Scalar; lte?: Scalar; contains?: string; exists?: boolean }
  | { any: Condition[] }
  | { not: Condition };

export interface Emotion {
  word: string;
  metric: Metric | null;
  at_least: number | null;
}
export interface NextAct {
  name: string;
  when: Condition[];
  within: string;
}
export interface Touchpoint {
  id: string;
  name: string;
  stage: string;
  lane: string | null;
  function: string;
  task: string;
  required_emotion: Emotion | null;
  sufficient_emotion: Emotion | null;
  next_act: NextAct | null;
  department: string | null;
  channel: string | null;
  dimension: 'PX' | 'BX' | 'DX' | 'UX' | null;
  metric: Metric | null;
  moment_that_matters: boolean;
  where: Condition[];
}
export interface Stage {
  id: string;
  name: string;
  description: string;
}
export interface Lane {
  id: string;
  name: string;
  department: string | null;
}
export interface JourneySummary {
  id: string;
  name: string;
  description: string;
  version: number | null;
  published_ms: number | null;
  draft: boolean;
}
export interface Journey extends JourneySummary {
  etag: string;
  stages: Stage[];
  lanes: Lane[];
  touchpoints: Touchpoint[];
}
export interface Unmapped {
  kind: string;
  channel: string | null;
  metric: Metric | null;
  events: number;
  people: number;
  suggested: Touchpoint;
}

export interface Figure {
  n: number;
  score: number | null;
  low: number | null;
  high: number | null;
  mean?: number | null;
  few?: boolean;
}
export type ScoreRow = Figure & { period?: string; counts?: Record<string, number> } & { [by: string]: unknown };
export type CountRow = { period?: string; events: number; people: number; amount?: number } & { [by: string]: unknown };
export type EmotionState = 'unknown' | 'missed' | 'required' | 'sufficient';
export interface AdherenceRow extends Figure {
  touchpoint: string | null;
  stage: string | null;
  name: string;
  events: number;
  people: number;
  reached: number;
  open: number;
  next_act_rate: number | null;
  next_low: number | null;
  next_high: number | null;
  late: number;
  skipped: number;
  repeated: number;
  median_next_s: number | null;
  metric: Metric | null;
  emotion?: { required: Emotion | null; sufficient: Emotion | null; measured: number | null; state: EmotionState } | null;
}
/* An edge (`from`, `to`; one of them null where a path begins or ends) or a whole path. */
export type PathRow = {
  from?: string | null;
  to?: string | null;
  begin?: boolean;
  end?: boolean;
  path?: string[];
  cut?: boolean;
  step?: number;
  events?: number;
  people: number;
  median_s: number | null;
  p90_s: number | null;
} & { [by: string]: unknown };
/* The members of a row that tell it apart from the other rows of its answer. */
export type BehindRow = Record<string, unknown>;
export interface BehindPage {
  items: { id: string; name: string; at_ms: number | null }[];
  next?: string | null;
  /* How many there are in all. */
  people: number;
}
export interface Answer<R> {
  rows: R[];
  asked: Record<string, unknown>;
  as_of: number | string;
  took_ms: number;
}
export interface Finding {
  touchpoint: string | null;
  name: string;
  stage: string | null;
  field: string | null;
  value: string | null;
  metric: Metric | null;
  kind: 'score' | 'next_act' | 'event_rate';
  /* event_rate: the kind of event that happens too often. */
  event?: string | null;
  now: Figure;
  before: Figure | null;
  rest: Figure | null;
  delta: number;
  people: number;
  good: boolean;
  where: Condition[];
}

export interface Row {
  id: string;
  at_ms: number;
  received_ms: number;
  person?: { id: string; name: string } | null;
  alias?: string;
  source: string;
  kind: string;
  channel: string | null;
  place: string | null;
  touchpoint: string | null;
  stage: string | null;
  metric: string | null;
  question: string | null;
  version: number | null;
  score: number | null;
  scale: string | null;
  amount: number | null;
  currency: string | null;
  text?: string | null;
  props: Record<string, unknown> | null;
}
export interface Counted {
  value: string;
  events: number;
}
export interface Catalogue {
  kinds: Counted[];
  channels: Counted[];
  places: Counted[];
  sources: Counted[];
  touchpoints: Counted[];
  metrics: Counted[];
  props: { value: string; distinct: number; events: number; sample: string[] }[];
}

export interface Alias {
  kind: string;
  value: string;
  verified?: boolean;
  since_ms?: number;
}
export interface PersonSummary {
  id: string;
  name: string;
  aliases: Alias[];
  events: number;
  last_ms: number | null;
  scores: (Figure & { metric: string })[];
}
export interface Person {
  id: string;
  name: string;
  traits: Record<string, unknown>;
  aliases: Alias[];
  first_ms: number | null;
  last_ms: number | null;
  events: number;
  orders: number;
  amounts: { currency: string; amount: number }[];
  scores: (Figure & { metric: string })[];
}
export interface Certificate {
  id: string;
  asked_ms: number | null;
  done_ms: number | null;
  events: number;
  aliases: number;
  digest: string;
}
export interface Import {
  id: string;
  name: string;
  state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed' | 'undone' | 'refused';
  lines: number;
  stored: number;
  duplicates: number;
  refused: number;
  progress: number;
  started_ms: number | null;
  ended_ms: number | null;
  reasons: { reason: string; count: number }[];
  /* More than `stored` where a line holds several answers. */
  events?: number;
  /* Why it failed. */
  failure?: string | null;
  /* The upload while it is kept, and the map it was read with. */
  file?: string | null;
  map?: unknown;
}
export interface GlossaryItem {
  term: string;
  title: string;
  text: string;
  formula: string;
}
