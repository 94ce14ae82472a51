import { Decrypter, Encrypter } from 'age-encryption';

/** For one reader: what comes out opens with the other half of the recipient's key, by `age --decrypt` as well. */
export async function seal(body: AsyncIterable<Uint8Array>, recipient: string): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return await encrypter.encrypt(ReadableStream.from(body));
}

/** Errors where the file was changed or breaks off. */
export async function unseal(body: ReadableStream<Uint8Array>, identity: string): Promise<ReadableStream<Uint8Array>> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return await decrypter.decrypt(body);
}
