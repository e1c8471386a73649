/** How the list of users was left in this browser's window, so that the way back to it finds it as it was. */
import { usersPage } from '../address';

const KEY = 'footfall.users.left';

/** Keeps what the address of a datasource's list said. */
export function leaveUsers(uid: string, parameters: string[][]) {
  sessionStorage.setItem(KEY, JSON.stringify({ uid, parameters }));
}

/** The address of the list as it was left; of the whole list where it was not, or was another datasource's. */
export function backToUsers(uid: string): string {
  try {
    const left: { uid: string; parameters: string[][] } | null = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return usersPage(uid, left?.uid === uid ? left.parameters : []);
  } catch {
    return usersPage(uid);
  }
}
