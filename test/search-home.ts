import type { World } from './home.ts';

type Document = { title: string; file?: Record<string, string> } & Record<string, unknown>;

const insert = async (world: World, table: string, row: Record<string, unknown>): Promise<number> => {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  const [{ id }] = await world.rows(
    `insert into ${table} (${columns}) values (${places}) returning id::int`,
    Object.values(row),
  );
  return id;
};

/** Papers of a home, with what was read from their files, past the API. */
export async function addDocument(world: World, residence_id: number, documents: Document[]): Promise<number[]> {
  const ids: number[] = [];
  for (const { file, ...row } of documents) {
    const document_id = await insert(world, 'task_document', { residence_id, document_type: 'manual', ...row });
    const about = {
      document_id,
      residence_id,
      object_key: crypto.randomUUID(),
      content_type: 'application/pdf',
      size: 1,
    };
    if (file) await insert(world, 'task_documentimage', { ...about, ...file });
    ids.push(document_id);
  }
  return ids;
}
