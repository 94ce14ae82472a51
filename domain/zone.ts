const OFFSET = /^(?:UTC|GMT)?([+-])(\d{2}):?([0-5]\d)$/i;
const MAX_NAME_LENGTH = 64;
const REMEMBERED = 1000;
const remembered = new Map<string, string | null>();

/**
 * The zone that a client named, as PostgreSQL and Temporal both take it, or null if there is no such zone. Accepts IANA
 * names and their aliases, and `±hh:mm`, `GMT±hh:mm`, `UTC±hh:mm` as phones send them (tasks.md).
 */
export function parseZone(name: string): string | null {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const zone = offset(name) ?? iana(name);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(name, zone);
  return zone;
}

function offset(name: string): string | null {
  const [, sign, hours = '', minutes] = OFFSET.exec(name) ?? [];
  return sign && Number(hours) <= 15 ? `${sign}${hours}:${minutes}` : null;
}

function iana(name: string): string | null {
  if (name.length > MAX_NAME_LENGTH || !/^[a-z]/i.test(name)) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return null; // Intl has no other way of saying that a zone is unknown
  }
}
