// node dev/record-release.ts <release>: notes in the database that it serves from now on; the last step but one of a deployment.
import { withClient } from './database.ts';

const [release] = process.argv.slice(2);
const { MIGRATE_DATABASE_URL } = process.env;
if (!release || !MIGRATE_DATABASE_URL) {
  console.error('Usage: MIGRATE_DATABASE_URL=… node dev/record-release.ts <release>');
  process.exit(1);
}
await withClient(MIGRATE_DATABASE_URL, (client) =>
  client.query('insert into deployment (release) values ($1)', [release]),
);
