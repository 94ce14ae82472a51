/** A connection string as PostgreSQL's own tools read it: from the environment, where no list of processes shows it. */
export function libpqEnvironment(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const sslmode = searchParams.get('sslmode');
  const binding = searchParams.get('channel_binding');
  return {
    PGHOST: decodeURIComponent(hostname),
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGCONNECT_TIMEOUT: '15',
    ...(sslmode && { PGSSLMODE: sslmode }),
    ...(binding && { PGCHANNELBINDING: binding }),
  };
}
