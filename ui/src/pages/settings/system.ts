export type State = 'ok' | 'away' | 'readonly';

export interface Store {
  name: 'records' | 'events' | 'index';
  engine: 'sqlite' | 'postgresql' | 'clickhouse' | 'memory';
  state: State;
  version: string;
  place: string;
  bytes: number | null;
  events: number | null;
  shards: number | null;
  replicas: number | null;
  hosts: { name: string; version: string; state: State }[];
  files: { name: string; bytes: number }[];
}
export interface Process {
  id: string;
  name: string;
  version: string;
  folder: string;
  started_ms: number;
  seen_ms: number;
  self: boolean;
}
export interface System {
  shared: boolean;
  stores: Store[];
  processes: Process[];
}
