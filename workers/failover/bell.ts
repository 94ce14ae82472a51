import type { Doorbell, Queue } from '../../domain/event.ts';
import { askOrigin } from './ask-origin.ts';
import { RING_PATH } from './ring-path.ts';
import type { Origin } from './settings.ts';

const DEADLINE_MS = 3000;

/** Rings at the origin for what is worked off there alone. Whom it does not hear, its next poll finds; so what is to wait. */
export const originBell = (origin: Origin, queue: Queue) => ({
  async sendBatch(messages: { body: Doorbell; delaySeconds: number }[]): Promise<void> {
    const due = messages.filter(({ delaySeconds }) => delaySeconds === 0);
    if (due.length === 0) return;
    const body = new TextEncoder().encode(JSON.stringify(due.map(({ body }) => ({ ...body, queue }))));
    const headers = { 'content-type': 'application/json' };
    const request = new Request(origin.url + RING_PATH, { method: 'POST', headers, body });
    const sending = { address: 'edge', request_id: crypto.randomUUID(), body, deadline_ms: DEADLINE_MS };
    const asked = await askOrigin(origin, request, sending);
    const { answer } = asked;
    await answer?.body?.cancel();
    if (!answer?.ok) throw new Error(`The origin was not rung: ${answer ? answer.status : asked.error}`);
  },
});
