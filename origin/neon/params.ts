/** A JSON parameter as the text that PostgreSQL reads, or null. The driver sends texts and nulls only. */
export function paramText(value: unknown): string | null {
  if (typeof value === 'string' || value === null) return value;
  return Array.isArray(value) ? arrayText(value) : JSON.stringify(value);
}

function arrayText(items: unknown[]): string {
  const texts = items.map((item) => {
    if (item === null) return 'NULL';
    if (Array.isArray(item)) return arrayText(item);
    if (typeof item === 'string') return quoted(item);
    return typeof item === 'object' ? quoted(JSON.stringify(item)) : JSON.stringify(item);
  });
  return `{${texts.join(',')}}`;
}

const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
