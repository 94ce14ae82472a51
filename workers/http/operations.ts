import type { Hono } from 'hono';
import { DOC, type Doc } from './contract.ts';
import type { AppEnv } from './env.ts';

export type Operation = { method: string; path: string; doc: Doc; isPublic: boolean };

/** The routes that are documented, each with what its middleware says of it. Those above `signIn` are public. */
export function operations(app: Hono<AppEnv>, signIn: unknown): Operation[] {
  const found = new Map<string, Operation>();
  let isPublic = true;
  for (const { method, path, handler } of app.routes) {
    if (handler === signIn) isPublic = false;
    const doc = (handler as { [DOC]?: Doc })[DOC];
    if (!doc) continue;
    const known = found.get(`${method} ${path}`) ?? { method, path, doc: {}, isPublic };
    found.set(`${method} ${path}`, { ...known, doc: { ...known.doc, ...doc } });
  }
  return [...found.values()];
}
