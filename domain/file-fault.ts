import * as z from 'zod';
import { AppError, type ErrorCode } from './errors.ts';

/** What only reading all of a file shows. */
export const FaultCode = z.enum([
  'missing',
  'sha256_mismatch',
  'file_size_mismatch',
  'file_damaged',
  'file_too_complex',
  'too_slow',
  'pdf_encrypted',
  'image_too_large',
]);
export type FaultCode = z.infer<typeof FaultCode>;

/** In answers: why nobody else can read a file yet, and will not until it is uploaded again. */
export const fileFault = () =>
  z
    .string()
    .nullable()
    .describe('What is wrong with it, as a code; until it is uploaded again only its uploader reads it');

/** Something is wrong with a file itself: whoever tries again finds the same. Its row keeps the code. */
export class FileFault extends Error {
  readonly code: FaultCode;
  constructor(code: FaultCode, message: string) {
    super(message);
    this.name = 'FileFault';
    this.code = code;
  }
}

/** The code, if a file is to blame for an error; null if something else is, which may be over soon. */
export function faultIn(error: unknown): FaultCode | ErrorCode | null {
  if (error instanceof FileFault) return error.code;
  const isOfFile = error instanceof AppError && (/^(file|image)_/.test(error.code) || error.code === 'too_large');
  return isOfFile ? error.code : null;
}
