import { createHash, timingSafeEqual } from 'node:crypto';

export type Access = 'full' | 'read';
export type Tokens = Record<Access, readonly string[]>;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Says what a token opens. Compares with every token there is, and takes the same time for each. */
export function newAccess(tokens: Tokens): (token: string) => Access | undefined {
  const known = (['read', 'full'] as const).flatMap((access) =>
    tokens[access].map((token) => ({ access, digest: digest(token) })),
  );
  return (token) => {
    const sent = digest(token);
    return known.reduce<Access | undefined>(
      (found, { access, digest }) => (timingSafeEqual(sent, digest) ? access : found),
      undefined,
    );
  };
}

/** From `Authorization: Bearer …`, or from `?_token=` for whoever can set no header. */
export function tokenOf(authorization: string | undefined, query: string): string {
  const [, bearer] = authorization?.match(/^bearer +(\S+) *$/i) ?? [];
  return bearer ?? new URLSearchParams(query).get('_token') ?? '';
}
