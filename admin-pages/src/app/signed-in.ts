const KEY = 'honeydue-admin-signed-in';

/** Whether it is worth asking: the session itself is in a cookie that no script can see. */
export const seemsSignedIn = (): boolean => localStorage.getItem(KEY) !== null;

export function noteSignedIn(is: boolean): void {
  if (is) localStorage.setItem(KEY, 'yes');
  else localStorage.removeItem(KEY);
}
