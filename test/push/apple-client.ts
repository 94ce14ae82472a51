import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished } from 'vitest';
import { type Apple, type Behaviour, startApple, TOPIC, take } from '../../dev/push/apple.ts';
import { localCertificate } from '../../dev/push/certificate.ts';
import { type Apns, type ApnsOptions, apnsPush } from '../../origin/apns.ts';

/** This process believes the stand-in from then on. */
export async function trustApple(): Promise<void> {
  const { ca } = await localCertificate();
  setDefaultCACertificates([...getCACertificates('default'), ca]);
}
await trustApple();

/** A deadline that a test can wait for. */
export const HASTY_MS = 250;
export const MINUTE_MS = 60_000;

export const optionsFor = ({ key, url }: Apple): ApnsOptions => ({
  ...key,
  topic: TOPIC,
  urls: urls(url),
  deadline_ms: 10_000,
  now: () => new Date().toISOString(),
});

/** Closed when the test is over. */
export function apnsTo(apple: Apple, more: Partial<ApnsOptions> = {}): Apns {
  const apns = apnsPush({ ...optionsFor(apple), ...more });
  onTestFinished(apns.close);
  return apns;
}

export async function standIn(behave?: Behaviour): Promise<Apple> {
  const apple = await startApple(behave);
  onTestFinished(apple.stop);
  return apple;
}

/** The next push is taken when the test says so. */
export function holdNext(apple: Apple): { came: Promise<void>; answer(): void } {
  let answer = (): void => expect.unreachable();
  const came = new Promise<void>((resolve) => {
    apple.behave = (stream, apns_id) => {
      answer = () => take(stream, apns_id);
      resolve();
    };
  });
  return { came, answer: () => answer() };
}

/** One address for both services. */
export const urls = (url: string) => ({ production: url, sandbox: url });
