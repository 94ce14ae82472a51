import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Received } from '../../dev/push/received.ts';
import { type Push, PushError, type PushPlatform, type SendPush } from '../../domain/push.ts';

/** What goes wrong on the other side. */
export type Fault =
  | 'throttles'
  | 'breaks'
  | 'refuses_us'
  | 'refuses_push'
  | 'knows_no_such_token'
  | 'is_away'
  | 'hangs'
  | 'hangs_up_after_taking';

/** A carrier under test, and the other side of it. */
export type Carrier = {
  /** To a server that takes every push. */
  send: SendPush;
  received(): Received[];
  /** To a server that does this to every push, with a deadline that a test can wait for. */
  sendWhereIt(fault: Fault): Promise<SendPush>;
  stop(): Promise<void>;
};

const SECRET = 'a secret line';
const FAMILY = '👩‍👩‍👧‍👦';

let pushes = 0;
/** A push that no other test has sent. */
export const aPush = (platform: PushPlatform, more: Partial<Push> = {}): Push => ({
  platform,
  token: randomBytes(32).toString('hex'),
  environment: 'production',
  title: 'Überfällig: 濾紙 · “Filter”',
  body: `Grüße ${FAMILY}\n${SECRET}`,
  data: { task_id: '42', residence_id: '7' },
  message_key: `reminder-${++pushes}`,
  ...more,
});

/** The `PushError` that a promise is rejected with. */
export async function pushError(promise: Promise<unknown>): Promise<PushError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PushError)) throw new Error('not refused with a PushError', { cause: error });
  return error;
}

export const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

/** What every carrier of pushes does, whatever it speaks. */
export function pushContract(name: string, platform: PushPlatform, make: () => Promise<Carrier>): void {
  describe(`push by ${name}`, () => {
    let carrier: Carrier;
    beforeAll(async () => {
      carrier = await make();
    });
    afterAll(() => carrier?.stop());

    async function delivered(more: Partial<Push> = {}): Promise<Received> {
      const push = aPush(platform, more);
      await carrier.send(push);
      const [only, ...others] = carrier.received().filter(({ token }) => token === push.token);
      if (!only || others.length > 0) throw new Error(`${others.length} pushes too many, or none`);
      return only;
    }

    test('arrives once, whole, on one device', async () => {
      const { title, body, data } = aPush(platform);
      const more = { category: 'task_due_recurring', badge: 3, thread_id: 'residence-7' } as const;
      expect(await delivered(more)).toMatchObject({ title, body, data, ...more });
      const nothing = { category: undefined, badge: undefined, thread_id: undefined };
      expect(await delivered()).toMatchObject({ title, body, data, ...nothing });
      expect(await delivered({ badge: 0 })).toMatchObject({ badge: 0 });
    });

    test('has an id', async () => {
      expect((await carrier.send(aPush(platform))).message_id).toMatch(/^\S+$/);
    });

    test('what is for the app alone is never shown', async () => {
      const data = { title: 'X', body: 'X', category: 'X', aps: 'X', task_id: '1' };
      const { title, body } = aPush(platform);
      const received = await delivered({ data, category: 'task_due' });
      expect(received).toMatchObject({ title, body, category: 'task_due', data: { task_id: '1' } });
    });

    test('a second copy takes the place of the first, another push does not', async () => {
      const token = aPush(platform).token;
      for (const message_key of ['one', 'one', 'other']) await carrier.send(aPush(platform, { token, message_key }));
      const [first, copy, other] = carrier.received().filter((received) => received.token === token);
      expect(copy?.place).toBe(first?.place);
      expect(other?.place).not.toBe(first?.place);
    });

    test('pushes about one thing take one place, however long its name', async () => {
      const about = async (collapse_key: string) => (await delivered({ collapse_key })).place;
      expect(await about(`task-${'1'.repeat(200)}`)).toBe(await about(`task-${'1'.repeat(200)}`));
      expect(await about('task-1')).not.toBe(await about('task-2'));
    });

    test('is kept as long as somebody wants it, and never longer than four weeks', async () => {
      const hour = await delivered({ expires_at: inSeconds(3600) });
      expect(Math.abs(hour.life_s - 3600)).toBeLessThan(10);
      for (const more of [{}, { expires_at: '2099-01-01T00:00:00Z' }]) {
        expect(Math.abs((await delivered(more)).life_s - 28 * 24 * 3600)).toBeLessThan(10);
      }
    });

    test('is not sent when nobody wants it any more', async () => {
      const push = aPush(platform, { expires_at: inSeconds(-1) });
      expect((await pushError(carrier.send(push))).kind).toBe('permanent');
      expect(carrier.received().map(({ token }) => token)).not.toContain(push.token);
    });

    test.each([
      ['long words', 'word '.repeat(2000)],
      ['families', FAMILY.repeat(400)],
      ['quotes', '"\\\n'.repeat(2000)],
    ])('%s are cut where nobody sees a broken character', async (_what, body) => {
      const received = await delivered({ body });
      expect(received.payload_bytes).toBeGreaterThan(4096 - 60);
      expect(received.payload_bytes).toBeLessThanOrEqual(4096);
      expect(received.body.endsWith('…')).toBe(true);
      const kept = received.body.slice(0, -1);
      const graphemes = [...new Intl.Segmenter().segment(body)].map(({ index }) => index);
      expect(body.startsWith(kept)).toBe(true);
      expect([kept.length, kept.length + 1]).toContainEqual(expect.toSatisfy((at) => graphemes.includes(at)));
    });

    test('is given up if it is too long even without its body', async () => {
      const push = aPush(platform, { data: { note: 'x'.repeat(5000) } });
      expect(await pushError(carrier.send(push))).toMatchObject({ kind: 'permanent' });
    });

    test.each([
      ['throttles', 'temporary'],
      ['breaks', 'temporary'],
      ['refuses_us', 'temporary'],
      ['refuses_push', 'permanent'],
      ['knows_no_such_token', 'gone'],
      ['hangs', 'uncertain'],
      ['hangs_up_after_taking', 'uncertain'],
    ] as const)('a server that %s makes a %s error', async (fault, kind) => {
      const send = await carrier.sendWhereIt(fault);
      const error = await pushError(send(aPush(platform)));
      expect(error).toMatchObject({ name: 'PushError', kind });
      if (kind === 'gone') expect(Date.parse(error.gone_since ?? '')).toBeLessThanOrEqual(Date.now());
      else expect(error.gone_since).toBeNull();
    });

    test('while the server is away no push is given up', async () => {
      const send = await carrier.sendWhereIt('is_away');
      expect(['temporary', 'uncertain']).toContain((await pushError(send(aPush(platform)))).kind);
    });

    test('an error tells the log neither the device nor the push', async () => {
      for (const fault of ['throttles', 'refuses_push', 'knows_no_such_token', 'hangs_up_after_taking'] as const) {
        const push = aPush(platform, { token: 'c0ffee'.repeat(11).slice(0, 64) });
        const error = await pushError((await carrier.sendWhereIt(fault))(push));
        expect(`${error} ${error.cause}`).not.toMatch(new RegExp(`c0ffee|${SECRET}|Grüße`));
      }
    });
  });
}
