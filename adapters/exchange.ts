type Limits = { deadline_ms: number; max_bytes: number };

/** One try at somebody else's API: deadline and size hold for the whole answer, redirects are not followed. */
export async function exchange(
  url: string,
  init: RequestInit,
  limits: Limits,
): Promise<{ status: number; headers: Headers; text: string }> {
  const signal = AbortSignal.timeout(limits.deadline_ms);
  const response = await fetch(url, { ...init, redirect: 'manual', signal });
  return { status: response.status, headers: response.headers, text: await readText(response, limits.max_bytes) };
}

async function readText(response: Response, max_bytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > max_bytes) throw new Error(`An answer is longer than ${max_bytes} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
