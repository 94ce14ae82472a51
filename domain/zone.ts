const OFFSET = /^(?:UTC|GMT)?([+-])(\d{2}):?([0-5]\d)$/i;
const MAX_NAME_LENGTH = 64;
/** What these link to. PostgreSQL would take them for abbreviations, which know no summer time. */
const LINKS: Record<string, string> = {
  CET: 'Europe/Brussels',
  MET: 'Europe/Brussels',
  EET: 'Europe/Athens',
  WET: 'Europe/Lisbon',
};
/** Names that ICU alone knows, like PST and IST: PostgreSQL means other zones by some of them. */
const ICU_ALONE = /^(?!(?:EST|GMT|HST|MST|PRC|ROC|ROK|UCT|UTC)$)[a-z]{3}$|^SystemV\//i;
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
  const link = LINKS[name.toUpperCase()];
  if (link) return link;
  if (name.length > MAX_NAME_LENGTH || !/^[a-z]/i.test(name) || ICU_ALONE.test(name)) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return null; // Intl has no other way of saying that a zone is unknown
  }
}
