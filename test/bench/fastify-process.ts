import { createHash } from 'node:crypto';
import Fastify from 'fastify';
import { Pool } from 'pg';
import { readBoard } from '../../db/board.ts';
import { connect } from '../../db/client.ts';
import { findSession } from '../../db/sessions.ts';
import { COLUMNS } from '../../domain/board.ts';

// The board as somebody would write it by hand who needs nothing else: Fastify, pg, the same two queries, and nothing around.
const { DATABASE_URL = '', POOL_MAX = '10' } = process.env;
const ASKER = { digest: 'the digest', zone: null, now: 'the moment' };
const columns = COLUMNS.map(({ name }) => name).filter((name) => name !== 'cancelled_tasks');
const db = connect(DATABASE_URL);
const session = textOf(findSession(db, ASKER, null));
const board = textOf(readBoard(db, ASKER, { days: 30, columns, residence_id: null }, []));
const pool = new Pool({ connectionString: DATABASE_URL, max: Number(POOL_MAX) });
pool.on('error', (error) => console.error(error));

const server = Fastify();
server.get('/api/tasks/', async (request, reply) => {
  const token = request.headers.authorization?.replace(/^Token /, '') ?? '';
  const digest = createHash('sha256').update(token).digest('hex');
  const { rows: found } = await pool.query(session.sql, valuesFor(session.params, digest));
  if (found.length === 0) return reply.code(401).send({ error: 'Sign in first.' });
  const { rows } = await pool.query(board.sql, valuesFor(board.params, digest));
  return reply.header('etag', rows[0].etag).type('application/json').send(rows[0].body);
});
const url = await server.listen({ port: 0, host: '127.0.0.1' });
process.on('disconnect', () => process.exit());
process.send?.(url);

function textOf(query: { getQuery(): { sql: string; params: unknown[] } }) {
  return query.getQuery();
}

/** The query is compiled once, as whoever writes SQL by hand has it; only who asks and when are put in. */
function valuesFor(params: unknown[], digest: string): unknown[] {
  const now = new Date().toISOString();
  return params.map((param) => (param === ASKER.digest ? digest : param === ASKER.now ? now : param));
}
