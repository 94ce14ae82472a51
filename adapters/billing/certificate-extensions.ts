import { hex } from '../../domain/hmac.ts';

type Element = { tag: number; content: Uint8Array };

const EXTENSIONS_TAG = 0xa3;

/**
 * The ids of a certificate's extensions, as hex of their DER; `node:crypto` does not tell them. Walks what OpenSSL has
 * parsed before: Certificate { tbsCertificate { …, [3] { Extensions { Extension { extnID, … } … } } }, … }.
 */
export function extensionIds(certificate: Uint8Array): string[] {
  const [body] = inside(certificate);
  const [signed] = inside(body?.content);
  const tagged = inside(signed?.content).find(({ tag }) => tag === EXTENSIONS_TAG);
  const [extensions] = inside(tagged?.content);
  return inside(extensions?.content).map(({ content }) => hex(inside(content)[0]?.content ?? new Uint8Array()));
}

/** DER: a tag, a length in one byte or in as many as its low seven bits say, the content. */
function inside(bytes: Uint8Array = new Uint8Array()): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const [tag = 0, first = 0] = bytes.subarray(at, at + 2);
    const isLong = first > 0x7f;
    const start = at + 2 + (isLong ? first & 0x7f : 0);
    const length = isLong ? Number(`0x${hex(bytes.subarray(at + 2, start)) || '0'}`) : first;
    elements.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}
