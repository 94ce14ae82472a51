import type { S3Error } from './error.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An element with text. */
export function tag(name: string, value: string | number | boolean): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** An element with elements, which are XML already. */
export function block(name: string, ...parts: string[]): string {
  return `<${name}>${parts.join('')}</${name}>`;
}

/** A whole document of S3's namespace. */
export function xmlDocument(name: string, ...parts: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${NAMESPACE}">${parts.join('')}</${name}>`;
}

/** The body of a refusal. */
export function errorDocument({ code, message }: S3Error, resource: string, requestId: string): string {
  const parts = [tag('Code', code), tag('Message', message), tag('Resource', resource), tag('RequestId', requestId)];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${block('Error', ...parts)}`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

function escapeXml(text: string): string {
  return (
    text
      // XML 1.0 has no way to write these; a path in an error may hold them.
      .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
      .replace(/[&<>"\r]/g, (c) => ENTITIES[c] ?? c)
  );
}
