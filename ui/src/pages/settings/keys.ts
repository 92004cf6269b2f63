export type Kind = 'write' | 'api';
export type Trust = 'browser' | 'server';
export type Scope = 'read' | 'personal' | 'admin';

export const trusts: Trust[] = ['browser', 'server'];
export const scopes: Scope[] = ['read', 'personal', 'admin'];

export interface Key {
  id: string;
  name: string;
  kind: Kind;
  trust: Trust | null;
  scopes: Scope[];
  /* The first characters, to tell keys apart. */
  prefix: string;
  created_ms: number;
}
export interface Created {
  key: Key;
  secret: string;
}
