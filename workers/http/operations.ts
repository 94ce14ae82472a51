import type { Hono } from 'hono';
import { DOC, type Doc } from './contract.ts';
import type { AppEnv } from './env.ts';

/** Whom an operation is for: everybody, users who are signed in, or those who run honeyDue. */
export type Door = 'public' | 'members' | 'admins';

export type Operation = { method: string; path: string; doc: Doc; door: Door };

/** The routes that are documented, each with what its middleware says of it. Those above the lines are public. */
export function operations(app: Hono<AppEnv>, lines: Map<unknown, Door>): Operation[] {
  const found = new Map<string, Operation>();
  let door: Door = 'public';
  for (const { method, path, handler } of app.routes) {
    door = lines.get(handler) ?? door;
    const doc = (handler as { [DOC]?: Doc })[DOC];
    if (!doc) continue;
    const known = found.get(`${method} ${path}`) ?? { method, path, doc: {}, door };
    found.set(`${method} ${path}`, { ...known, doc: { ...known.doc, ...doc } });
  }
  return [...found.values()];
}
