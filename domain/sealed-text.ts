const IV_BYTES = 12;

/** Encrypts a text (AES-GCM) under a key that follows from a signing key and from what the text is for. */
export async function seal(text: string, purpose: string, signing_key: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const key = await keyFor(purpose, signing_key);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...iv, ...new Uint8Array(sealed)));
}

/** The text again, by whichever of the keys it was sealed under; null by none. */
export async function unseal(sealed: string, purpose: string, signing_keys: string[]): Promise<string | null> {
  const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
  for (const signing_key of signing_keys) {
    const key = await keyFor(purpose, signing_key);
    const opened = await open(bytes, key);
    if (opened) return new TextDecoder().decode(opened);
  }
  return null;
}

type Key = Awaited<ReturnType<typeof keyFor>>;

async function open(bytes: Uint8Array<ArrayBuffer>, key: Key): Promise<ArrayBuffer | null> {
  try {
    const iv = bytes.subarray(0, IV_BYTES);
    return await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes.subarray(IV_BYTES));
  } catch (error) {
    // What was sealed under another key does not open; anything else is no matter of keys.
    if (error instanceof Error && error.name === 'OperationError') return null;
    throw error;
  }
}

async function keyFor(purpose: string, signing_key: string) {
  const encoder = new TextEncoder();
  const base = await crypto.subtle.importKey('raw', encoder.encode(signing_key), 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(purpose) };
  return await crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
