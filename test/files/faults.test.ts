import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PART_BYTES } from '../../adapters/files/parts.ts';
import { b2Files } from '../../adapters/files.ts';
import type { Files } from '../../domain/file.ts';
import { startLocal } from '../s3/local.ts';
import type { Runtime } from './contract.ts';
import {
  busy,
  type Exchange,
  hang,
  lieAbout,
  loseAnswer,
  pass,
  reset,
  stall,
  startFaulty,
  truncate,
} from './faulty.ts';
import { startWorkerd } from './in-workerd.ts';
import { type Bucket, bucketAt, inPieces, randomBytes, read } from './storage.ts';

const TEXT = { content_type: 'text/plain' };
const IN_PARTS = PART_BYTES + 10;
const HASTY = { ask_ms: 800, send_ms: 800, idle_ms: 300 };
/** Deadlines are kept with this much to spare on a busy machine. */
const SLACK_MS = 3000;
const OUT_OF_REACH = { code: 'storage_unavailable', details: { retry_after_s: 5 } };

type Behaviour = (exchange: Exchange, number: number) => void;

faults('B2 on Node', async () => ({ b2Files, stop: async () => {} }));
faults('B2 on workerd', startWorkerd);

function faults(name: string, start: () => Promise<Runtime>): void {
  describe(`${name}, in trouble`, () => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await start();
    });
    afterAll(() => runtime.stop());

    async function behind(behave: Behaviour, more: Partial<Bucket> = {}) {
      const local = await startLocal();
      const { url, seen } = await startFaulty(local.url, behave);
      const files = runtime.b2Files(bucketAt(url, more));
      return { files, seen, truth: b2Files(bucketAt(local.url)) };
    }

    const first =
      (count: number, fault: Behaviour): Behaviour =>
      (exchange, number) =>
        (number <= count ? fault : pass)(exchange, number);

    const writes: [what: string, (files: Files) => Promise<unknown>][] = [
      ['put', (files) => files.put('document/1', randomBytes(100), TEXT)],
      ['put in parts', (files) => files.put('document/1', inPieces(randomBytes(IN_PARTS)), TEXT)],
    ];

    test.for([
      ['is busy', busy(), {}],
      ['resets', reset, {}],
      ['hangs once', first(1, hang), { ask_ms: 2000, send_ms: 2000 }],
      ['loses an answer', loseAnswer, {}],
    ] as const)('a storage that %s is asked again', async ([, fault, more]) => {
      for (const [, write] of writes) {
        const { files, truth } = await behind(first(2, fault), more);
        await write(files);
        expect(await truth.head('document/1')).not.toBeNull();
      }
      const { files, seen } = await behind(first(2, fault), more);
      expect(await files.head('document/1')).toBeNull();
      expect(seen.length).toBeGreaterThan(1);
    });

    test.for([
      ['is busy', busy()],
      ['is busy for long', busy({ 'retry-after': '30' })],
      ['resets', reset],
      ['hangs', hang],
    ] as const)(
      'a storage that %s all the time is asked three times at most, within the deadline',
      async ([, fault]) => {
        const { files, seen, truth } = await behind(fault, HASTY);
        for (const ask of [
          () => files.head('a'),
          () => files.get('a'),
          ...writes.map(
            ([, write]) =>
              () =>
                write(files),
          ),
        ]) {
          const before = seen.length;
          const start = Date.now();
          await expect(ask()).rejects.toMatchObject(OUT_OF_REACH);
          expect(Date.now() - start).toBeLessThan(HASTY.ask_ms + SLACK_MS);
          expect(seen.length - before).toBeLessThanOrEqual(3);
        }
        expect(await truth.listVersions('')).toMatchObject({ versions: [] });
      },
    );

    test('an upload whose parts fail is given up', async () => {
      const failing: Behaviour = (exchange) => (exchange.url.includes('partNumber=2') ? busy() : pass)(exchange);
      const { files, seen, truth } = await behind(failing, { send_ms: 2000 });
      const putting = files.put('document/1', inPieces(randomBytes(IN_PARTS)), TEXT);
      await expect(putting).rejects.toMatchObject(OUT_OF_REACH);
      expect(seen.at(-1)).toBe('DELETE uploadId');
      expect(await truth.listUploads('')).toMatchObject({ uploads: [] });
      expect(await truth.head('document/1')).toBeNull();
    });

    test('an upload that completed unheard is complete', async () => {
      let lost = 0;
      const deaf: Behaviour = (exchange) => {
        const isCompletion = exchange.method === 'POST' && exchange.url.includes('uploadId');
        return (isCompletion && lost++ === 0 ? loseAnswer : pass)(exchange);
      };
      const { files, seen, truth } = await behind(deaf);
      const written = await files.put('document/1', inPieces(randomBytes(IN_PARTS)), TEXT);
      expect(await truth.head('document/1')).toMatchObject({ size: IN_PARTS, version: written.version });
      expect(seen.filter((asked) => asked === 'POST uploadId')).toHaveLength(2);
      expect(seen).not.toContain('DELETE uploadId');
    });

    test('a failure that begins with 200 is a failure', async () => {
      const failing: Behaviour = (exchange) => {
        if (exchange.method !== 'POST' || !exchange.url.includes('uploadId')) return pass(exchange);
        exchange.response.writeHead(200).end('<Error><Code>InternalError</Code></Error>');
      };
      const { files, truth } = await behind(failing);
      const putting = files.put('document/1', inPieces(randomBytes(IN_PARTS)), TEXT);
      await expect(putting).rejects.toMatchObject(OUT_OF_REACH);
      expect(await truth.listUploads('')).toMatchObject({ uploads: [] });
    });

    test('a file that is not as long as what was sent is taken away', async () => {
      const lying: Behaviour = (exchange) =>
        (exchange.method === 'HEAD' ? lieAbout('content-length', '7') : pass)(exchange);
      const { files, truth } = await behind(lying);
      const putting = files.put('document/1', inPieces(randomBytes(IN_PARTS)), TEXT);
      await expect(putting).rejects.toMatchObject(OUT_OF_REACH);
      expect(await truth.listVersions('')).toMatchObject({ versions: [] });
    });

    test.for([
      ['breaks off', truncate],
      ['stalls', stall],
    ] as const)('a body that %s is never taken for the whole', async ([, fault]) => {
      const { files, truth } = await behind(fault, HASTY);
      await truth.put('document/1', randomBytes(100_000), TEXT);
      const start = Date.now();
      const got = await files.get('document/1');
      await expect(read(got?.body ?? null)).rejects.toThrow();
      expect(Date.now() - start).toBeLessThan(HASTY.ask_ms + HASTY.idle_ms + SLACK_MS);
    });

    test('of what is listed only what was meant is deleted', async () => {
      const { files, seen, truth } = await behind(pass);
      for (const key of ['document/1', 'document/1', 'document/10']) await truth.put(key, randomBytes(1), TEXT);
      await files.delete('document/1');
      // By version alone; a slow storage may be asked again.
      expect(new Set(seen.filter((asked) => asked.startsWith('DELETE')))).toEqual(new Set(['DELETE versionId']));
      expect(await files.head('document/1')).toBeNull();
      expect(await files.head('document/10')).not.toBeNull();
    });

    test('a listing that makes no sense is no listing', async () => {
      const answers = ['', '<html></html>', '<IsTruncated>false</IsTruncated><Version><Key>a</Key></Version>'];
      for (const answer of answers) {
        const { files } = await behind(({ response }) => void response.writeHead(200).end(answer));
        await expect(files.listVersions('')).rejects.toMatchObject(OUT_OF_REACH);
      }
    });

    test('nothing is signed that a proxy may change', async () => {
      const signed = new Set<string>();
      const { files } = await behind((exchange) => {
        const names = /SignedHeaders=([^,]+)/.exec(exchange.headers.authorization ?? '')?.[1];
        for (const name of names?.split(';') ?? []) signed.add(name);
        exchange.forward();
      });
      await files.put('document/1', inPieces(randomBytes(IN_PARTS)), TEXT);
      await read((await files.get('document/1', { range: 'bytes=0-5' }))?.body ?? null);
      await files.delete('document/1');
      expect([...signed].sort()).toEqual(['host', 'x-amz-content-sha256', 'x-amz-date']);
    });
  });
}
