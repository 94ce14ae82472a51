import { lazy, Suspense, useEffect, useState } from 'react';
import { answerConfirmationsBy } from '../api/confirmation';

// Seldom needed.
const ConfirmationForm = lazy(() =>
  import('../forms/confirmation-form').then((form) => ({ default: form.ConfirmationForm })),
);

/** Asks for password and code once more before what destroys; the API says when. */
export function ConfirmationDialog() {
  const [waiting, setWaiting] = useState<{ answer(isConfirmed: boolean): void }>();
  useEffect(() => answerConfirmationsBy(() => new Promise((answer) => setWaiting({ answer }))), []);
  const settle = (isConfirmed: boolean) => {
    waiting?.answer(isConfirmed);
    setWaiting(undefined);
  };
  return <Suspense>{waiting && <ConfirmationForm onSettled={settle} />}</Suspense>;
}
