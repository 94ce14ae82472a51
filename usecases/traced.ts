import type { Files } from '../domain/file.ts';
import { MailError, type SendMail } from '../domain/mail.ts';
import { PushError, type SendPush } from '../domain/push.ts';
import { type Counts, count, observe } from '../domain/telemetry/counts.ts';
import type { Meter, Ports } from './ports.ts';
import { noted } from './span.ts';

type Way = { meter: Pick<Meter, 'notes'> };

/** The ports that lead outside, each call counted and a span; whoever is asked is told of the trace. */
export const traced = <P extends Pick<Ports, 'files' | 'ring'> & Partial<Pick<Ports, 'mail' | 'push'>>>(
  ports: P,
  way: Way,
): P =>
  way.meter.notes
    ? {
        ...ports,
        files: tracedFiles(ports.files, way),
        ring: tracedRing(ports.ring, way),
        ...(ports.mail && { mail: tracedMail(ports.mail, way) }),
        ...(ports.push && { push: tracedPush(ports.push, way) }),
      }
    : ports;

function tracedFiles(files: Files, way: Way): Files {
  const call = <T>(operation: string, ask: (files: Files) => Promise<T>): Promise<T> =>
    counted(
      way,
      (counts, seconds, error) => {
        count(counts, 'storage_requests_total', { operation, result: error === null ? 'ok' : 'error' });
        observe(counts, 'storage_request_duration_seconds', { operation }, seconds);
      },
      () =>
        noted(way, `storage ${operation}`, 'client', (under) => ask(under ? (files.under?.(under) ?? files) : files)),
    );
  return {
    ...files,
    head: (...args) => call('head', ({ head }) => head(...args)),
    get: (...args) => call('get', ({ get }) => get(...args)),
    put: (...args) => call('put', ({ put }) => put(...args)),
    delete: (...args) => call('delete', (files) => files.delete(...args)),
    listVersions: (...args) => call('list_versions', ({ listVersions }) => listVersions(...args)),
    listUploads: (...args) => call('list_uploads', ({ listUploads }) => listUploads(...args)),
    abort: (...args) => call('abort', ({ abort }) => abort(...args)),
  };
}

/** The bell alone: what is rung for is worked off in its own time. */
const tracedRing =
  (ring: Ports['ring'], way: Way): Ports['ring'] =>
  (bells) =>
    counted(
      way,
      (counts, _, error) => count(counts, 'queue_sends_total', { result: error === null ? 'ok' : 'error' }),
      () => noted(way, 'ring', 'producer', () => ring(bells)),
    );

const tracedMail =
  (send: SendMail, way: Way): SendMail =>
  (mail) =>
    counted(
      way,
      (counts, seconds, error) => {
        count(counts, 'mail_sends_total', { result: resultOf(error) });
        observe(counts, 'mail_send_duration_seconds', {}, seconds);
      },
      () => noted(way, 'mail', 'client', (under) => send(mail, under)),
    );

const tracedPush =
  (send: SendPush, way: Way): SendPush =>
  (push) =>
    counted(
      way,
      (counts, seconds, error) => {
        const { platform } = push;
        count(counts, 'push_sends_total', { platform, result: resultOf(error) });
        observe(counts, 'push_send_duration_seconds', { platform }, seconds);
      },
      () => noted(way, `push ${push.platform}`, 'client', (under) => send(push, under)),
    );

function resultOf(error: unknown): string {
  if (error === null) return 'ok';
  return error instanceof MailError || error instanceof PushError ? error.kind : 'error';
}

type Say = (counts: Counts, seconds: number, error: unknown) => void;

async function counted<T>({ meter: { notes } }: Way, say: Say, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const end = (error: unknown) => notes && say(notes.counts, (performance.now() - started) / 1000, error);
  try {
    const done = await work();
    end(null);
    return done;
  } catch (error) {
    end(error);
    throw error;
  }
}
