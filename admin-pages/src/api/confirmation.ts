type Ask = () => Promise<boolean>;

let ask: Ask = async () => false;

/** Says who they are once more; answers whether they did. */
export const askForConfirmation = (): Promise<boolean> => ask();

/** For the dialog that asks (app/confirmation-dialog.tsx). */
export function answerConfirmationsBy(dialog: Ask): void {
  ask = dialog;
}
