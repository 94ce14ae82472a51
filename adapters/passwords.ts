import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { Passwords } from '../usecases/ports.ts';

/** 2^14 · 8 · 5 takes 16 MiB and about 170 ms (security.md); workerd refuses N·r·p above 2^20. */
const TODAY: Cost = { ln: 14, r: 8, p: 5 };
const MAX_WORK = 2 ** 20;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/;

type Cost = { ln: number; r: number; p: number };

/** scrypt in PHC strings, which carry their own parameters: `$scrypt$ln=14,r=8,p=5$salt$key`. */
export function scryptPasswords(cost: Cost = TODAY): Passwords {
  const nobodys = encode(cost, Buffer.alloc(SALT_BYTES), Buffer.alloc(KEY_BYTES));
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return encode(cost, salt, await derive(password, salt, cost));
    },
    async verify(password, hash) {
      const kept = decode(hash ?? nobodys);
      const isSame = timingSafeEqual(await derive(password, kept.salt, kept.cost), kept.key);
      const needs_rehash = kept.cost.ln !== cost.ln || kept.cost.r !== cost.r || kept.cost.p !== cost.p;
      return { ok: isSame && hash !== null, needs_rehash };
    },
  };
}

const derive = (password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> => {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
};

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

const encode = ({ ln, r, p }: Cost, salt: Buffer, key: Buffer): string =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`;

function decode(hash: string): { cost: Cost; salt: Buffer; key: Buffer } {
  const [, ln, r, p, salt = '', key = ''] = PHC.exec(hash) ?? [];
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const work = 2 ** cost.ln * cost.r * cost.p;
  if (!(work > 0 && work <= MAX_WORK))
    throw new Error('A stored password hash is of no kind that this release verifies.');
  return { cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
}
