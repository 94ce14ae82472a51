import { AppError } from '../errors.ts';

/** For a file that is of its kind by its first bytes and then does not keep to it. */
export const damaged = (): AppError => new AppError('file_damaged', 'The file is damaged or cut off.');
