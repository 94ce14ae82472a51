import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { parseEnvironment } from '../../origin/settings.ts';
import { newShift } from '../../origin/shift.ts';
import { wire } from '../../origin/wire.ts';
import { app } from '../../workers/app.ts';

// The origin as origin/server.ts serves it, but that a client may say where it comes from: the limits count by address.
const settings = parseEnvironment(process.env);
const { neon, portsFor } = wire(settings, process.env, newShift([]));
await neon.warm(settings.DATABASE_URL, settings.POOL_WARM);
const fetch = (request: Request) => app.fetch(request, portsFor(request.headers.get('cf-connecting-ip') ?? 'unknown'));
const server = serve({ fetch, port: 0, hostname: '127.0.0.1' });
await once(server, 'listening');
process.on('disconnect', () => process.exit());
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
