import type { Person, World } from './home.ts';

type Change = {
  cursor: string;
  type: string;
  action: 'created' | 'updated' | 'deleted';
  id: number;
  residence_id: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the entity's GET answers
  data: any;
};

/** A client that keeps a copy of somebody's homes by following what changes. */
export function follow(world: World, by: Person) {
  const seen: Change[] = [];
  const copy = new Map<string, Change>();
  let cursor = '';

  /** Reads a page and keeps `keep` of it, as a client that is cut off would; answers whether there is more. */
  async function read({ limit, keep = limit }: { limit: number; keep?: number }): Promise<boolean> {
    const { status, body, text } = await world.send('GET', `/api/changes/?limit=${limit}&since=${cursor}`, by);
    if (status !== 200) throw new Error(text);
    const kept: Change[] = body.results.slice(0, keep);
    for (const change of kept) apply(change);
    cursor = kept.length < body.results.length ? (kept.at(-1)?.cursor ?? cursor) : body.next_cursor;
    return body.has_more || kept.length < body.results.length;
  }

  function apply(change: Change): void {
    const { type, action, residence_id, id, data } = change;
    seen.push(change);
    if (type === 'residence' && action === 'deleted') {
      for (const [key, kept] of copy) if (kept.residence_id === residence_id) copy.delete(key);
    }
    const key = `${residence_id} ${type} ${id}`;
    if (action === 'deleted') copy.delete(key);
    else if (data !== null) copy.set(key, change);
  }

  async function catchUp({ limit }: { limit: number }): Promise<void> {
    while (await read({ limit }));
  }
  return { seen, copy, read, catchUp };
}
