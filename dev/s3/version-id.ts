const SHAPE = /^4_z[0-9a-f]{24}_f([0-9a-f]{16})_d\d{8}_m\d{6}_c005_v0501000_t0000_u\d{14}$/;

/** A version id of the look and length of B2's. It carries the order, so that it can mark a place in a list for ever. */
export function makeVersionId(bucketId: string, order: number): string {
  const at = new Date(order / 1000).toISOString().replace(/\D/g, '');
  const file = order.toString(16).padStart(16, '0');
  return `4_z${bucketId}_f${file}_d${at.slice(0, 8)}_m${at.slice(8, 14)}_c005_v0501000_t0000_u${at.slice(0, 14)}`;
}

/** The order of a version, or null for something that never was a version id. */
export function orderOf(versionId: string): number | null {
  const order = SHAPE.exec(versionId)?.[1];
  return order === undefined ? null : Number.parseInt(order, 16);
}
