/** What is wrong with what was sent, and will be with every try. */
const NEVER = new Set([400, 413, 422]);

/** One try at a sink, whose answer nobody reads. False: it will never take this; rejects: perhaps later. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal,
  });
  await response.body?.cancel();
  if (!response.ok && !NEVER.has(response.status)) throw new Error(`A sink answered ${response.status}.`);
  return response.ok;
}
