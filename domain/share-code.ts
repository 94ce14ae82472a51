import * as z from 'zod';
import { text } from './fields.ts';

/** Nothing in it looks like anything else in it: neither 0 nor O, none of 1, I and L. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 8;
const DEFAULT_DAYS = 7;
const MAX_DAYS = 365;
const PACKAGE_VERSION = 1;

export const newShareCode = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(LENGTH)), (random) => ALPHABET[random % ALPHABET.length]).join('');

/** Ownership is transferred, never shared. */
export const JoinerRole = z.enum(['member', 'viewer']);
export type JoinerRole = z.infer<typeof JoinerRole>;

export const ShareCode = z
  .object({
    id: z.int(),
    code: z.string(),
    role: JoinerRole.describe('Of whoever joins by it'),
    one_time: z.boolean().describe('Good for one person; else for as many as come'),
    expires_at: z.iso.datetime(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'ShareCode' });

/** May be left out altogether. */
export const NewShareCode = z
  .object({
    role: JoinerRole.default('member'),
    expires_in_days: z.int().min(1).max(MAX_DAYS).default(DEFAULT_DAYS),
  })
  .prefault({})
  .meta({ id: 'NewShareCode' });
export type NewShareCode = z.infer<typeof NewShareCode>;

/** What a `.honeydue` file holds. */
export const SharePackage = z
  .object({
    version: z.literal(PACKAGE_VERSION).describe('Of this format'),
    code: z.string().describe('Good once'),
    residence: z.object({ id: z.int(), name: z.string() }),
    role: JoinerRole,
    expires_at: z.iso.datetime(),
    shared_by: z.string(),
    join_url: z.url().describe('Where the code is to be posted'),
  })
  .meta({ id: 'SharePackage' });

/** A code as people type it: in any case, with the dashes and spaces that they were shown or that a phone added. */
export const Joining = z
  .object({
    code: text(64, 1).transform((code) => code.replace(/[\s\p{Pd}]/gu, '').toUpperCase()),
  })
  .meta({ id: 'Joining' });
