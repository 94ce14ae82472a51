import { sql } from 'drizzle-orm';
import { deleteOldDevices, deviceIdOf, deviceWritten, findToken, registerDevice } from '../../db/devices.ts';
import type { NewDevice } from '../../domain/device.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** More phones than anybody uses. Each reminder goes to all of them. */
const MOST_DEVICES = 20;

/** The caller has this phone: from now on nobody else is told on it. */
export async function addDevice(ctx: Context, device: NewDevice) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findToken(db, device),
    decide: ({ is_known }) => ({
      guard: { residence_id: null },
      changes: [registerDevice(db, who, device), deleteOldDevices(db, MOST_DEVICES)],
      event: { type: 'device.registered', user_id: sql`hd_me()`, device_id: deviceIdOf(device) },
      status: is_known ? 200 : 201,
      answer: deviceWritten(who, device),
    }),
  });
}
