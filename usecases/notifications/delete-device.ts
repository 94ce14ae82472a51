import { deleteDevice, findDevice } from '../../db/devices.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** From now on nobody is told on this phone. */
export async function removeDevice(ctx: Context, device_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findDevice(db, who, device_id),
    decide: ({ user_id, row_version }) => ({
      guard: { residence_id: null },
      expected: { table: 'notifications_device', id: device_id, row_version },
      changes: [deleteDevice(db, device_id)],
      event: { type: 'device.deleted', user_id, device_id },
      status: 204,
    }),
  });
}
