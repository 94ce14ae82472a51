import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { expect } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import * as z from 'zod';
import type { b2Files } from '../../adapters/files.ts';
import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { Files, ReadFile, WrittenFile } from '../../domain/file.ts';
import type { receive } from '../../domain/incoming-file.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SCRIPT = `
  import { b2Files } from './adapters/files.ts';
  import { receive } from './domain/incoming-file.ts';
  export default {
    async fetch(request) {
      const { bucket, call, input } = JSON.parse(decodeURIComponent(request.headers.get('x-call')));
      const files = b2Files(bucket);
      try {
        if (call === 'upload') {
          const { content_type, body } = await receive(request.body, input[1]);
          return Response.json(await files.put(input[0], body, { content_type }));
        }
        if (call === 'put') return Response.json(await files.put(input[0], request.body ?? new Uint8Array(0), input[1]));
        const answer = await files[call](...input);
        if (call !== 'get' || !answer) return Response.json({ answer: answer ?? null });
        const { body, ...told } = answer;
        return new Response(body, { headers: { 'x-told': encodeURIComponent(JSON.stringify(told)) } });
      } catch (error) {
        if (error.name !== 'AppError') throw error;
        const { code, message, details } = error;
        return Response.json({ code, message, details, why: String(error.cause) }, { status: 418 });
      }
    },
  };`;

const Refusal = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === 'string'),
  message: z.string(),
  details: z.object({ retry_after_s: z.number() }).partial(),
  why: z.string(),
});

/** The adapter as workerd runs it; here stays only what carries questions in and answers out. */
export async function startWorkerd() {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    external: ['node:*'],
    conditions: ['workerd', 'worker', 'browser'],
  });
  const before = workerds();
  const { compatibility_date = '', compatibility_flags } = unstable_readConfig({ config: `${ROOT}/wrangler.toml` });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: 'ESModule', path: 'files.js', contents: outputFiles[0]?.text ?? '' }],
      compatibilityDate: compatibility_date,
      compatibilityFlags: compatibility_flags,
      cf: false,
    }),
  );
  const { href } = await miniflare.ready;
  const [pid] = workerds().filter((id) => !before.includes(id));

  type Written = Promise<WrittenFile>;
  type Upload = {
    upload(key: string, body: AsyncIterable<Uint8Array>, claims: Parameters<typeof receive>[1]): Written;
  };

  const filesThere = (bucket: Parameters<typeof b2Files>[0]): Files & Upload => {
    async function ask(call: keyof Files | 'upload', input: unknown[], body?: NonNullable<RequestInit['body']>) {
      const told = encodeURIComponent(JSON.stringify({ bucket, call, input }));
      // Miniflare compresses for whoever can read it.
      const headers = { 'x-call': told, 'accept-encoding': 'identity' };
      const response = await fetch(href, { method: 'POST', headers, ...(body && { body, duplex: 'half' }) });
      if (response.status !== 418) return response;
      const { code, message, details, why } = Refusal.parse(await response.json());
      throw new AppError(code, message, details, new Error(why));
    }
    // What is on the other side of the wire has the same types.
    const answer = async <T>(call: keyof Files, input: unknown[]): Promise<T> =>
      z.object({ answer: z.custom<T>() }).parse(await (await ask(call, input)).json()).answer;
    return {
      presignPut: (put) => answer('presignPut', [put]),
      presignGet: (get) => answer('presignGet', [get]),
      head: (...input) => answer('head', input),
      delete: (...input) => answer('delete', input),
      listVersions: (...input) => answer('listVersions', input),
      listUploads: (...input) => answer('listUploads', input),
      abort: (...input) => answer('abort', input),
      async upload(key, body, claims) {
        const written = await ask('upload', [key, claims], ReadableStream.from(body));
        return z.custom<WrittenFile>().parse(await written.json());
      },
      async put(key, body, file) {
        const sent = body instanceof Uint8Array ? new Uint8Array(body) : ReadableStream.from(body);
        return z.custom<WrittenFile>().parse(await (await ask('put', [key, file], sent)).json());
      },
      async get(...input) {
        const response = await ask('get', input);
        const told = response.headers.get('x-told');
        if (told === null) return z.object({ answer: z.null() }).parse(await response.json()).answer;
        const read = z.custom<Omit<ReadFile, 'body'>>().parse(JSON.parse(decodeURIComponent(told)));
        if (read.status === 416) return { ...read, body: null };
        // Whoever saves a file wants to see how much of it is still to come.
        expect(response.headers.get('content-length')).toBe(String(read.length));
        return { ...read, body: response.body };
      },
    };
  };
  if (pid === undefined) throw new Error('Miniflare started no workerd.');
  return { b2Files: filesThere, pid, stop: () => miniflare.dispose() };
}

/** The ids of the workerd processes that this one has started. */
export function workerds(): number[] {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm=']).toString();
  return processes.split('\n').flatMap((line) => {
    const [pid, parent, name = ''] = line.trim().split(/\s+/);
    return parent === String(process.pid) && /(^|\/)workerd$/.test(name) ? [Number(pid)] : [];
  });
}
