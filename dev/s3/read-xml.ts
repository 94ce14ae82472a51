import { S3Error } from './error.ts';

const DEPTH_MAX = 6;
const ELEMENTS_MAX = 50_000;
const TOKEN = /<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+xmlns="[^"<&]*")?)\s*(\/?)>|([^<]+)/y;
const ENTITIES = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }));

/** An element with either text or children. */
export type XmlNode = { name: string; children: XmlNode[]; text: string };

/**
 * Reads the little XML that S3 clients send, and refuses everything else: document types, comments, processing
 * instructions, CDATA, attributes, prefixes, unknown entities, mixed content.
 */
export function readXml(source: string, rootName: string): XmlNode {
  const text = source.replace(/^\uFEFF?\s*(<\?xml\s[^?<>]*\?>)?\s*/, '').trimEnd();
  const top: XmlNode = { name: '', children: [], text: '' };
  const open = [top];
  let elements = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [whole, isEnd, name = '', attribute, isEmpty, words] = TOKEN.exec(text) ?? [];
    const inside = open.at(-1) ?? top;
    if (whole === undefined || open.length === 0) throw malformed();
    if (words !== undefined) {
      inside.text += decode(words);
    } else if (isEnd) {
      if (open.length < 2 || inside.name !== name || attribute || isEmpty) throw malformed();
      if (inside.children.length > 0 && inside.text.trim() !== '') throw malformed();
      open.pop();
    } else {
      const node: XmlNode = { name, children: [], text: '' };
      inside.children.push(node);
      if (!isEmpty) open.push(node);
      elements += 1;
      if (open.length > DEPTH_MAX || elements > ELEMENTS_MAX) throw malformed();
    }
  }
  const [root, ...more] = top.children;
  if (open.length !== 1 || top.text !== '' || root?.name !== rootName || more.length > 0) throw malformed();
  return root;
}

/** The children with that name. */
export function all(node: XmlNode, name: string): XmlNode[] {
  return node.children.filter((child) => child.name === name);
}

/** The one child with that name, if there is one. */
export function one(node: XmlNode, name: string): XmlNode | undefined {
  const [child, ...more] = all(node, name);
  if (more.length > 0) throw malformed();
  return child;
}

/** The text of the one child with that name, if there is one. */
export function textOf(node: XmlNode, name: string): string | undefined {
  const child = one(node, name);
  if (child && child.children.length > 0) throw malformed();
  return child?.text;
}

/** Refuses children that have another name than these. */
export function expectOnly(node: XmlNode, ...names: string[]): void {
  if (node.children.some((child) => !names.includes(child.name))) throw malformed();
  if (node.children.length === 0 && node.text.trim() !== '') throw malformed();
}

const malformed = () => new S3Error('MalformedXML');

function decode(text: string): string {
  return text.replace(/&([^;]{0,10}(?:;|$))?/g, (_, reference: string = '') => {
    const name = reference.slice(0, -1);
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name) ?? [];
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
    const character = ENTITIES.get(name) ?? (point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined);
    if (character === undefined || !reference.endsWith(';') || !character.isWellFormed()) throw malformed();
    return character;
  });
}
