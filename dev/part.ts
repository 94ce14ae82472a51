const ANSWER_DEADLINE_MS = 20_000;

/** One part of the local stack, started and answering. */
export type Part = {
  address: string;
  /** Ends this part, and nothing that it needs. */
  stop(): Promise<void>;
  /** Settles if the part ends by itself. */
  exited?: Promise<void>;
};

/** Waits until an address answers as it should; gives up at once if the part has ended. */
export async function answers(
  url: string,
  isWell: (response: Response) => boolean | Promise<boolean> = (response) => response.ok,
  { exited, init = {} }: { exited?: Promise<void>; init?: RequestInit } = {},
): Promise<void> {
  let hasEnded = false;
  exited?.then(() => {
    hasEnded = true;
  });
  const deadline = Date.now() + ANSWER_DEADLINE_MS;
  for (;;) {
    if (hasEnded) throw new Error('It ended before it answered.');
    let last: unknown;
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(2000) });
      if (await isWell(response)) return;
      last = `${response.status} ${await response.text()}`;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${url} does not answer as it should.`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
