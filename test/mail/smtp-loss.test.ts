import { createServer, type Socket } from 'node:net';
import getPort from 'get-port';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { smtpMail } from '../../origin/smtp.ts';
import { aMail, mailError } from './contract.ts';
import { anInbox, HASTY, options, unknown } from './smtp-inbox.ts';

describe('where a connection ends', () => {
  /** A server by hand: its answers in their order, then what it does instead of the next. */
  async function startScript(answers: string[], then: (socket: Socket) => void): Promise<string> {
    const server = createServer((socket) => {
      const left = [...answers];
      const next = () => {
        const line = left.shift();
        if (line === undefined) then(socket);
        else socket.write(`${line}\r\n`);
      };
      socket.on('error', () => {}).on('data', next);
      next();
    });
    const port = await getPort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    return `smtp://127.0.0.1:${port}`;
  }
  const hangUp = (socket: Socket): void => {
    socket.destroy();
  };
  const reset = (socket: Socket): void => {
    socket.resetAndDestroy();
  };
  const halfAnAnswer = (socket: Socket): void => {
    socket.end('25');
  };
  const hang = (): void => {};
  const UP_TO_DATA = ['220 mx', '250 mx', '250 sender', '250 reader'];

  test.each([
    ['before the greeting', [], hangUp, 'temporary'],
    ['at MAIL FROM', ['220 mx', '250 mx'], hangUp, 'temporary'],
    ['at DATA', UP_TO_DATA, reset, 'temporary'],
    ['in the mail', [...UP_TO_DATA, '354 go on'], hangUp, 'uncertain'],
    ['in the mail, reset', [...UP_TO_DATA, '354 go on'], reset, 'uncertain'],
    ['with half an answer', [...UP_TO_DATA, '354 go on'], halfAnAnswer, 'uncertain'],
    ['with an answer of another language', ['HTTP/1.1 400 Bad Request'], hangUp, 'temporary'],
  ] as const)('%s', async (_when, answers, then, kind) => {
    const url = await startScript([...answers], then);
    expect((await mailError(smtpMail(options(url))(aMail()))).kind).toBe(kind);
  });

  test.each([
    ['before the greeting', [], 'temporary'],
    ['at DATA', UP_TO_DATA, 'temporary'],
    ['in the mail', [...UP_TO_DATA, '354 go on'], 'uncertain'],
  ] as const)('a server that falls silent %s is left at the deadline', async (_when, answers, kind) => {
    const url = await startScript([...answers], hang);
    expect((await mailError(smtpMail(options(url, HASTY))(aMail()))).kind).toBe(kind);
  });

  test.each([
    ['instead of the greeting', [], 'temporary'],
    ['after the mail', [...UP_TO_DATA, '354 go on'], 'uncertain'],
  ] as const)('a server that goes on and on %s is left at the deadline', async (_when, answers, kind) => {
    const url = await startScript([...answers], (socket) => {
      const timer = setInterval(() => socket.write('250-wait\r\n'), 20);
      socket.once('close', () => clearInterval(timer));
    });
    expect((await mailError(smtpMail(options(url, HASTY))(aMail()))).kind).toBe(kind);
  });

  test('a mail that went leaves no connection behind, nor does one that did not', async () => {
    const inbox = await anInbox();
    await smtpMail(options(inbox.url))(aMail());
    await vi.waitUntil(() => inbox.sockets.size === 0);
    const other = await anInbox(() => ({ onRcptTo: ({ address }, _session, done) => done(unknown(address)) }));
    await mailError(smtpMail(options(other.url))(aMail()));
    await vi.waitUntil(() => other.sockets.size === 0);
  });
});
