import { AppError } from '../../domain/errors.ts';

/** One answer to all: whoever guesses does not learn whether there is a code, or an account. */
export const wrongCode = () => new AppError('code_invalid', 'This code is wrong, used or too old. Ask for a new one.');
