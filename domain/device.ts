import * as z from 'zod';
import { line } from './fields.ts';
import { PushEnvironment, PushPlatform } from './push.ts';

const MAX_TOKEN_LENGTH = 1024;

/** A phone that may be told. */
export const Device = z
  .object({
    id: z.int(),
    platform: PushPlatform,
    token: z.string(),
    environment: PushEnvironment,
    app_version: z.string().nullable(),
    locale: z.string().nullable(),
    name: z.string().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Device' });

export const NewDevice = z
  .object({
    platform: PushPlatform,
    token: z
      .string()
      .max(MAX_TOKEN_LENGTH)
      .regex(/^[\x21-\x7e]+$/, 'Must be a token as the platform gave it.')
      .describe('What Apple or Google know this phone by; one that somebody else registered becomes yours'),
    environment: PushEnvironment.default('production'),
    app_version: line(50).nullable().default(null),
    locale: line(35).nullable().default(null),
    name: line(100).nullable().default(null),
  })
  .meta({ id: 'NewDevice' });
export type NewDevice = z.infer<typeof NewDevice>;
