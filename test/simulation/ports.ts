import { b2Files } from '../../adapters/files.ts';
import { scryptPasswords } from '../../adapters/passwords.ts';
import type { Settings, Worker } from '../../usecases/ports.ts';
import { bucketAt } from '../files/storage.ts';

export const SETTINGS: Settings = {
  verified_only: false,
  cors_origins: [],
  admin_origins: [],
  release: 'simulation',
  signing_keys: ['a key for the simulation, and for nothing else'],
  public_url: 'https://api.example.com',
};

export const passwords = scryptPasswords({ ln: 4, r: 8, p: 1 });

/** Nobody of the simulation comes here: whoever does has found a bug. */
export const notHere = async (): Promise<never> => Promise.reject(new Error('Nobody asks for this here.'));

/** What nothing of the simulation has to do with. */
export const UNUSED: Pick<Worker, 'mailReports' | 'stores' | 'files'> = {
  mailReports: { verify: notHere, confirm: notHere },
  stores: { apple: null, google: null, stripe: null },
  files: b2Files(bucketAt('http://127.0.0.1:1')),
};
