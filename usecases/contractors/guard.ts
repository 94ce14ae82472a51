import type { Guard } from '../../db/guard.ts';

/** A home's contractor is for its owner and members to change; a personal one was found through its owner. */
export const guardOf = (residence_id: number | null): Guard =>
  residence_id === null ? { residence_id } : { residence_id, roles: ['owner', 'member'] };
