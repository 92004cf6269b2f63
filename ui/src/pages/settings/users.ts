import type { Role } from '$/lib/api';

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  active: boolean;
  places: string[];
  departments: string[];
  /* Invited, but has not set a password yet. */
  invited: boolean;
  created_ms: number;
}

export const roles: Role[] = ['owner', 'manager', 'analyst', 'agent', 'viewer'];
